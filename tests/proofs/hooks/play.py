"""A hub and a receiver as processes, both killed at random moments; people who report meanwhile."""

import asyncio
import contextlib
import itertools
import os
import random
import signal
import sqlite3
import subprocess
import sys
from base64 import b64decode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from geo.transit import importing as transit
from tests.proofs.hooks.checking import Heard, Verdict, judge, read_log
from tests.proofs.hooks.line import NETWORK, line_id, write_gtfs
from tests.support.inward import Quiet, quiet
from tests.support.ports import unused_port
from tests.support.server import ROOT, ServerProcess
from web.access.vocabulary import Role
from web.bootstrap import open_durable
from web.chores import make_tokens
from web.settings import Settings

#: A message that fails is tried again within a minute; a hub that was killed, once it is back.
LEFT_S = 400.0
#: Longest life of a process between two kills; the shortest is nothing at all.
LONGEST_LIFE_S = 4.0
#: Nobody does more than one thing at a time, and reports are grouped by line and direction.
EVENTS_OF_ONE = 6


@dataclass(frozen=True, slots=True)
class Size:
    events: int
    #: Changes of each event after its first report.
    changes: int
    hub_kills: int
    receiver_kills: int


@dataclass(slots=True)
class Outcome:
    verdict: Verdict
    heard: list[Heard]
    events: int
    written: int
    acknowledged: int
    #: Reports and endings that were acknowledged, and that the network never took.
    untold: list[str]
    left: int
    inward: list[str]
    #: Messages that the hub had let go, and that nobody had taken, at some moment.
    early: int
    hub_kills: int
    receiver_kills: int


class ReceiverProcess:
    def __init__(self, folder: Path, chance: random.Random, inward: list[str]) -> None:
        self.port = unused_port()
        self.log = folder / "receiver.jsonl"
        self._chance = chance
        self._inward = inward
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def start(self) -> None:
        command = [
            sys.executable, "-m", "tests.proofs.hooks.receiver", "--port", str(self.port),
            "--log", str(self.log), "--seed", str(self._chance.random()).replace("0.", "")[:9],
            *(word for it in self._inward for word in ("--inward", it)),
        ]  # fmt: skip
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
        )
        stdout = self._process.stdout
        assert stdout is not None
        if await asyncio.to_thread(stdout.readline) != b"ready\n":
            raise RuntimeError("the receiver did not start")

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None


