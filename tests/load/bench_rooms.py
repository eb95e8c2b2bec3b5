"""``./run bench rooms``: how soon what an operator says is on the visitor's screen.

Two thousand rooms are open, each visitor on a socket of her own, as many operators as it takes; the
server has one core, the clients the other. Beside: what the disk takes for a commit, and a round
trip that commits nothing. What is said goes there and back over the same lines, so their sum is
what nobody can be quicker than.
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
from tests.load.quantiles import quantile
from tests.load.two_cores import add_times, beside, on_each_engine, play
from tests.proofs.table import Table
from web.demo.api import Api, Json, Refused, client_id
from web.demo.line import Line, LineDown

#: Connections begun in a second: how fast a crowd is let in is measured elsewhere.
CONNECTIONS_A_S = 80.0
#: Times that the disk and the line are tried alone meanwhile.
PROBES = 200
PATIENCE_S = 30.0
#: The promise: at most so many times the disk's time and the line's together.
TIMES = 2.0


@dataclass(frozen=True, slots=True)
class Size:
    rooms: int
    operators: int
    messages: int
    #: Messages a second, of all operators together.
    rate: float


FULL = Size(rooms=2_000, operators=100, messages=1_500, rate=40.0)
REDUCED = Size(rooms=40, operators=10, messages=60, rate=30.0)


@dataclass
class Seen:
    #: By the client's id: when it was said, when it was answered, when she was shown it.
    said: dict[str, float] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)
    shown: dict[str, float] = field(default_factory=dict)
    syncs: list[float] = field(default_factory=list)
    hops: list[float] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    #: Heard by somebody whom it was not for.
    astray: int = 0


def main(seed: int, reduced: bool) -> Table:
    size = REDUCED if reduced else FULL
    table = Table(
        f"Rooms: {size.rooms:,} open, an operator's message on the visitor's socket",
        ("what", "p50", "p99", "of"),
    )

    def measure(kind: str, database: str, broker: str) -> None:
        orders = {
            "rooms": size.rooms,
            "operators": size.operators,
            "database": database,
            "broker": broker,
        }
        seen, counted = play("tests.load.rooms_server", orders, partial(_play, size, seed))
        _told(table, kind, size, seen, counted)

    on_each_engine(measure, reduced=reduced)
    table.note(f"{size.rate:g} messages a second, each in a room by chance, edits and marks none.")
    return table


async def _play(size: Size, seed: int, ready: Json, server: Process, folder: Path) -> Seen:
    seen, random = Seen(), Random(seed)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http:
        api = Api(http, f"http://127.0.0.1:{ready['port']}")
        visitors = [
            Visitor(api, token, f"room:r{number}", seen, Random(seed))
            for number, token in enumerate(cast("list[str]", ready["visitors"]))
        ]
        operators = [
            Line(api, token, heard=_nothing, opened=_opened, random=Random(seed))
            for token in cast("list[str]", ready["operators"])
        ]
        running = []
        for each in (*(one.line for one in visitors), *operators):
            running.append(asyncio.create_task(each.run()))
            await asyncio.sleep(1 / CONNECTIONS_A_S)
        async with asyncio.timeout(PATIENCE_S * 4):
            await asyncio.gather(*(it.listening.wait() for it in visitors))
        server.say("begin")
        # Beside, and so on the machine as it is just then: a few a second.
        pause = size.messages / size.rate / PROBES
        alone = asyncio.create_task(beside(folder / "beside", operators, PROBES, pause))
        await _talk(size, seen, random, operators)
        await _wait_for(seen)
        seen.syncs, seen.hops = await alone
        for it in running:
            it.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    return seen


class Visitor:
    """A visitor's page, which listens to her room."""

    def __init__(self, api: Api, token: str, channel: str, seen: Seen, random: Random) -> None:
        self._channel = channel
        self._seen = seen
        self.listening = asyncio.Event()
        self.line = Line(api, token, heard=self._heard, opened=self._opened, random=random)

    async def _opened(self, whole: bool) -> None:
        await self.line.subscribe(self._channel)
        self.listening.set()

    def _heard(self, channel: str, data: Json) -> None:
        now = monotonic()
        match data:
            case {"type": "say", "id": str(name), "text": str(text)}:
                self._seen.shown.setdefault(name, now)
                self._seen.astray += text != self._channel or channel != self._channel
            case _:
                pass


def _nothing(channel: str, data: Json) -> None:
    """Operators' pages are another's measurement."""


async def _opened(whole: bool) -> None:
    """An operator has come."""


async def _talk(size: Size, seen: Seen, random: Random, operators: Sequence[Line]) -> None:
    tasks: list[asyncio.Task[None]] = []
    began = monotonic()
    for number in range(size.messages):
        await asyncio.sleep(max(0.0, began + number / size.rate - monotonic()))
        room = random.randrange(size.rooms)
        # As the server has seated them.
        operator = operators[room % len(operators)]
        tasks.append(asyncio.create_task(_say(seen, random, operator, f"room:r{room}")))
    await asyncio.gather(*tasks)


async def _say(seen: Seen, random: Random, operator: Line, channel: str) -> None:
    name = client_id(random)
    # The channel is what is said: a message that strays is found.
    said: Json = {"id": name, "text": channel}
    seen.said[name] = monotonic()
    while True:
        try:
            await operator.publish(channel, said)
        except (Refused, LineDown) as error:
            seen.again.append(f"{error!r}")
            await asyncio.sleep(0.5)
        else:
            seen.answered[name] = monotonic()
            return


async def _wait_for(seen: Seen) -> None:
    """Until all that was said is shown, or nobody believes in it any more."""
    for _ in range(int(PATIENCE_S / 0.05)):
        if len(seen.shown) >= len(seen.said):
            return
        await asyncio.sleep(0.05)


def _told(table: Table, kind: str, size: Size, seen: Seen, counted: Json) -> None:
    shown = [at - seen.said[it] for it, at in seen.shown.items()]
    answers = [at - seen.said[it] for it, at in seen.answered.items()]
    measured = {
        "said → on the visitor's socket": shown,
        "said → answered to the operator, committed": answers,
        "beside: 4 KiB and fdatasync": seen.syncs,
        "beside: a round trip that commits nothing": seen.hops,
    }
    add_times(table, kind, measured)
    shares = [
        quantile(shown, share) / (quantile(seen.syncs, share) + quantile(seen.hops, share))
        for share in (0.5, 0.99)
    ]
    table.add(f"{kind}: … times their sum", shares[0], shares[1], "")
    table.aim(f"{kind}: p50 at most {TIMES:g} × the disk and the line together", shares[0] <= TIMES)
    table.aim(f"{kind}: p99 at most {TIMES:g} × the disk and the line together", shares[1] <= TIMES)
    table.require(f"{kind}: everything said was shown", len(seen.shown) == size.messages)
    table.require(f"{kind}: to her whom it was for, and to nobody else", seen.astray == 0)
    busy, memory = cast(float, counted["busy"]), cast(int, counted["memory_mib"])
    table.note(
        f"{kind}: server {busy:.0%} of a core, {memory:,} MiB; "
        f"said again: {dict(Counter(seen.again)) or 0}."
    )
