"""Killed at random moments under load, the server has everything it acknowledged, once.

Clients in other processes raise, speak and cancel, and write down each answer; helpers listen on
sockets. The server is killed with SIGKILL and started again, over and over. Then what it has is
held against what it had promised. And strace is asked whether the disk was, before each answer.
"""

import asyncio
import contextlib
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.proofs.lost.client import PLACE, read_log
from tests.proofs.lost.helpers import Helper
from tests.proofs.lost.history import Event, Found, problems
from tests.proofs.lost.strace import Verdict, judge
from tests.proofs.table import Table
from tests.support.server import ROOT, ServerProcess, tokens

HELPERS = 8
CLIENTS, PEOPLE = 2, 10
#: Longest life of a server between two kills, in seconds; the shortest is nothing at all.
LONGEST_LIFE = 2.5
TRACE = "trace=pwrite64,write,writev,sendto,sendmsg,fdatasync,fsync"
UNSAFE = (sys.executable, "-m", "tests.proofs.lost.unsafe_server")


@dataclass(frozen=True, slots=True)
class Survived:
    kills: int
    acknowledged: int
    raised: int
    wrong: list[str]
    offers: int
    told_wrong: int
    recovered: int
    reconnections: int


def main(seed: int, reduced: bool) -> Table:
    return asyncio.run(_prove(seed, reduced))


async def _prove(seed: int, reduced: bool) -> Table:
    kills, acks, raises = (4, 100, 10) if reduced else (50, 2_000, 100)
    survived = await killed(seed, kills=kills, acks=acks)
    safe, unsafe = await traced(raises), await traced(raises, program=UNSAFE)
    table = Table("Nothing acknowledged is lost", ("what", "figure"))
    table.add("times killed (SIGKILL, at random moments under load)", survived.kills)
    table.add("operations acknowledged to clients in other processes", survived.acknowledged)
    table.add("of them requests for help", survived.raised)
    table.add("promises broken", len(survived.wrong))
    table.add("offers told to helpers on sockets", survived.offers)
    table.add("publications a helper heard twice, out of order or never", survived.told_wrong)
    table.add("reconnections recovered whole", f"{survived.recovered}/{survived.reconnections}")
    table.add(
        "answers 'recorded' before the disk was asked to keep them",
        f"{safe.too_early} of {safe.recorded}",
    )
    table.add("the same with synchronous=OFF planted", f"{unsafe.too_early} of {unsafe.recorded}")
    for line in survived.wrong[:20]:
        table.note(line)
    table.require("no promise broken", not survived.wrong and not survived.told_wrong)
    table.require("enough acknowledged", survived.acknowledged >= acks)
    table.require("the disk is asked first", safe.recorded >= raises and not safe.too_early)
    table.require("the planted bug is caught", unsafe.too_early > 0)
    return table


