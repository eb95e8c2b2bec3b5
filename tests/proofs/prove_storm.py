"""Everybody comes back at once, and the first who asks for help is answered within two seconds.

Phones on real sockets in another process, with a session and a fresh ticket each, are cut off at
one moment and come back at once, half to each of two hubs. Meanwhile people ask for help: over
HTTP, and as a page does that comes back itself (ticket, socket, command).
"""

import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from centrifuge import CentrifugeError, Client

from tests.proofs.engines.figures import percentile
from tests.proofs.engines.house import WITH_US, House, house
from tests.proofs.table import Table
from tests.support.postgres import Postgres
from tests.support.redis_servers import redis_alone
from tests.support.server import ROOT

FULL, REDUCED = 5_000, 300
#: Requests for help while all come back: the first at once, then one after another.
ASKING = 20
EVERY_S = 0.25
FIRST_WITHIN_S = 2.0
BACK_WITHIN_S = 120.0
PLACE = {"lat": 48.857, "lon": 2.352, "accuracy_m": 20}


@dataclass(slots=True)
class Storm:
    phones: int
    back_s: float = 0.0
    refused: int = 0
    #: Seconds until the first who asked read "recorded".
    first_s: float = 0.0
    #: The same, for all with a session, and for those who had to come back first.
    asked: list[float] = field(default_factory=list)
    returned: list[float] = field(default_factory=list)
    #: Tries that were refused, or that nobody answered.
    asked_again: int = 0


def main(seed: int, reduced: bool) -> Table:
    del seed  # the jitter of real phones is not ours to choose
    return asyncio.run(_prove(REDUCED if reduced else FULL, reduced=reduced))


async def _prove(count: int, *, reduced: bool) -> Table:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        people = count + 2 * ASKING
        if reduced:
            # One small server: what it costs to start the others is not what is tried here.
            standing = house(folder, citizens=people)
        else:
            postgres = Postgres()
            stack.callback(postgres.close)
            postgres.start()
            redis = stack.enter_context(redis_alone())
            standing = house(
                folder,
                database=postgres.new_database(),
                broker=redis.url,
                hubs=2,
                citizens=people,
            )
        async with standing as at:
            storm = await _storm(at, at.citizens, count)
    return _told(storm, reduced=reduced)


async def _storm(at: House, people: list[str], count: int) -> Storm:
    file = at.folder / "tokens"
    file.write_text("\n".join(people[:count]))
    storm = Storm(count)
    async with _phones(at, file) as program, aiohttp.ClientSession() as web:
        assert program.stdout is not None
        assert program.stdin is not None
        ready = (await program.stdout.readline()).split()
        if ready != [b"ready", b"%d" % count]:
            raise RuntimeError("the phones did not connect")
        program.stdin.write(b"storm\n")
        # The first asks in the same moment; the others while the storm goes on.
        asking = asyncio.create_task(_ask(at, web, people[count:], storm))
        _, took, refused = (await program.stdout.readline()).split()
        storm.back_s, storm.refused = float(took), int(refused)
        await asking
    return storm


@asynccontextmanager
async def _phones(at: House, file: Path) -> AsyncGenerator[asyncio.subprocess.Process]:
    ports = [str(hub.server.port) for hub in at.hubs]
    program = await asyncio.create_subprocess_exec(
        *(*WITH_US, sys.executable, "-m", "tests.proofs.storm.phones", str(file), *ports),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield program
    finally:
        with contextlib.suppress(ProcessLookupError):
            program.kill()
        await program.wait()


async def _ask(at: House, web: aiohttp.ClientSession, people: list[str], storm: Storm) -> None:
    async with asyncio.TaskGroup() as group:
        for number in range(ASKING):
            hub = at.hubs[number % len(at.hubs)].server
            one, other = people[2 * number : 2 * number + 2]
            group.create_task(_asked(web, hub.url, one, storm, first=number == 0))
            group.create_task(_raise_coming_back(web, hub.url, hub.socket_url, other, storm))
            await asyncio.sleep(EVERY_S)


async def _asked(
    web: aiohttp.ClientSession, url: str, token: str, storm: Storm, *, first: bool
) -> None:
    seconds = await _raise_by_http(web, url, token, storm)
    storm.asked.append(seconds)
    if first:
        storm.first_s = seconds


def _request(token: str) -> dict[str, object]:
    return {"id": f"storm-{token[:16]}", "kind": "followed", "mode": "public", "place": PLACE}


async def _raise_by_http(web: aiohttp.ClientSession, url: str, token: str, storm: Storm) -> float:
    began = time.monotonic()
    headers = {"Authorization": f"Bearer {token}"}
    while True:
        with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
            async with web.post(
                f"{url}/api/help/raise", json=_request(token), headers=headers
            ) as got:
                if got.status == 200 and (await got.json())["state"] == "recorded":
                    return time.monotonic() - began
        storm.asked_again += 1
        await asyncio.sleep(0.2)


async def _raise_coming_back(
    web: aiohttp.ClientSession, url: str, socket_url: str, token: str, storm: Storm
) -> None:
    """As a page that was cut off too: it fetches a ticket, opens its socket, and asks on it."""
    began = time.monotonic()
    headers = {"Authorization": f"Bearer {token}"}

    async def ticket() -> str:
        async with web.post(f"{url}/api/session/ticket", json={}, headers=headers) as got:
            got.raise_for_status()
            return str((await got.json())["ticket"])

    client = Client(socket_url, get_token=ticket, min_reconnect_delay=0.5)
    await client.connect()
    while True:
        with contextlib.suppress(CentrifugeError, TimeoutError):
            answer = await client.rpc("help.raise", _request(token))
            if answer.data["state"] == "recorded":
                break
        await asyncio.sleep(0.2)
    storm.returned.append(time.monotonic() - began)
    await client.disconnect()


def _told(storm: Storm, *, reduced: bool) -> Table:
    table = Table("Everybody comes back at once", ("what", "figure"))
    first = storm.first_s
    table.add("phones cut off at one moment", storm.phones)
    table.add("all are back after, s", storm.back_s)
    table.add("back a second", storm.phones / storm.back_s)
    table.add("greetings refused or given up, and tried again", storm.refused)
    table.add("the first request for help, recorded after, s", first)
    table.add("requests meanwhile, half of them within, s", percentile(storm.asked, 0.5))
    table.add("the slowest of them, s", max(storm.asked))
    table.add("requests that had to be asked again", storm.asked_again)
    table.add(
        "requests by pages that came back first, half within, s", percentile(storm.returned, 0.5)
    )
    table.add("the slowest of them, s", max(storm.returned))
    table.require("everybody is back", storm.back_s > 0)
    table.require("every request was recorded", len(storm.asked) == len(storm.returned) == ASKING)
    say = table.aim if reduced else table.require
    say(f"the first within {FIRST_WITHIN_S:.0f} s", first <= FIRST_WITHIN_S)
    say(f"all back within {BACK_WITHIN_S:.0f} s", storm.back_s <= BACK_WITHIN_S)
    return table
