"""What this node says on one server: all that waits goes out in one round trip, in order."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from redis.asyncio.connection import Connection
from redis.exceptions import MovedError, ResponseError

from realtime.adapters.redis.servers import ANSWER_S, AWAY

#: Messages that wait for one server; beyond it more is refused (``Unavailable``), and what was
#: committed is published again by its task. One commit may be larger, when nothing else waits.
MOST_WAITING = 10_000
#: How long a line may be unused before it is tried: a dead one is found before it is needed.
IDLE_S = 1.0

Message = tuple[bytes, bytes]


@dataclass(slots=True, eq=False)
class Part:
    """What one call of ``publish`` has for one server."""

    messages: Sequence[Message]
    #: The messages that another server must take; None when it could not hand them over.
    done: asyncio.Future[list[Message] | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Voice:
    def __init__(self, line: Callable[[], Awaitable[Connection]], *, sharded: bool) -> None:
        self._open = line
        self._command = b"SPUBLISH" if sharded else b"PUBLISH"
        self._connection: Connection | None = None
        self._parts: deque[Part] = deque()
        self._waiting = 0
        self._wake = asyncio.Event()

    def hand(self, part: Part) -> None:
        """Say it soon; ``part.done`` tells."""
        if self._parts and self._waiting + len(part.messages) > MOST_WAITING:
            _answer(part, None)
            return
        self._parts.append(part)
        self._waiting += len(part.messages)
        self._wake.set()

    async def run(self) -> None:
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(IDLE_S):
                        await self._wake.wait()
                self._wake.clear()
                if self._parts:
                    await self._say()
                elif self._connection is not None:
                    with contextlib.suppress(*AWAY):
                        await self._ask(self._connection, [(b"PING",)])
        finally:
            for part in self._parts:
                _answer(part, None)
            await self._hang_up()

    async def _say(self) -> None:
        parts = tuple(self._parts)
        commands = [(self._command, *each) for part in parts for each in part.messages]
        try:
            answers = iter(await self._told(commands))
        except AWAY:
            answers = None
        # Only now: should this task end while it waits for the server, none of them is forgotten.
        for part in parts:
            self._parts.popleft()
            self._waiting -= len(part.messages)
            if answers is None:
                _answer(part, None)
            else:
                _settle(part, [next(answers) for _ in part.messages])

    async def _told(self, commands: Sequence[Sequence[bytes]]) -> list[object]:
        """The server's answers, on the line there is: one that died is found out by failing."""
        if self._connection is None:
            self._connection = await self._open()
        return await self._ask(self._connection, commands)

    async def _ask(
        self, connection: Connection, commands: Sequence[Sequence[bytes]]
    ) -> list[object]:
        try:
            async with asyncio.timeout(ANSWER_S):
                packed = connection.pack_commands(commands)
                await connection.send_packed_command(packed, check_health=False)
                return [await _read(connection) for _ in commands]
        except BaseException:
            # Answers still to come would be taken for those of the next question.
            await self._hang_up()
            raise

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(*AWAY):
                await connection.disconnect(nowait=True)


async def _read(connection: Connection) -> object:
    try:
        answer: object = await connection.read_response(disable_decoding=True)
    except ResponseError as error:
        return error
    return answer


def _settle(part: Part, answers: Sequence[object]) -> None:
    moved = []
    for message, answer in zip(part.messages, answers, strict=True):
        if isinstance(answer, MovedError):
            moved.append(message)
        elif isinstance(answer, Exception):
            _answer(part, None)
    _answer(part, moved)


def _answer(part: Part, answer: list[Message] | None) -> None:
    if not part.done.done():
        part.done.set_result(answer)
