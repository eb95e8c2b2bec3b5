"""The clients of the dispatch bench, a process of their own: helpers and askers on real sockets.

They speak to the server as the demo's people do, with the demo's own client of the wire. Half of
the requests are raised by the socket, half over HTTP.
"""

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path
from random import Random
from time import monotonic, perf_counter

import aiohttp
import msgspec
import uvloop

from matching.dispatch.rules import WANTED
from tests.load.dispatch_people import Somebody, everybody, token_of
from tests.load.dispatch_world import Size, draw, read_stations
from web.demo.api import Api, Json, Refused
from web.demo.line import Line, LineDown
from web.demo.people import Answer, plan

#: Connections being made at once.
AT_ONCE = 48
#: How long they may take; beyond it something is wrong with the machine, not slow.
CONNECT_S = 60.0
OVER = frozenset({"declined", "withdrawn", "covered", "expired", "cancelled", "closed"})
#: After the last request, people have that long to answer it: two of dispatch's steps.
TAIL_S = 45.0
#: How often the disk is asked how it is, beside the run.
SYNC_EVERY_S = 0.25


class Orders(msgspec.Struct, frozen=True):
    base: str
    data_dir: str
    seed: int
    secret: str
    size: Size
    factor: float
    walk_s: float
    core: int | None


class Found(msgspec.Struct):
    """What the clients have seen."""

    #: By alert: when the command was sent, when it was answered, when two had accepted.
    sent: dict[str, float] = {}
    recorded: dict[str, float] = {}
    covered: dict[str, float] = {}
    #: By alert: its number among the requests, and at the end who had accepted and arrived.
    numbers: dict[str, int] = {}
    accepted: dict[str, int] = {}
    on_scene: dict[str, int] = {}
    #: Offers as they reached real sockets: alert and moment.
    received: list[tuple[str, float]] = []
    offers: dict[str, int] = {}
    refused: dict[str, int] = {}
    syncs_s: list[float] = []


class Person:
    """Somebody on a real socket."""

    def __init__(self, who: Somebody, api: Api, orders: Orders, found: Found) -> None:
        self.who = who
        self.found = found
        self.orders = orders
        self.connected = asyncio.Event()
        self.random = Random(f"{orders.seed} {who.caller.person}")
        self.tasks: set[asyncio.Task[None]] = set()
        self.token = token_of(who, orders.secret)
        self.line = Line(api, self.token, heard=self.heard, opened=self.opened, random=self.random)

    async def opened(self, whole: bool) -> None:
        self.connected.set()

    def heard(self, channel: str, data: Json) -> None: ...

    def start(self, group: asyncio.TaskGroup) -> asyncio.Task[None]:
        return group.create_task(self.line.run())

    async def try_(self, method: str, asked: Json) -> Json:
        try:
            return await self.line.call(method, asked)
        except (Refused, LineDown) as error:
            name = f"{method}: {error!r}"
            self.found.refused[name] = self.found.refused.get(name, 0) + 1
            return {}


class Helper(Person):
    def __init__(self, who: Somebody, api: Api, orders: Orders, found: Found) -> None:
        super().__init__(who, api, orders, found)
        self._engaged: dict[str, asyncio.Task[None]] = {}

    async def opened(self, whole: bool) -> None:
        position: Json = {"lat": self.who.spot.lat, "lon": self.who.spot.lon}
        await self.try_("helper.move", {"position": position})
        self.connected.set()

    def heard(self, channel: str, data: Json) -> None:
        match data:
            case {"type": "offer", "offer": str(offer), "alert": str(alert), "ring": str(ring)}:
                self.found.received.append((alert, monotonic()))
                self.found.offers[ring] = self.found.offers.get(ring, 0) + 1
                self._forget(offer)
                task = asyncio.create_task(self._answer(offer, near=ring == "near"))
                self._engaged[offer] = task
            case {"type": "offer_state", "offer": str(offer), "state": str(state)}:
                if state in OVER:
                    self._forget(offer)
            case _:
                pass

    def _forget(self, offer: str) -> None:
        task = self._engaged.pop(offer, None)
        if task is not None:
            task.cancel()

    async def _answer(self, offer: str, *, near: bool) -> None:
        planned, factor = plan(self.who.temperament, self.random, near=near), self.orders.factor
        asked: Json = {"offer": offer}
        await asyncio.sleep(planned.received_s * factor)
        await self.try_("offer.received", asked)
        if planned.answer is Answer.IS_SILENT:
            return
        await asyncio.sleep(planned.seen_s * factor)
        await self.try_("offer.seen", asked)
        await asyncio.sleep(planned.answered_s * factor)
        accepts = planned.answer is Answer.ACCEPTS
        # What is under way is not cancelled by what comes meanwhile.
        word = "offer.accept" if accepts else "offer.decline"
        answer = await asyncio.shield(asyncio.ensure_future(self.try_(word, asked)))
        if near and answer.get("state") == "accepted":
            await asyncio.sleep(self.orders.walk_s * self.random.uniform(0.5, 1.5))
            await self.try_("offer.arrived", asked)


