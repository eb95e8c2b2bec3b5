"""Who is still there: pings, and clients that do not greet. One wheel for all, no timer each."""

import asyncio
from collections.abc import Iterable
from typing import ClassVar

from realtime import wire
from realtime.channels import Lane
from realtime.client import Client
from realtime.frames import encode_text
from realtime.session import NO_PONG, STALE

_PING = encode_text(wire.PING)


class Heart:
    #: Seconds between two pings of one client: told to it at connect.
    PING_S: ClassVar[int] = 20
    #: Seconds after which an unanswered ping means that nobody is there.
    PONG_S: ClassVar[int] = 8
    #: Seconds a socket may wait before ``connect`` (the Python SDK fetches its ticket meanwhile).
    GREETING_S: ClassVar[int] = 15

    def __init__(self) -> None:
        self._buckets: tuple[dict[Client, None], ...] = tuple({} for _ in range(self.PING_S))
        self._greeting: dict[Client, int] = {}
        self._second = 0
        self._next = 0

    def add(self, client: Client) -> None:
        self._greeting[client] = self._second + self.GREETING_S

    def greeted(self, client: Client) -> None:
        """From now on the client is pinged; spread evenly over the wheel."""
        self._greeting.pop(client, None)
        self._buckets[self._next][client] = None
        self._next = (self._next + 1) % self.PING_S

    def remove(self, client: Client) -> None:
        self._greeting.pop(client, None)
        for bucket in self._buckets:
            if bucket.pop(client, client) is None:
                return

    async def beat(self) -> None:
        while True:
            await asyncio.sleep(1)
            self.tick()

    def tick(self) -> None:
        """One second has passed."""
        self._second += 1
        for client in _stale(self._greeting, self._second):
            client.close(STALE)
        for client in tuple(self._buckets[(self._second - self.PONG_S) % self.PING_S]):
            # Whom we do not read, we cannot hear answering.
            if client.session.pong_due and not client.held_back:
                client.close(NO_PONG)
        for client in tuple(self._buckets[self._second % self.PING_S]):
            client.session.pong_due = True
            client.deliver(Lane.LATEST, "ping", _PING)


def _stale(greeting: dict[Client, int], second: int) -> Iterable[Client]:
    """Those whose time to greet is over; the dictionary is in the order of the deadlines."""
    over = []
    for client, deadline in greeting.items():
        if deadline > second:
            break
        over.append(client)
    for client in over:
        del greeting[client]
    return over
