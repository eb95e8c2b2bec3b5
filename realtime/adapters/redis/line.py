"""One connection to one server on which we listen: commands go out as they come, answers come in.

A line is alive as long as something is heard on it, and asks for a sign of life twice a second. It
is ``quiet``, so not to be relied on, when a sign was asked for twice in vain, and lost after four
times: counted, not timed, so that a node that was held up does not take its own pause for theirs.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable, Sequence
from typing import Any

from hiredis import Reader
from redis.asyncio.connection import Connection, DefaultParser
from redis.exceptions import ConnectionError as LineLost

from realtime.adapters.redis.servers import AWAY

SIGN_S = 0.5
#: Signs of life asked for in vain.
QUIET = 2
LOST = 4
#: The longest wait before the first attempt to open a line again, and before any.
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 1.0
#: Bytes, of many messages, read in one turn.
READ_AT_ONCE = 64 * 1024

Command = Sequence[str | bytes]
#: A message is a list of three: what it is, a name, a body.
Answer = list[Any] | bytes | int | Exception | None


def pause(attempt: int) -> float:
    """How long to wait before an attempt, numbered from 0: random, or all would come at once."""
    return random.uniform(0, min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(attempt, 10)))  # noqa: S311


class Line:
    def __init__(self, connection: Connection, heard: Callable[[Answer], None]) -> None:
        """On a connection that is open."""
        self._connection = connection
        #: Told each answer, errors too; what it raises ends the line.
        self._heard = heard
        #: Not bounded here: as many as channels are joined and left in one turn of the loop.
        self._said: list[Command] = []
        self._wake = asyncio.Event()
        self._unanswered = 0

    @property
    def quiet(self) -> bool:
        """Whether it may be dead without our knowing yet."""
        return self._unanswered >= QUIET

    async def close(self) -> None:
        with contextlib.suppress(*AWAY):
            await self._connection.disconnect(nowait=True)

    def say(self, *commands: Command) -> None:
        """Send commands soon, in order; what is said in one turn of the loop leaves together."""
        self._said.extend(commands)
        self._wake.set()

    async def carry(self) -> None:
        """Speak and listen until the line is lost, which is what it raises."""
        tasks = [asyncio.create_task(self._speak()), asyncio.create_task(self._listen())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                await task
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _speak(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            if loop.time() >= due:
                due = loop.time() + SIGN_S
                self._ask_for_a_sign()
            said, self._said = self._said, []
            self._wake.clear()
            if said:
                packed = self._connection.pack_commands(said)
                await self._connection.send_packed_command(packed, check_health=False)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    await self._wake.wait()

    def _ask_for_a_sign(self) -> None:
        if self._unanswered >= LOST:
            raise TimeoutError("no sign of life")
        self._unanswered += 1
        self._said.append((b"PING",))

    async def _listen(self) -> None:
        # Answers that have arrived together are handed on in one turn. They are cut apart here and
        # not by redis-py, which awaits each (DECISIONS 13).
        answers = Reader(replyError=DefaultParser.parse_error)
        stream = self._connection._reader
        while stream is not None and (some := await stream.read(READ_AT_ONCE)):
            self._unanswered = 0
            answers.feed(some)
            while (answer := answers.gets(False)) is not False:
                self._heard(answer)
        raise LineLost