class Asker(Person):
    """Somebody who asks for help, once."""

    def __init__(self, number: int, who: Somebody, api: Api, orders: Orders, found: Found) -> None:
        super().__init__(who, api, orders, found)
        self._number = number
        self._api = api
        self.alert = ""
        self.covered = asyncio.Event()

    def heard(self, channel: str, data: Json) -> None:
        match data:
            case {"type": "state", "accepted": int(accepted)} if accepted >= WANTED:
                self._two_come()
            case _:
                pass

    def _two_come(self) -> None:
        self.found.covered.setdefault(self.alert, monotonic())
        self.covered.set()

    async def ask(self) -> None:
        asked: Json = {
            "id": f"request-{self._number:06}",
            "kind": "followed",
            "mode": "public",
            "place": {"lat": self.who.spot.lat, "lon": self.who.spot.lon, "accuracy_m": 20},
        }
        sent = monotonic()
        if self._number % 2:
            raised = await self._api.call("help.raise", asked, token=self.token)
        else:
            raised = await self.line.call("help.raise", asked)
        recorded = monotonic()
        self.alert = str(raised["alert"])
        self.found.sent[self.alert] = sent
        self.found.recorded[self.alert] = recorded
        self.found.numbers[self.alert] = self._number
        await self.line.subscribe(f"alert:{self.alert}")
        self.note(await self.try_("help.state", {"alert": self.alert}))

    def note(self, state: Json) -> None:
        accepted, on_scene = state.get("accepted"), state.get("on_scene")
        if isinstance(accepted, int) and isinstance(on_scene, int):
            self.found.accepted[self.alert] = accepted
            self.found.on_scene[self.alert] = on_scene
            if accepted >= WANTED:
                self._two_come()

    async def look(self) -> None:
        if self.alert:
            self.note(await self.try_("help.state", {"alert": self.alert}))


async def main(orders: Orders, line: asyncio.StreamReader) -> None:
    world = draw(read_stations(), orders.size, orders.seed)
    found = Found()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http, asyncio.TaskGroup() as group:
        api = Api(http, orders.base)
        started = perf_counter()
        helpers = [
            Helper(who, api, orders, found)
            for who in everybody(world.sockets, "socket", orders.seed)
        ]
        askers = [
            Asker(number, who, api, orders, found)
            for number, who in enumerate(everybody(world.requests, "asking", orders.seed))
        ]
        running = await connect([*helpers, *askers], group)
        tell(connected=len(running), connected_s=perf_counter() - started)
        await line.readline()
        syncing = group.create_task(sync_often(Path(orders.data_dir) / "sync.bin", found))
        await raise_all(askers, orders.size.rate, found)
        syncing.cancel()
        for start in range(0, len(askers), AT_ONCE):
            await asyncio.gather(*(asker.look() for asker in askers[start : start + AT_ONCE]))
        tell(found=found)
        for task in running:
            task.cancel()


async def connect(people: list[Person], group: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
    running = []
    for start in range(0, len(people), AT_ONCE):
        part = people[start : start + AT_ONCE]
        running += [person.start(group) for person in part]
        async with asyncio.timeout(CONNECT_S):
            await asyncio.gather(*(person.connected.wait() for person in part))
    return running


async def raise_all(askers: list[Asker], rate: float, found: Found) -> None:
    """Evenly in time, whatever happens; then wait until all are covered, or long enough."""
    start = monotonic()
    asking = []
    for number, asker in enumerate(askers):
        await asyncio.sleep(max(0.0, start + number / rate - monotonic()))
        asking.append(asyncio.create_task(asker.ask()))
    for failed in await asyncio.gather(*asking, return_exceptions=True):
        if isinstance(failed, Exception):
            name = f"help.raise: {failed}"
            found.refused[name] = found.refused.get(name, 0) + 1
    with suppress(TimeoutError):
        async with asyncio.timeout(TAIL_S):
            await asyncio.gather(*(asker.covered.wait() for asker in askers))
    # Those who accepted last are still walking.
    await asyncio.sleep(askers[0].orders.walk_s * 1.5 + 1)


async def sync_often(file: Path, found: Found) -> None:
    while True:
        found.syncs_s.append(await asyncio.to_thread(sync, file))
        await asyncio.sleep(SYNC_EVERY_S)


def sync(file: Path) -> float:
    """How long the disk takes to keep four kilobytes."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.write(handle, bytes(4096))
        started = perf_counter()
        os.fdatasync(handle)
        return perf_counter() - started
    finally:
        os.close(handle)


def tell(**what: object) -> None:
    sys.stdout.write(msgspec.json.encode(what).decode() + "\n")
    sys.stdout.flush()


async def _run() -> None:
    line = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(line), sys.stdin
    )
    orders = msgspec.json.decode(await line.readline(), type=Orders)
    if orders.core is not None:
        os.sched_setaffinity(0, {orders.core})
    await main(orders, line)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run())
