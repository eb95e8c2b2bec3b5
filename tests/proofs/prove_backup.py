"""A backup taken under load and put back elsewhere has all that was acknowledged before it.

On both engines, by ``./run backup`` and ``./run restore``. After the copy the load goes on, then
the first machine is lost. What was answered after the copy began may be gone: the checker takes it
for unanswered. What a phone remembers of the old streams must resume nothing: they have gone back,
and have a new epoch.
"""

import asyncio
import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import msgspec

from tests.adversity.history.book import read
from tests.adversity.history.checker import check
from tests.adversity.history.ladder import PATIENT
from tests.adversity.history.lines import (
    Broken,
    Fault,
    Joined,
    Line,
    Operation,
    Phase,
    What,
)
from tests.proofs.engines import backups
from tests.proofs.engines.figures import acknowledged
from tests.proofs.engines.house import ENVIRONMENT, Size, house, load
from tests.proofs.engines.people import PLACE
from tests.proofs.engines.reading import read_back
from tests.proofs.table import Table
from tests.support.postgres import Postgres
from tests.support.raw_client import talking
from tests.support.server import ServerProcess

FULL_SIZE, REDUCED_SIZE = Size(2, 10, 12), Size(1, 6, 4)
#: Commands acknowledged before the copy, and after it.
FULL, REDUCED = 2_000, 20
#: Remembered places tried on the restored server.
PLACES = 50


@dataclass(frozen=True, slots=True)
class Restored:
    engine: str
    #: Acknowledged before the copy was begun, and in all.
    before: int
    total: int
    copy_s: float
    broken: list[Broken]
    after: "After"


@dataclass(frozen=True, slots=True)
class After:
    """How the restored server treats people."""

    #: Phones that came back with a place of before, and those who were told to resume from it.
    returned: int
    resumed: int
    #: A new request is recorded.
    works: bool


def main(seed: int, reduced: bool) -> Table:
    return asyncio.run(_prove(seed, reduced=reduced))


async def _prove(seed: int, *, reduced: bool) -> Table:
    table = Table(
        "A backup under load, put back elsewhere",
        ("engine", "acknowledged before", "in all", "copied in, s", "broken", "resumed wrongly"),
    )
    postgres = Postgres()
    try:
        postgres.start()
        turn = asyncio.Lock()
        # SQLite has a test of its own (``tests/scenarios``): what is reduced is this.
        engines = [postgres] if reduced else [None, postgres]
        done = await asyncio.gather(
            *(_lost_and_put_back(seed, it, turn, reduced=reduced) for it in engines)
        )
    finally:
        postgres.close()
    for it in done:
        wrongly = f"{it.after.resumed} of {it.after.returned}"
        table.add(it.engine, it.before, it.total, it.copy_s, len(it.broken), wrongly)
        for line in it.broken[:10]:
            table.note(f"{it.engine}: {line}")
        table.require(f"{it.engine}: all of {it.before} is there, whole", not it.broken)
        table.require(f"{it.engine}: there was something to lose", 0 < it.before < it.total)
        table.require(f"{it.engine}: nobody resumes in the wrong streams", it.after.resumed == 0)
        table.require(f"{it.engine}: places of before were tried", it.after.returned > 0)
        table.require(f"{it.engine}: a new request is recorded", it.after.works)
    return table


async def _lost_and_put_back(
    seed: int, postgres: Postgres | None, turn: asyncio.Lock, *, reduced: bool
) -> Restored:
    enough = REDUCED if reduced else FULL
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        old, new, copy = folder / "old", folder / "new", folder / "copy"
        old.mkdir()
        database = postgres.new_database() if postgres else ""
        async with house(old, database=database, turn=turn) as at:
            async with load(at, seed, REDUCED_SIZE if reduced else FULL_SIZE):
                await at.hears(enough)
                began = time.time()
                await asyncio.to_thread(backups.copy, old / "data", database, copy)
                copied = time.time()
                await at.hears(enough)
            lines = read(at.books)
            lost = time.time()
            at.hubs[0].server.kill()
        # Keys are kept apart from the database, and put back apart from it.
        shutil.copytree(old / "data" / "keys", new / "keys")
        restored = postgres.new_database() if postgres else ""
        await asyncio.to_thread(backups.put_back, new, restored, copy)
        server = ServerProcess(new, database=restored or None, environment=ENVIRONMENT)
        await server.start()
        try:
            outage = Fault(began, time.time(), "lost")
            inside = restored or f"sqlite:///{new / 'entraide.db'}"
            history = [*as_of(lines, began), outage]
            found = await read_back(server.url, inside, lines)
            return Restored(
                engine="PostgreSQL" if postgres else "SQLite",
                before=acknowledged(history),
                total=acknowledged([it for it in lines if it.at < lost]),
                copy_s=copied - began,
                broken=check(
                    sorted(history, key=lambda it: it.at), found, PATIENT if reduced else None
                ),
                after=await _come_back(server, lines),
            )
        finally:
            server.kill()


def as_of(lines: Sequence[Line], moment: float) -> list[Line]:
    """What may be held against a copy begun at that moment: what was answered later is unknown."""
    kept: list[Line] = []
    for line in lines:
        if line.at <= moment:
            kept.append(line)
        elif isinstance(line, Operation):
            unknown = line.phase if line.phase is not Phase.OK else Phase.INFO
            kept.append(msgspec.structs.replace(line, phase=unknown))
    return kept


async def _come_back(server: ServerProcess, lines: Sequence[Line]) -> After:
    """Phones that know a place of before the loss; and somebody asks for help."""
    tokens = {
        it.who: it.token
        for it in lines
        if isinstance(it, Operation) and it.what is What.RAISE and it.token
    }
    places = {
        it.who: it
        for it in lines
        if isinstance(it, Joined) and it.who in tokens and it.channel.startswith("me:")
    }
    returned = resumed = 0
    async with aiohttp.ClientSession(server.url) as web:
        for who, place in list(places.items())[:PLACES]:
            answer = await _greeted(server.port, web, tokens[who], place)
            if answer is not None:
                returned += 1
                resumed += bool(answer.get("recovered")) or answer["epoch"] == place.epoch
        works = await _asks_for_help(web)
    return After(returned, resumed, works)


async def _greeted(
    port: int, web: aiohttp.ClientSession, token: str, place: Joined
) -> dict[str, object] | None:
    """What a phone that comes back is told of its own channel; None: its session is not known."""
    headers = {"Authorization": f"Bearer {token}"}
    async with web.post("/api/session/ticket", json={}, headers=headers) as got:
        if got.status != 200:
            return None
        ticket = (await got.json())["ticket"]
    since = {"recover": True, "epoch": place.epoch, "offset": place.offset}
    async with talking(port) as phone, asyncio.timeout(30):
        hello = {"token": ticket, "subs": {place.channel: since}}
        phone.say(json.dumps({"id": 1, "connect": hello}))
        told: dict[str, object] = json.loads(await phone.heard())["connect"]["subs"][place.channel]
        return told


async def _asks_for_help(web: aiohttp.ClientSession) -> bool:
    async with web.post("/api/session", json={}) as got:
        token = (await got.json())["token"]
    raising = {"id": f"after-{token[:20]}", "kind": "followed", "mode": "public", "place": PLACE}
    headers = {"Authorization": f"Bearer {token}"}
    async with web.post("/api/help/raise", json=raising, headers=headers) as got:
        return got.status == 200 and (await got.json())["state"] == "recorded"