async def killed(seed: int, *, kills: int, acks: int) -> Survived:
    """Kill a server under load until enough was acknowledged, and look at what is left."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        server = ServerProcess(folder / "data")
        await server.start()
        try:
            async with load(server, folder, seed) as (logs, helpers):
                done = 0
                while done < kills or _acknowledged(logs) < acks:
                    await asyncio.sleep(chance.uniform(0, LONGEST_LIFE))
                    server.kill()
                    done += 1
                    await server.start()
                # Time for everybody to come back and hear the rest.
                await asyncio.sleep(5)
            events = [event for log in logs for event in read_log(log)]
            found = await read_back(server, events)
        finally:
            server.kill()
        recoveries = [it for helper in helpers for it in helper.told.recoveries]
        return Survived(
            kills=done,
            acknowledged=sum(it.outcome == "ok" for it in events),
            raised=sum((it.what, it.outcome) == ("raise", "ok") for it in events),
            wrong=problems(events, found),
            offers=sum(len(helper.told.offers) for helper in helpers),
            told_wrong=sum(helper.told.wrong() for helper in helpers),
            recovered=sum(recoveries),
            reconnections=len(recoveries),
        )


@asynccontextmanager
async def load(
    server: ServerProcess, folder: Path, seed: int
) -> AsyncGenerator[tuple[list[Path], list[Helper]]]:
    """People in other processes, and helpers on sockets here, until the block ends."""
    logs = [folder / f"client-{number}.jsonl" for number in range(CLIENTS)]
    (operator,) = tokens(server.data_dir, "operator")
    over = asyncio.Event()
    async with aiohttp.ClientSession(server.url) as web, asyncio.TaskGroup() as group:
        helpers = [Helper(web, server.socket_url, _near(number)) for number in range(HELPERS)]
        for helper in helpers:
            await helper.enrol(operator)
            group.create_task(helper.listen(over))
        clients = [
            subprocess.Popen(
                (
                    sys.executable, "-m", "tests.proofs.lost.client",
                    server.url, str(log), str(seed * 100 + number), str(PEOPLE),
                ),
                cwd=ROOT,
            )
            for number, log in enumerate(logs)
        ]  # fmt: skip
        try:
            yield logs, helpers
        finally:
            for client in clients:
                client.terminate()
            codes = [await asyncio.to_thread(client.wait, 30) for client in clients]
            over.set()
    if any(codes):
        raise RuntimeError(f"a client failed: {codes}")


async def read_back(server: ServerProcess, events: list[Event]) -> Found:
    """Ask the last server, as the people would; and its database, where no command tells."""
    states: dict[str, str] = {}
    messages: dict[str, list[str]] = {}
    async with aiohttp.ClientSession(server.url) as web:
        for event in events:
            if (event.what, event.outcome) != ("raise", "ok"):
                continue
            headers = {"Authorization": f"Bearer {event.token}"}
            asked = {"alert": event.alert}
            async with web.post("/api/help/state", json=asked, headers=headers) as got:
                if got.status == 200:
                    states[event.alert] = str((await got.json())["state"])
            asked = {"room": event.room}
            async with web.post("/api/room/state", json=asked, headers=headers) as got:
                if got.status == 200:
                    messages[event.room] = [it["id"] for it in (await got.json())["messages"]]
    with contextlib.closing(sqlite3.connect(server.data_dir / "entraide.db")) as db:
        lines = db.execute(
            "SELECT action, thing FROM audit WHERE action LIKE 'alert.%' OR action LIKE 'help.%'"
        ).fetchall()
        (alerts,) = db.execute("SELECT count(*) FROM alert").fetchone()
    return Found(states, messages, Counter(lines), alerts)


async def traced(raises: int, *, program: tuple[str, ...] | None = None) -> Verdict:
    """Raise a few requests on a server under strace, and judge the order of its system calls."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        trace = folder / "trace"
        strace = ("strace", "-f", "-y", "-s", "600", "-e", TRACE, "-o", str(trace))
        server = ServerProcess(
            folder / "data", prefix=strace, program=program or (sys.executable, "-m", "web")
        )
        await server.start()
        try:
            async with aiohttp.ClientSession(server.url) as web:
                await asyncio.gather(*(_raise_one(web) for _ in range(raises)))
                # strace writes a call down after it was made: one more, or the last may be missing.
                (await web.get("/livez")).close()
        finally:
            server.kill()
        return judge(trace.read_text(errors="replace").splitlines())


async def _raise_one(web: aiohttp.ClientSession) -> None:
    async with web.post("/api/session", json={}) as got:
        token = (await got.json())["token"]
    raising = {
        "id": f"traced-{token[:16]}", "kind": "followed", "mode": "public", "place": PLACE,
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {token}"}
    async with web.post("/api/help/raise", json=raising, headers=headers) as got:
        got.raise_for_status()


def _acknowledged(logs: list[Path]) -> int:
    return sum(log.read_bytes().count(b'"ok"') for log in logs if log.exists())


def _near(number: int) -> dict[str, float]:
    return {"lat": PLACE["lat"] + 0.001 * (number % 3), "lon": PLACE["lon"] + 0.001 * (number // 3)}
