"""One client on this node: its socket, its dialogue, and what waits while either is busy.

Commands of one client are carried out one after the other, so that what it says in a room keeps its
order. An idle client costs no task, no queue and no timer.
"""

import asyncio
from collections import deque
from typing import Protocol

from realtime import wire
from realtime.admission import Rank
from realtime.channels import Lane
from realtime.frames import encode_text
from realtime.kernel.ids import Channel
from realtime.link import Link
from realtime.outbox import Frame, Outbox, Overflow
from realtime.ports import Caller
from realtime.session import SLOW, Answer, Close, Closing, Effect, Session

#: Commands waiting before we stop reading from the socket…
PAUSE_AT = 32
#: …and how many the read under way may still add before the client is told to slow down.
MOST_QUEUED = 2048
#: Written at once to a socket that has room again.
DRAIN_BYTES = 64 * 1024

TEXT_ONLY = Closing(1003, "text only")


class Executor(Protocol):
    """Carries out what a dialogue asks for: the node."""

    async def carry_out(self, client: "Client", effect: Effect) -> None: ...
    def heard_at_once(self, client: "Client", data: bytes) -> bool:
        """Take what wants no answer, if nothing has to be waited for. False: nothing was done."""
        ...

    def gone(self, client: "Client") -> None: ...


class Client:
    __slots__ = (
        "_executor", "_outbox", "_queue", "_reading_paused", "_stuck", "_worker",
        "caller", "id", "link", "rank", "session",
    )  # fmt: skip

    def __init__(self, id: str, link: Link, executor: Executor) -> None:  # noqa: A002
        self.id = id
        self.link = link
        self.session = Session()
        self.caller: Caller | None = None
        #: How soon it is let in, when many come back at once.
        self.rank = Rank.OTHERS
        self._executor = executor
        self._outbox: Outbox | None = None
        self._queue: deque[Effect] | None = None
        self._worker: asyncio.Task[None] | None = None
        self._reading_paused = False
        self._stuck = False

    def received(self, message: bytes, text: bool) -> None:
        if not text:
            self.close(TEXT_ONLY)
            return
        if self._queue is None:
            # Nothing it said before is still under way.
            said = self.session.hears(message)
            if said is not None and self._executor.heard_at_once(self, said):
                return
        for effect in self.session.receive(message):
            if isinstance(effect, Close):
                self.close(effect.why)
                return
            if isinstance(effect, Answer) and self._queue is None:
                self.answer(effect.reply)
            else:
                self._enqueue(effect)

    def pressure(self, paused: bool) -> None:
        """The socket is full, or has room again."""
        self._stuck = paused
        if paused and self._outbox is None:
            self._outbox = Outbox()
        # The write may fill the socket again: it says so at once, and later that it has room.
        while self._outbox is not None and not self._stuck:
            frames = self._outbox.take(DRAIN_BYTES)
            if frames:
                self.link.write(frames)
            else:
                self._outbox = None

    def closed(self) -> None:
        """The socket is gone."""
        self.session.closed()
        self._outbox = None
        if self._worker is not None and self._queue is not None:
            # What is under way is finished, as it may be in a commit; the rest was never begun.
            self._queue.clear()
        self._executor.gone(self)

    def close(self, why: Closing) -> None:
        self.session.closed()
        self.link.close(why.code, why.reason)

    def answer(self, reply: wire.Reply) -> None:
        self.deliver(Lane.VITAL, "", encode_text(wire.encode(reply)))

    def deliver(self, lane: Lane, key: str, frames: bytes) -> None:
        """Write already framed bytes, or keep them while the socket is full."""
        if self._outbox is None:
            self.link.write(frames)
            return
        try:
            self._outbox.put(Frame(lane, frames, key))
        except Overflow:
            self._outbox = None
            self.close(SLOW)

    def _enqueue(self, effect: Effect) -> None:
        if self._queue is None:
            self._queue = deque()
            self._worker = asyncio.create_task(self._work(), name="realtime.client")
        self._queue.append(effect)
        if len(self._queue) > MOST_QUEUED:
            self._queue.clear()
            self.close(SLOW)
        elif len(self._queue) > PAUSE_AT and not self._reading_paused:
            self._reading_paused = True
            self.link.pause_reading()

    async def _work(self) -> None:
        try:
            while self._queue:
                await self._executor.carry_out(self, self._queue.popleft())
                if self._reading_paused and len(self._queue) < PAUSE_AT // 2:
                    self._reading_paused = False
                    self.link.resume_reading()
        finally:
            self._queue = None
            self._worker = None

    @property
    def held_back(self) -> bool:
        """Whether we have stopped reading: its commands are more than we can carry out."""
        return self._reading_paused

    @property
    def listening(self) -> frozenset[Channel]:
        return self.session.channels
