"""``./run bench desks``: how soon operators see that a hotel has a room more.

Five hundred desks and fifty operators are connected on real sockets. The server has one core, the
clients the other. Beside: what the disk takes for a commit, and a round trip that commits nothing.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from time import monotonic
from typing import cast

import aiohttp

from tests.load.processes import Process
from tests.load.two_cores import add_times, beside, on_each_engine, play
from tests.proofs.table import Table
from web.demo.api import Api, Json, Refused, client_id
from web.demo.line import Line, LineDown

#: Connections being made at once.
AT_ONCE = 32
#: Between one who comes and the next.
BETWEEN_S = 0.03
#: Times that the disk and the line are tried alone afterwards.
PROBES = 200
#: Beyond it, a change is taken for lost.
PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Size:
    desks: int
    operators: int
    changes: int
    #: Changes a second.
    rate: float


FULL = Size(desks=500, operators=50, changes=1_000, rate=25.0)
REDUCED = Size(desks=25, operators=5, changes=50, rate=25.0)


@dataclass
class Seen:
    #: By commune and total: when the desk pressed, when it was answered…
    pressed: dict[tuple[str, int], float] = field(default_factory=dict)
    answered: dict[tuple[str, int], float] = field(default_factory=dict)
    #: …and when each operator's screen was told.
    shown: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    syncs: list[float] = field(default_factory=list)
    hops: list[float] = field(default_factory=list)
    #: Why a tablet had to say it again.
    again: list[str] = field(default_factory=list)


def main(seed: int, reduced: bool) -> Table:
    size = REDUCED if reduced else FULL
    table = Table(
        f"Desks: {size.desks} desks and {size.operators} operators on real sockets",
        ("what", "p50", "p99", "of"),
    )

    def measure(kind: str, database: str, broker: str) -> None:
        orders = {
            "desks": size.desks,
            "operators": size.operators,
            "database": database,
            "broker": broker,
        }
        seen, counted = play("tests.load.desks_server", orders, partial(_play, size, seed))
        _told(table, kind, size, seen, counted)

    on_each_engine(measure, reduced=reduced)
    table.note(f"{size.rate:g} changes a second, one after the other, each at a desk by chance.")
    return table


async def _play(size: Size, seed: int, ready: Json, server: Process, folder: Path) -> Seen:
    seen, random = Seen(), Random(seed)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http:
        api = Api(http, f"http://127.0.0.1:{ready['port']}")
        screens = [
            Screen(api, it, seen, Random(seed)) for it in cast("list[str]", ready["operators"])
        ]
        desks = [
            Line(api, it, heard=_nothing, opened=_opened, random=Random(seed))
            for it in cast("list[str]", ready["desks"])
        ]
        running = []
        for each in (*(one.line for one in screens), *desks):
            # One after the other: how fast a crowd is let in is measured elsewhere.
            running.append(asyncio.create_task(each.run()))
            await asyncio.sleep(BETWEEN_S)
        await _all_connected(screens, desks)
        server.say("begin")
        await _change(size, seen, random, desks)
        await _wait_for(size, seen)
        seen.syncs, seen.hops = await beside(folder / "beside", desks, PROBES)
        for it in running:
            it.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    return seen


class Screen:
    """An operator's board."""

    def __init__(self, api: Api, token: str, seen: Seen, random: Random) -> None:
        self._seen = seen
        self.listening = asyncio.Event()
        self.line = Line(api, token, heard=self._heard, opened=self._opened, random=random)

    async def _opened(self, whole: bool) -> None:
        await self.line.subscribe("board:shelter")
        self.listening.set()

    def _heard(self, channel: str, data: Json) -> None:
        match data:
            case {"type": "rooms", "area": str(area), "kinds": [{"total": int(total)}]}:
                self._seen.shown.setdefault((area, total), []).append(monotonic())
            case _:
                pass


def _nothing(channel: str, data: Json) -> None:
    """A desk's own page hears of it too."""


async def _opened(whole: bool) -> None:
    """A desk has come."""


async def _all_connected(screens: Sequence[Screen], desks: Sequence[Line]) -> None:
    """Everybody is there and listens."""
    some = asyncio.Semaphore(AT_ONCE)
    async with asyncio.timeout(PATIENCE_S * 4):
        await asyncio.gather(*(it.listening.wait() for it in screens))
        await asyncio.gather(*(_at_desk(it, some) for it in desks))


async def _at_desk(desk: Line, some: asyncio.Semaphore) -> None:
    async with some:
        while True:
            try:
                state = await desk.call("desk.state", {})
                await desk.subscribe(f"desk:{state['hotel']}")
            except (Refused, LineDown):
                await asyncio.sleep(0.1)
            else:
                return


async def _change(size: Size, seen: Seen, random: Random, desks: Sequence[Line]) -> None:
    totals = [1] * len(desks)
    tasks: list[asyncio.Task[None]] = []
    began = monotonic()
    for number in range(size.changes):
        await asyncio.sleep(max(0.0, began + number / size.rate - monotonic()))
        which = random.randrange(len(desks))
        totals[which] += 1
        tasks.append(asyncio.create_task(_press(seen, random, desks[which], which, totals[which])))
    await asyncio.gather(*tasks)


async def _press(seen: Seen, random: Random, desk: Line, which: int, total: int) -> None:
    key = (f"commune {which}", total)
    asked: Json = {"id": client_id(random), "kind": f"kind-{which}", "by": 1}
    seen.pressed[key] = monotonic()
    while True:
        try:
            await desk.call("desk.rooms", asked)
        except (Refused, LineDown) as error:
            # As a tablet does: the same id, so that it is done once.
            seen.again.append(f"{error!r}")
            await asyncio.sleep(0.5)
        else:
            seen.answered[key] = monotonic()
            return


async def _wait_for(size: Size, seen: Seen) -> None:
    """Until every screen has been told of every change, or nobody believes in it any more."""
    for _ in range(int(PATIENCE_S / 0.05)):
        if all(len(seen.shown.get(it, ())) >= size.operators for it in seen.pressed):
            return
        await asyncio.sleep(0.05)


def _told(table: Table, kind: str, size: Size, seen: Seen, counted: Json) -> None:
    each = [at - seen.pressed[it] for it, all_ in seen.shown.items() for at in all_]
    last = [max(all_) - seen.pressed[it] for it, all_ in seen.shown.items()]
    answers = [at - seen.pressed[it] for it, at in seen.answered.items()]
    measured = {
        "a change at a desk → an operator's screen": each,
        "… → the last of all screens": last,
        "… → answered at the desk, committed": answers,
        "beside: 4 KiB and fdatasync": seen.syncs,
        "beside: a round trip that commits nothing": seen.hops,
    }
    add_times(table, kind, measured)
    busy = cast(float, counted["busy"])
    table.note(f"{kind}: server {busy:.0%} of a core; said again: {Counter(seen.again) or 0}.")
    missing = sum(len(seen.shown.get(it, ())) < size.operators for it in seen.pressed)
    table.require(f"{kind}: every change is on every screen", missing == 0)
