"""What this node listens to on one server, put back in place whenever the line is lost."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

import structlog
from redis.asyncio.connection import Connection
from redis.exceptions import MovedError

from realtime.adapters.redis.address import Server
from realtime.adapters.redis.line import Answer, Line, pause
from realtime.adapters.redis.servers import AWAY

log = structlog.get_logger(__name__)
#: Names put back in place before the server's answers are waited for.
CHUNK = 10_000


class Listener(Protocol):
    """What an ear tells the broker, which owns it."""

    def arrived(self, name: bytes, packed: bytes) -> None: ...

    def lost(self) -> None:
        """A line is lost, or could not be opened: messages are being missed."""
        ...

    def turned_away(self, names: Iterable[bytes]) -> None:
        """The server says that another serves these now."""
        ...

    def placed(self) -> None:
        """Every name of an ear is in place again."""
        ...


class Ear:
    """A name is wanted from the first word; it is in place once the server has confirmed it."""

    def __init__(
        self,
        server: Server,
        line: Callable[[], Awaitable[Connection]],
        listener: Listener,
        *,
        slot: Callable[[bytes], int],
        sharded: bool,
    ) -> None:
        self._server = server
        self._open = line
        self._listener = listener
        self._slot = slot
        self._join, self._leave = (
            (b"SSUBSCRIBE", b"SUNSUBSCRIBE") if sharded else (b"SUBSCRIBE", b"UNSUBSCRIBE")
        )
        self._wanted: dict[int, set[bytes]] = {}
        self._line: Line | None = None
        #: Names being put back in place.
        self._pending: set[bytes] = set()
        self._progress = asyncio.Event()
        #: Everything has been in place on the line of this moment.
        self._restored = False
        #: Whoever waits for a name to be in place.
        self._waiting: dict[bytes, asyncio.Future[None]] = {}
        #: Names we left and the server has not said so: leaving that is not ours is a slot moved.
        self._leaving: Counter[bytes] = Counter()

    @property
    def steady(self) -> bool:
        """Whether everything is in place, but for what somebody is waiting for."""
        return self._line is not None and not self._pending

    @property
    def quiet(self) -> bool:
        return self._line is not None and self._line.quiet

    def wants(self, name: bytes) -> bool:
        return name in self._wanted.get(self._slot(name), ())

    @property
    def wanted(self) -> list[bytes]:
        return [name for names in self._wanted.values() for name in names]

    async def join(self, name: bytes) -> None:
        """Want a name. Returns once it is in place; at once, and it is remembered, when away."""
        waiting = self._waiting.get(name)
        if waiting is None:
            if self.wants(name):
                return
            if self._line is None or self._pending:
                self.add([name])
                return
            self._want(name)
            waiting = self._waiting[name] = asyncio.get_running_loop().create_future()
            self._line.say((self._join, name))
        # Several may wait for the same: one of them giving up must not end it for the others.
        await asyncio.shield(waiting)

    def add(self, names: Iterable[bytes]) -> None:
        """Want names that had another place until now, or that nobody waits for."""
        for name in names:
            self._want(name)
            if self._line is not None:
                self._pending.add(name)
                self._line.say((self._join, name))

    def leave(self, name: bytes) -> None:
        self._forget(name)
        if self._line is not None:
            self._leaving[name] += 1
            self._line.say((self._leave, name))
        self._in_place(name)

    async def run(self) -> None:
        """Keep a line open for as long as this task lives."""
        attempt = 0
        while True:
            self._restored = False
            try:
                await self._serve(Line(await self._open(), self._heard))
            except AWAY as error:
                # Once for each loss. The class only: what the driver says may hold more than a log
                # should.
                if attempt == 0 or self._restored:
                    log.warning("redis.line_lost", server=self._server, error=type(error).__name__)
            finally:
                self._lose()
            # A server that lets us in and then refuses our names is no better than one away.
            attempt = 0 if self._restored else attempt
            await asyncio.sleep(pause(attempt))
            attempt += 1

    async def _serve(self, line: Line) -> None:
        self._line, self._pending = line, set(self.wanted)
        carrying = asyncio.create_task(line.carry(), name="realtime.redis.line")
        restoring = asyncio.create_task(self._restore(line), name="realtime.redis.restore")
        try:
            await asyncio.wait([carrying, restoring], return_when=asyncio.FIRST_COMPLETED)
            if restoring.done():
                restoring.result()
            await carrying
        finally:
            for task in (carrying, restoring):
                task.cancel()
            await asyncio.gather(carrying, restoring, return_exceptions=True)
            await line.close()

    async def _restore(self, line: Line) -> None:
        names = list(self._pending)
        for start in range(0, len(names), CHUNK):
            chunk = self._pending.intersection(names[start : start + CHUNK])
            line.say(*((self._join, name) for name in chunk))
            while not self._pending.isdisjoint(chunk):
                self._progress.clear()
                await self._progress.wait()
        self._restored = True
        if not names:
            self._listener.placed()

    def _lose(self) -> None:
        self._line = None
        self._pending.clear()
        self._leaving.clear()
        # First the word that something is missed, then the waiting end: what they wait for is
        # remembered, and put in place with all the rest.
        self._listener.lost()
        for name in tuple(self._waiting):
            self._answer(name)

    def _heard(self, answer: Answer) -> None:
        match answer:
            # Without ``bytes(name)``: a type in a pattern costs as much as all the rest of hearing.
            case [b"message" | b"smessage", name, packed]:
                self._listener.arrived(name, packed)
            case [b"subscribe" | b"ssubscribe", bytes(name), _]:
                self._in_place(name)
            case [b"unsubscribe" | b"sunsubscribe", bytes(name), _]:
                self._left(name)
            case MovedError():
                self._moved(answer.slot_id)
            case Exception():
                raise answer
            case _:
                """A sign of life."""

    def _left(self, name: bytes) -> None:
        if self._leaving[name] > 1:
            self._leaving[name] -= 1
        elif self._leaving.pop(name, 0) == 0 and self.wants(name):
            self._turned_away([name])

    def _moved(self, slot: int) -> None:
        for name in tuple(self._leaving):
            if self._slot(name) == slot:
                del self._leaving[name]
        self._turned_away(self._wanted.get(slot, ()))

    def _turned_away(self, names: Iterable[bytes]) -> None:
        gone = list(names)
        if gone:
            # First the word, as above.
            self._listener.turned_away(gone)
        for name in gone:
            self._forget(name)
            self._in_place(name)

    def _want(self, name: bytes) -> None:
        self._wanted.setdefault(self._slot(name), set()).add(name)

    def _forget(self, name: bytes) -> None:
        slot = self._slot(name)
        names = self._wanted.get(slot, set())
        names.discard(name)
        if not names:
            self._wanted.pop(slot, None)

    def _in_place(self, name: bytes) -> None:
        """A name need not be waited for any more."""
        self._answer(name)
        if name in self._pending:
            self._pending.remove(name)
            self._progress.set()
            if not self._pending:
                self._listener.placed()

    def _answer(self, name: bytes) -> None:
        waiting = self._waiting.pop(name, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
