"""The backends of one process: the default, and no less kept than the others.

A ``MemoryBus`` joins several brokers as a server would: the conformance tests, and whoever runs two
nodes in one process.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from realtime.kernel.clock import Clock
from realtime.kernel.errors import TicketExpired, TooManyRequests
from realtime.kernel.ids import Channel, Ids, PersonId
from realtime.ports import Caller, Delivery

TICKET_LIFE = timedelta(seconds=30)
#: Tickets waiting to be redeemed; beyond it the oldest are worth nothing.
MOST_TICKETS = 100_000
#: Keys whose spending is remembered.
MOST_KEYS = 100_000
#: Batches waiting to be delivered. The node takes them each turn of the loop; a node that has
#: stopped taking them has stopped altogether.
MOST_BATCHES = 100_000


class MemoryBus:
    def __init__(self) -> None:
        self.brokers: list[MemoryBroker] = []


class MemoryBroker:
    """Keeps ``realtime.ports.Broker``'s promises within one process."""

    #: B7: never.
    away = False

    def __init__(self, bus: MemoryBus) -> None:
        self._bus = bus
        self._channels: set[Channel] = set()
        self._inbox: asyncio.Queue[list[Delivery] | None] = asyncio.Queue(MOST_BATCHES)

    async def __aenter__(self) -> Self:
        self._bus.brokers.append(self)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._bus.brokers.remove(self)
        self._inbox.put_nowait(None)

    async def publish(self, deliveries: Iterable[Delivery]) -> None:
        batch = list(deliveries)
        for broker in tuple(self._bus.brokers):
            heard = [it for it in batch if it.channel in broker._channels]
            if heard:
                await broker._inbox.put(heard)

    async def subscribe(self, channel: Channel) -> None:
        self._channels.add(channel)

    async def unsubscribe(self, channel: Channel) -> None:
        self._channels.discard(channel)

    async def deliveries(self) -> AsyncIterator[list[Delivery]]:
        while (batch := await self._inbox.get()) is not None:
            # B3: what was in flight when a channel was left does not arrive.
            heard = [it for it in batch if it.channel in self._channels]
            if heard:
                yield heard


class MemoryPresence:
    def __init__(self) -> None:
        self._connections: dict[PersonId, set[str]] = {}
        self._seats: dict[Channel, dict[str, str]] = {}

    async def arrive(self, person: PersonId, connection: str) -> None:
        self._connections.setdefault(person, set()).add(connection)

    async def leave(self, person: PersonId, connection: str) -> None:
        connections = self._connections.get(person, set())
        connections.discard(connection)
        if not connections:
            self._connections.pop(person, None)

    async def present(self, people: Iterable[PersonId]) -> frozenset[PersonId]:
        return frozenset(person for person in people if person in self._connections)

    @property
    def everybody(self) -> Collection[PersonId]:
        """The people here: a view that follows the changes."""
        return self._connections.keys()

    @property
    def channels(self) -> Collection[Channel]:
        """The channels in which somebody sits: a view that follows the changes."""
        return self._seats.keys()

    async def sit(self, channel: Channel, connection: str, seat: str) -> None:
        self._seats.setdefault(channel, {})[connection] = seat

    async def stand(self, channel: Channel, connection: str) -> None:
        seats = self._seats.get(channel, {})
        seats.pop(connection, None)
        if not seats:
            self._seats.pop(channel, None)

    async def seated(self, channel: Channel) -> dict[str, str]:
        return dict(self._seats.get(channel, {}))


class MemoryTickets:
    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._waiting: OrderedDict[str, tuple[Caller, datetime]] = OrderedDict()

    async def issue(self, caller: Caller) -> str:
        now = self._clock.now()
        while self._waiting:
            oldest, (_, until) = next(iter(self._waiting.items()))
            if until > now and len(self._waiting) < MOST_TICKETS:
                break
            del self._waiting[oldest]
        # Two ids of 128 bits: a ticket is a secret, not only a name.
        ticket = self._ids() + self._ids()
        self._waiting[ticket] = (caller, now + TICKET_LIFE)
        return ticket

    async def redeem(self, ticket: str) -> Caller:
        caller, until = self._waiting.pop(ticket, (None, None))
        if caller is None or until is None or until <= self._clock.now():
            raise TicketExpired
        return caller


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


class MemoryLimits:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    async def spend(self, key: str, *, rate: float, burst: int) -> None:
        self.spend_at_once(key, self._clock.now(), rate=rate, burst=burst)

    def spend_at_once(self, key: str, now: datetime, *, rate: float, burst: int) -> bool:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(burst, now)
            if len(self._buckets) > MOST_KEYS:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(key)
            waited = (now - bucket.at).total_seconds()
            # Never less than nothing: a clock may be set back.
            left = bucket.left + waited * rate if waited > 0 else bucket.left
            bucket.left = left if left < burst else float(burst)
            bucket.at = now
        if bucket.left < 1:
            raise TooManyRequests
        bucket.left -= 1
        return True