@dataclass(slots=True)
class People:
    """Whoever reports: they repeat what was not answered, as a phone does."""

    hub: ServerProcess
    http: httpx2.AsyncClient
    words: list[str]
    acknowledged: int = 0
    alerts: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def ask(self, who: str, method: str, **fields: object) -> dict[str, object]:
        while True:
            try:
                answer = await self.http.post(
                    f"{self.hub.url}/api/{method.replace('.', '/')}",
                    json=fields,
                    headers={"authorization": f"Bearer {who}"},
                )
            except httpx2.HTTPError:
                await asyncio.sleep(0.1)
                continue
            if answer.status_code == 200:
                found: dict[str, object] = answer.json()
                return found
            if answer.status_code not in {429, 500, 503}:
                raise AssertionError(f"{method}: {answer.status_code} {answer.text}")
            await asyncio.sleep(0.2)

    async def event(self, number: int, changes: int, chance: random.Random) -> None:
        who = self.words[number // EVENTS_OF_ONE]
        line, direction = divmod(number, 2)
        made = await self.ask(
            who, "witness.report", id=f"report-{number:06d}", kind="followed", line=line_id(line),
            direction=direction, **{"as": "witness"},
        )  # fmt: skip
        alert = str(made["alert"])
        self.alerts.add(alert)
        self.acknowledged += 1
        for change in range(changes):
            await asyncio.sleep(chance.uniform(0, 0.5))
            await self.ask(who, "witness.update", alert=alert, car=f"{change + 1}")
            self.acknowledged += 1
        await self.ask(who, "witness.cancel", alert=alert)
        self.ended.add(alert)
        self.acknowledged += 1


async def played(folder: Path, seed: int, size: Size) -> Outcome:
    chance = random.Random(seed)
    lines, many = (size.events + 1) // 2, -(-size.events // EVENTS_OF_ONE)
    data = folder / "data"
    loopback = {"ENTRAIDE_HOOK_LOOPBACK": "1", "ENTRAIDE_SESSION_BURST": "100000"}
    words, admin = await settled(folder, data, lines, many)
    async with quiet() as inward, httpx2.AsyncClient(timeout=10) as http:
        hub = ServerProcess(data, environment=loopback)
        receiver = ReceiverProcess(folder, chance, addresses(inward))
        await receiver.start()
        await hub.start()
        try:
            people = People(hub, http, words)
            key = await hooked(people, admin, receiver.url)
            early: list[str] = []
            async with (
                watched(data, receiver.log, key, early),
                killing(hub, receiver, chance, size) as kills,
            ):
                await asyncio.gather(
                    *(people.event(it, size.changes, chance) for it in range(size.events))
                )
            left = await until_told(people, admin)
        finally:
            hub.kill()
            receiver.kill()
        heard = read_log(receiver.log, key)
        written = written_in(data)
        taken = {(it.alert, it.type) for it in heard if it.taken}
        untold = sorted(
            {f"{it}: report" for it in people.alerts if (it, "opened") not in taken}
            | {f"{it}: end" for it in people.ended if (it, "ended") not in taken}
        )
        return Outcome(
            verdict=judge(heard, written),
            heard=heard,
            events=len(written),
            written=sum(written.values()),
            acknowledged=people.acknowledged,
            untold=untold,
            left=left,
            inward=list(inward.heard),
            early=len(early),
            hub_kills=kills[0],
            receiver_kills=kills[1],
        )


async def settled(folder: Path, data: Path, lines: int, many: int) -> tuple[list[str], str]:
    """Before anybody serves: the network is imported, and people have their words."""
    await asyncio.to_thread(write_gtfs, folder / "gtfs", lines)
    settings = Settings.read(data_dir=data, demo=False)
    async with open_durable(settings) as durable:
        await transit.load_gtfs(folder / "gtfs", durable.ledger, network=NETWORK)
        words = [
            it.reveal() async for it in make_tokens(durable, Role.CITIZEN, tier=None, count=many)
        ]
        (admin,) = [
            it.reveal() async for it in make_tokens(durable, Role.ADMIN, tier=None, count=1)
        ]
    return words, admin


def addresses(inward: Quiet) -> list[str]:
    """Where redirects lead: to listeners of ours, and to what clouds answer from inside."""
    return [
        *(inward.url(it, "/hook") for it in inward.ports),
        "http://169.254.169.254/latest/meta-data/", "http://[::1]:1/", "http://localhost:1/",
    ]  # fmt: skip


async def hooked(people: People, admin: str, url: str) -> bytes:
    made = await people.ask(
        admin, "network.set", id="set-000001", network=NETWORK, name="Essai", call="17", sms="114",
        hook=url,
    )  # fmt: skip
    return b64decode(str(made["key"]))


@asynccontextmanager
async def killing(
    hub: ServerProcess, receiver: ReceiverProcess, chance: random.Random, size: Size
) -> AsyncGenerator[list[int]]:
    """Both die again and again while the block lasts, and as often as was asked for."""
    done = [0, 0]

    async def hubs() -> None:
        while done[0] < size.hub_kills:
            await asyncio.sleep(chance.uniform(0, LONGEST_LIFE_S))
            hub.kill()
            done[0] += 1
            await hub.start()

    async def receivers() -> None:
        while done[1] < size.receiver_kills:
            await asyncio.sleep(chance.uniform(0, LONGEST_LIFE_S))
            receiver.kill()
            done[1] += 1
            await asyncio.sleep(chance.uniform(0, 1.5))
            await receiver.start()

    running = [asyncio.create_task(hubs()), asyncio.create_task(receivers())]
    try:
        yield done
        await asyncio.gather(*running)
    finally:
        for it in running:
            it.cancel()
        await asyncio.gather(*running, return_exceptions=True)


@asynccontextmanager
async def watched(data: Path, log: Path, key: bytes, early: list[str]) -> AsyncGenerator[None]:
    """Look again and again whether the hub has let go of what nobody had taken."""

    async def look() -> None:
        while True:
            await asyncio.sleep(0.2)
            found = await asyncio.to_thread(let_go, data)
            taken = {
                (it.alert, it.seq) for it in await asyncio.to_thread(read_log, log, key) if it.taken
            }
            early.extend(f"{alert} {seq}" for alert, seq in found - taken)

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


def let_go(data: Path) -> set[tuple[str, int]]:
    """Messages that were written and are not there any more, as of one moment."""
    with contextlib.closing(
        sqlite3.connect(f"file:{data / 'entraide.db'}?mode=ro", uri=True)
    ) as db:
        try:
            db.execute("BEGIN")
            written = dict(db.execute("SELECT alert, seq FROM hook_thread"))
            waiting = set(db.execute("SELECT alert, seq FROM hook_message"))
        except sqlite3.OperationalError:
            return set()
    every = {(alert, seq) for alert, many in written.items() for seq in range(1, many + 1)}
    return every - waiting


async def until_told(people: People, admin: str) -> int:
    """Messages that still wait when everything had time to go."""
    clock = asyncio.get_running_loop().time
    deadline, left = clock() + LEFT_S, 1
    while left and clock() < deadline:
        await asyncio.sleep(0.3)
        found = await people.ask(admin, "network.hooks")
        hooks = found["hooks"]
        assert isinstance(hooks, list)
        left = sum(it["waiting"] for it in hooks)
    return left


def written_in(data: Path) -> dict[str, int]:
    with contextlib.closing(sqlite3.connect(data / "entraide.db")) as db:
        return dict(db.execute("SELECT alert, seq FROM hook_thread"))
