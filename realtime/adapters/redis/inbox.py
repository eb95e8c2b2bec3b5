"""What has arrived and waits for the node: bounded, and honest about what it had to drop."""

import asyncio

from realtime.ports import Delivery

#: Deliveries, and bytes of their bodies, that wait; beyond it all of them are dropped and the node
#: is told that it may have missed something (B6): the ledger has it all, and a node that is so far
#: behind catches up faster there.
MOST_WAITING = 100_000
MOST_BYTES = 64 * 1024 * 1024


class Inbox:
    def __init__(self, most: int = MOST_WAITING, most_bytes: int = MOST_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._waiting: list[Delivery] = []
        self._bytes = 0
        self._missed = False
        self._closed = False
        self._failed: BaseException | None = None
        self._wake = asyncio.Event()
        #: How often everything was dropped.
        self.overflows = 0

    def put(self, delivery: Delivery) -> None:
        self._waiting.append(delivery)
        self._bytes += len(delivery.body)
        if len(self._waiting) > self._most or self._bytes > self._most_bytes:
            self._waiting, self._bytes = [], 0
            self._missed = True
            self.overflows += 1
        self._wake.set()

    def missed(self) -> None:
        """Something may have been missed before this moment."""
        self._missed = True
        self._wake.set()

    def fail(self, error: BaseException) -> None:
        """Nothing more will arrive, and that is a bug: its reader is to know."""
        self._failed = error
        self._wake.set()

    def close(self) -> None:
        self._closed = True
        self._wake.set()

    async def take(self) -> tuple[list[Delivery], bool] | None:
        """Wait for something: what arrived, and whether more may have been missed. None: closed."""
        await self._wake.wait()
        if self._failed is not None:
            raise self._failed
        if self._closed:
            return None
        self._wake.clear()
        taken = self._waiting, self._missed
        self._waiting, self._bytes, self._missed = [], 0, False
        return taken
