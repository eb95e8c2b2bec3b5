"""The clients of the dispatch bench, a process of their own: helpers and askers on real sockets.

Orders come as lines of JSON on standard input, and so do tickets; answers go the same way. Some
requests are answered by people, who come; then so many a second are only listened to.
"""

import asyncio
import os
import sys
from pathlib import Path
from random import Random
from time import monotonic

import msgspec
import uvloop

from matching.dispatch.rules import WANTED
from tests.load.disk import synced
from tests.load.dispatch_phones import Found, Json, Phone, Refused
from tests.load.dispatch_world import Size, Spot, draw
from tests.load.processes import tell
from web.demo.people import personality

#: Connections being made at once.
AT_ONCE = 100
#: Answered requests a second; the seconds in which a person answers, and in which two have.
ANSWERED_RATE, ANSWERS_S, COVERED_S = 4.0, 0.4, 10.0
#: After the last request its first offer may take so long, in twentieths of a second.
TAIL_TURNS = 1_200
#: How often the disk is asked how it is, beside the run.
SYNC_EVERY_S = 0.05


class Orders(msgspec.Struct, frozen=True):
    data_dir: str
    seed: int
    size: Size
    port: int
    core: int | None


class People:
    """All phones, and what they do when they are told something."""

    def __init__(self, orders: Orders) -> None:
        self.found = Found()
        self.random = Random(orders.seed)
        self.answering = True
        self.spots: dict[Phone, Spot] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    def told(self, phone: Phone, data: Json, at: float) -> None:
        match data:
            case {"type": "offer", "offer": str(offer), "alert": str(alert), "ring": str(ring)}:
                self.found.first.setdefault(alert, at)
                self.found.offers[ring] = self.found.offers.get(ring, 0) + 1
                if self.answering and ring == "near":
                    task = asyncio.create_task(self._answer(phone, offer))
                    self.tasks.add(task)
                    task.add_done_callback(self.tasks.discard)
            case _:
                pass

    async def ask(self, number: int, phone: Phone) -> str:
        """Raise a request; the alert, or nothing when it was refused."""
        spot = self.spots[phone]
        asked: Json = {
            "id": f"request-{number:06}",
            "kind": "followed",
            "mode": "public",
            "place": {"lat": spot.lat, "lon": spot.lon, "accuracy_m": 20},
        }
        sent = monotonic()
        answer = await self.try_(phone, "help.raise", asked)
        alert = str(answer.get("alert", ""))
        if alert:
            self.found.sent[alert], self.found.recorded[alert] = sent, monotonic()
        return alert

    async def covered(self, phone: Phone, alert: str) -> None:
        """Wait until enough have accepted, or long enough; note how many."""
        until, accepted = monotonic() + COVERED_S, 0
        while accepted < WANTED and monotonic() < until:
            await asyncio.sleep(0.1)
            state = await self.try_(phone, "help.state", {"alert": alert})
            accepted = msgspec.convert(state.get("accepted", 0), int)
        self.found.accepted.append(accepted)

    async def _answer(self, phone: Phone, offer: str) -> None:
        """As the demo's people, sooner; who would be silent says no."""
        asked: Json = {"offer": offer}
        await self.try_(phone, "offer.received", asked)
        await asyncio.sleep(ANSWERS_S * self.random.random())
        await self.try_(phone, "offer.seen", asked)
        accepts = self.random.random() < personality("", self.random).accepts
        await self.try_(phone, "offer.accept" if accepts else "offer.decline", asked)

    async def try_(self, phone: Phone, method: str, asked: Json) -> Json:
        try:
            return await phone.call(method, asked)
        except (Refused, TimeoutError) as error:
            name = f"{method}: {error}"
            self.found.refused[name] = self.found.refused.get(name, 0) + 1
            return {}


async def main(orders: Orders, line: asyncio.StreamReader) -> None:
    world, people, started = draw(orders.size, orders.seed), People(orders), monotonic()
    everyone = [*world.sockets, *world.asking]
    for first in range(0, len(everyone), AT_ONCE):
        some = everyone[first : first + AT_ONCE]
        tell(tickets=(first, first + len(some)))
        tickets = msgspec.json.decode(await line.readline(), type=list[str])
        phones = [Phone(people.told) for _ in some]
        people.spots |= dict(zip(phones, some, strict=True))
        greetings = [
            # Those who ask do not help: where they are is nobody's business.
            phone.greet(orders.port, ticket, spot if first + at < len(world.sockets) else None)
            for at, (phone, ticket, spot) in enumerate(zip(phones, tickets, some, strict=True))
        ]
        await asyncio.gather(*greetings)
    tell(connected=len(everyone), connected_s=monotonic() - started)
    asking = list(people.spots)[len(world.sockets) :]
    answered, only_heard = asking[: orders.size.answered], asking[orders.size.answered :]
    async with asyncio.TaskGroup() as group:
        for number, phone in enumerate(answered):
            alert = await people.ask(number, phone)
            group.create_task(people.covered(phone, alert))
            await asyncio.sleep(1 / ANSWERED_RATE)
    people.answering = False
    tell(answered=len(answered))
    await line.readline()
    before = set(people.found.sent)
    await raise_all(people, only_heard, orders)
    tell(found=people.found, under_load=sorted(people.found.sent.keys() - before))
    for phone in people.spots:
        phone.close()


async def raise_all(people: People, asking: list[Phone], orders: Orders) -> None:
    """Evenly in time, whatever happens; then wait until all have an offer, or long enough."""
    syncing = asyncio.create_task(sync_often(Path(orders.data_dir) / "sync.bin", people.found))
    start, tasks = monotonic(), []
    for number, phone in enumerate(asking):
        await asyncio.sleep(max(0.0, start + number / orders.size.rate - monotonic()))
        tasks.append(asyncio.create_task(people.ask(orders.size.answered + number, phone)))
    alerts = {it for it in await asyncio.gather(*tasks) if it}
    for _ in range(TAIL_TURNS):
        if people.found.first.keys() >= alerts:
            break
        await asyncio.sleep(0.05)
    syncing.cancel()


async def sync_often(file: Path, found: Found) -> None:
    handle = await asyncio.to_thread(os.open, file, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        while True:
            found.syncs_s.append(await asyncio.to_thread(synced, handle, 0))
            await asyncio.sleep(SYNC_EVERY_S)
    finally:
        os.close(handle)


async def _run() -> None:
    line = asyncio.StreamReader(limit=2**24)
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
