"""One task that writes: it runs the waiting commands under savepoints, in one commit.

A commit that survives a power cut costs a disk flush; fifty commands that share it cost almost one
(DESIGN 5). What belongs to the whole batch is written last (``commit.py``).
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar, cast

import structlog

from realtime import store
from realtime.channels import ChannelTable
from realtime.commit import RELAY, Committed, Ending
from realtime.kernel.clock import Clock
from realtime.kernel.errors import (
    AppError,
    Conflict,
    TooManyRequests,
    Unavailable,
    translating,
)
from realtime.kernel.ids import Ids
from realtime.ledger import Effects, Transaction
from realtime.seal import Seals
from realtime.sql import Connection, Database, Duplicate, Failed, Refused

__all__ = ["RELAY", "Committed", "Writer"]

log = structlog.get_logger(__name__)
T = TypeVar("T")

#: Commands in one commit. Beyond it the first would wait too long for the last.
MOST_IN_A_BATCH = 64
#: Commands waiting. Beyond it new ones are refused, for now, rather than made to wait for nothing.
MOST_WAITING = 5_000
#: How long the end of ``running`` waits for what is under way.
ENDING_S = 10.0


@dataclass(slots=True, eq=False)
class _Command:
    work: Callable[[Transaction], Awaitable[object]]
    answer: asyncio.Future[object]


class Writer:
    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        ids: Ids,
        channels: ChannelTable,
        seals: Seals,
        committed: Callable[[Committed], None] = lambda _: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._channels = channels
        self._seals = seals
        self._ending = Ending(channels, seals)
        #: Told of every commit, in order; set by whoever delivers.
        self.committed = committed
        #: Of every stream in this database; known once running.
        self.epoch = ""
        self._waiting: deque[_Command] = deque()
        self._some = asyncio.Event()
        self._open = False
        self._relayed: list[str] = []
        #: Keys were shredded, perhaps by a process that died at once: their pages are overwritten.
        self._overwrite_due = True

    def __len__(self) -> int:
        """Commands waiting for their commit."""
        return len(self._waiting)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Own the writing task; what waits or is under way when the block ends is written first."""
        self.epoch = await self._epoch()
        self._open = True
        loop = asyncio.create_task(self._run(), name="realtime.writer")
        try:
            yield
        finally:
            self._open = False
            self._some.set()
            await asyncio.wait({loop}, timeout=ENDING_S)
            loop.cancel()
            await asyncio.gather(loop, return_exceptions=True)

    async def submit(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        if not self._open:
            raise Unavailable
        if len(self._waiting) >= MOST_WAITING:
            raise TooManyRequests
        command = _Command(work, asyncio.get_running_loop().create_future())
        self._waiting.append(command)
        self._some.set()
        # Safe: the answer is what ``work`` returned.
        return cast("T", await command.answer)

    def relayed(self, relay: str) -> None:
        """Publications have been handed to the broker: their task goes with the next commit."""
        self._relayed.append(relay)

    async def tidy(self) -> None:
        """Do, once a second, what no command has come to take along."""
        if self._open and self._relayed and not self._waiting:
            await self.submit(_nothing)
        if self._overwrite_due:
            # Cleared before, not after: a key shredded meanwhile must be overwritten too.
            self._overwrite_due = done = False
            try:
                done = await self._database.overwrite()
            finally:
                self._overwrite_due = self._overwrite_due or not done

    async def _run(self) -> None:
        try:
            while self._waiting or self._open:
                if not self._waiting:
                    self._some.clear()
                    await self._some.wait()
                    continue
                most = min(len(self._waiting), MOST_IN_A_BATCH)
                batch = [self._waiting.popleft() for _ in range(most)]
                await self._settle([it for it in batch if not it.answer.done()])
        finally:
            # Whatever ended it, nobody must wait for a commit that will not come.
            self._open = False
            _fail(self._waiting, Unavailable())
            self._waiting.clear()

    async def _settle(self, batch: list[_Command]) -> None:
        """Commit a batch; a command that spoils it for all is refused, the others start again."""
        while batch:
            try:
                await self._commit(batch)
            except _Spoiled as spoiled:
                log.warning(
                    "writer.command_spoiled_batch",
                    commands=len(batch),
                    error=type(spoiled.cause.orig).__name__,
                    statement=spoiled.cause.statement,
                )
                _fail([spoiled.command], Unavailable())
                batch.remove(spoiled.command)
                continue
            except (Failed, OSError) as error:
                log.warning("writer.no_commit", commands=len(batch), error=type(error).__name__)
                _fail(batch, Unavailable())
            except Exception as error:
                log.exception("writer.bug", error=type(error).__name__)
                _fail(batch, AppError())
            except BaseException:
                _fail(batch, Unavailable())
                raise
            return

    async def _commit(self, batch: list[_Command]) -> None:
        now = self._clock.now()
        total = Effects()
        answers: list[tuple[_Command, object]] = []
        refusals: list[tuple[_Command, Exception]] = []
        relayed = tuple(self._relayed)
        async with self._database.writing() as db, db.begin():
            for command in batch:
                tx = self._transaction(db, now, total)
                refusal, answer = await _attempt(command, tx)
                if refusal is None:
                    total.add(tx.effects)
                    answers.append((command, answer))
                else:
                    refusals.append((command, refusal))
            done = await self._ending.write(self._transaction(db, now, total), total, relayed)
        del self._relayed[: len(relayed)]
        self._overwrite_due = self._overwrite_due or bool(total.shredded)
        for action in total.actions:
            _do_after_commit(action)
        _do_after_commit(partial(self.committed, done))
        for command, answer in answers:
            if not command.answer.done():
                command.answer.set_result(answer)
        for command, refusal in refusals:
            _fail([command], refusal)

    def _transaction(self, db: Connection, now: datetime, before: Effects) -> Transaction:
        return Transaction(db, now, self._seals, self.epoch, self._ids, self._channels, before)

    async def _epoch(self) -> str:
        with translating(Failed, OSError, into=Unavailable):
            async with self._database.writing() as db, db.begin():
                known = await store.epoch(db)
                if known is None:
                    known = self._ids()
                    await store.put_epoch(db, known)
        return known


class _Spoiled(Exception):
    def __init__(self, command: _Command, cause: Refused) -> None:
        super().__init__()
        self.command = command
        self.cause = cause


async def _attempt(command: _Command, tx: Transaction) -> tuple[Exception | None, object]:
    """Run one command under its own savepoint: why it was undone, or its answer."""
    try:
        async with tx.db.begin_nested():
            return None, await command.work(tx)
    except Duplicate:
        return Conflict(), None
    except Refused as error:
        # The engine may have undone more than this command's savepoint.
        raise _Spoiled(command, error) from error
    except asyncio.CancelledError:
        if _being_cancelled():
            raise
        log.exception("writer.command_cancelled_itself")
        return AppError(), None
    except Exception as error:  # noqa: BLE001 - it is for whoever submitted the command
        return error, None


def _being_cancelled() -> bool:
    """Whether it is the writer that must stop, and not a command that awaited something dead."""
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0


def _do_after_commit(action: Callable[[], None]) -> None:
    try:
        action()
    except Exception:
        # What is committed is committed: its authors must not be told that it was not.
        log.exception("writer.after_commit_failed")


def _fail(batch: Iterable[_Command], error: Exception) -> None:
    for command in batch:
        if not command.answer.done():
            command.answer.set_exception(error)


async def _nothing(tx: Transaction) -> None:
    """A command without a body: the commit is what is wanted."""
