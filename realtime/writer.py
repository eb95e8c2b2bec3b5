"""One task that writes: it runs the waiting commands under savepoints, in one commit.

A commit that survives a power cut costs a disk flush; fifty commands that share it cost almost one
(DESIGN 5). Several nodes may write to one PostgreSQL: a command that meets another node's is run
again by itself. ``batch.py`` is one transaction; what becomes of its commands is decided here.
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial
from typing import TypeVar, cast

import structlog

from realtime import store
from realtime.batch import Batch, Broken, Command, InTheWay, Manner, Runner, Spoiled
from realtime.channels import ChannelTable
from realtime.commit import RELAY, Committed, Ending
from realtime.haste import Haste
from realtime.kernel.clock import Clock, FollowingClock
from realtime.kernel.errors import AppError, TooManyRequests, Unavailable, translating
from realtime.kernel.ids import Ids
from realtime.ledger import Effects, Transaction
from realtime.seal import Seals
from realtime.sql import Connection, Database, Failed

__all__ = ["RELAY", "Committed", "Writer"]

log = structlog.get_logger(__name__)
T = TypeVar("T")

#: Commands in one commit. Beyond it the first would wait too long for the last.
MOST_IN_A_BATCH = 64
#: Commands waiting. Beyond it new ones are refused, for now, rather than made to wait for nothing.
MOST_WAITING = 5_000
#: While others come without end, one that is patient is let in between them that often.
PATIENT_S = 1.0
#: How often a command that meets another node's is run by itself, before it is refused for now.
MOST_TRIES = 3
#: Before it is run once more; no longer, as all others wait meanwhile.
APART_S = 0.1
#: Lines to the database that commands are tried on.
MOST_LINES = 2
#: How long the end of ``running`` waits for what is under way.
ENDING_S = 10.0


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
        self._runner = Runner(
            database=database,
            ending=Ending(channels, seals, shared=database.shared),
            now=self._now,
            begin=self._transaction,
        )
        #: Told of every commit, in order; set by whoever delivers.
        self.committed = committed
        #: Of every stream in this database; known once running.
        self.epoch = ""
        self._waiting: dict[Haste, deque[Command]] = {haste: deque() for haste in Haste}
        self._patient_from = 0.0
        #: Whether something urgent is on its way here; set by whoever knows.
        self.pressed: Callable[[], bool] = lambda: False
        self._some = asyncio.Event()
        self._open = False
        self._relayed: list[str] = []
        #: Told of every commit's seconds and commands; set by whoever measures.
        self.measured: Callable[[float, int], None] = lambda seconds, commands: None
        #: Commands that met another node's, since the start: for the metrics.
        self.set_aside = 0
        #: Keys were shredded, perhaps by a process that died at once: their pages are overwritten.
        self._overwrite_due = True

    def __len__(self) -> int:
        """Commands waiting for their commit."""
        return sum(map(len, self._waiting.values()))

    @property
    def at_work(self) -> bool:
        """Whether a command waits for its commit, or one is under way."""
        return self._some.is_set()

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

    async def submit(
        self, work: Callable[[Transaction], Awaitable[T]], *, haste: Haste = Haste.USUAL
    ) -> T:
        """Run a command in the next commit of its haste that has room for it."""
        if not self._open:
            raise Unavailable
        waiting = self._waiting[haste]
        if len(waiting) >= MOST_WAITING:
            raise TooManyRequests
        command = Command(work, asyncio.get_running_loop().create_future())
        waiting.append(command)
        self._some.set()
        # Safe: the answer is what ``work`` returned.
        return cast("T", await command.answer)

    def look_again(self) -> None:
        """Whoever said that something urgent is on its way may not say so any more."""
        if self._waiting[Haste.PATIENT]:
            self._some.set()

    def relayed(self, relay: str) -> None:
        """Publications have been handed to the broker: their task goes with the next commit."""
        self._relayed.append(relay)

    async def tidy(self) -> None:
        """Do, once a second, what no command has come to take along."""
        late = isinstance(self._clock, FollowingClock) and self._clock.is_late
        if self._open and (self._relayed or late) and not self._waiting[Haste.USUAL]:
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
            while len(self) or self._open:
                if not len(self):
                    self._some.clear()
                    await self._some.wait()
                    continue
                await self._hurry()
                await self._next(Haste.USUAL)
                await self._let_in()
        finally:
            # Whatever ended it, nobody must wait for a commit that will not come.
            self._open = False
            for waiting in self._waiting.values():
                _fail(waiting, Unavailable())
                waiting.clear()

    async def _let_in(self) -> None:
        """Commit one that is patient, if nothing else waits or is on its way, or now and then."""
        patient = self._waiting[Haste.PATIENT]
        if not patient:
            return
        # The loop's time: it is played again with the loop (tests/simulation).
        now = asyncio.get_running_loop().time()
        at_last = self._patient_from + PATIENT_S
        if self._open and now < at_last:
            if len(self) > len(patient):
                return
            if self.pressed():
                self._some.clear()
                with suppress(TimeoutError):
                    # At that very moment: seconds from now may come out a hair before it, for ever.
                    async with asyncio.timeout_at(at_last):
                        await self._some.wait()
                self._some.set()
                return
        # Nobody, if who was first has given up: then the next is looked at.
        if batch := _taken(patient, 1):
            self._patient_from = now
            await self._settle(batch)

    async def _hurry(self) -> None:
        """Commit alarms, then what is urgent, without the others: theirs takes longer."""
        for haste in (Haste.ALARM, Haste.URGENT):
            await self._next(haste)

    async def _next(self, haste: Haste) -> None:
        if self._waiting[haste]:
            await self._settle(_taken(self._waiting[haste], MOST_IN_A_BATCH))

    async def _settle(self, batch: list[Command]) -> None:
        """Commit a batch; whatever happens, everybody is answered."""
        try:
            await self._persist(batch)
        except Exception as error:
            log.exception("writer.bug", error=type(error).__name__)
            _fail(batch, AppError())
        except BaseException:
            _fail(batch, Unavailable())
            raise

    async def _persist(self, batch: list[Command]) -> None:
        """Commit a batch, then by itself each command that another node was in the way of.

        Each of those may wait for that node for seconds: what is urgent goes in between.
        """
        for command in await self._together(list(batch), Manner()):
            self.set_aside += 1
            await self._hurry()
            for attempt in range(MOST_TRIES):
                if attempt:
                    # Two that wait for each other crosswise must not try again together.
                    await asyncio.sleep(random.uniform(0, APART_S))  # noqa: S311
                manner = Manner(alone=True, last=attempt == MOST_TRIES - 1)
                if not await self._together([command], manner):
                    break
            else:
                _fail([command], Unavailable())

    async def _together(self, batch: list[Command], manner: Manner) -> list[Command]:
        """Commit a batch; a command that spoils it for all is refused, the others start again.

        Answers the commands that have done nothing because another node was in the way.
        """
        lines = 0
        while batch:
            try:
                return await self._commit(batch, manner)
            except Spoiled as spoiled:
                _log_spoiled(spoiled, batch)
                _fail([spoiled.command], Unavailable())
                batch.remove(spoiled.command)
            except InTheWay:
                return batch
            except Broken:
                # A server that was restarted in between: a new line may be all that is needed.
                lines += 1
                log.warning("writer.line_lost", commands=len(batch), lines=lines)
                if lines == MOST_LINES:
                    return _fail(batch, Unavailable())
            except (Failed, OSError, AppError) as error:
                log.warning("writer.no_commit", commands=len(batch), error=type(error).__name__)
                return _fail(batch, Unavailable())
        return []

    async def _commit(self, commands: list[Command], manner: Manner) -> list[Command]:
        relayed = tuple(self._relayed)
        start = time.perf_counter()
        async with self._runner.committed(commands, manner, relayed) as done:
            self.measured(time.perf_counter() - start, len(done.answers))
            if done.answers:
                del self._relayed[: len(relayed)]
                self._told(done)
            for command, refusal in done.refusals:
                _fail([command], refusal)
        return done.set_aside

    def _told(self, done: Batch) -> None:
        """A batch is committed: everybody learns it."""
        self._overwrite_due = self._overwrite_due or bool(done.effects.shredded)
        for action in done.effects.actions:
            _do_after_commit(action)
        _do_after_commit(partial(self.committed, done.left))
        for command, answer in done.answers:
            if not command.answer.done():
                command.answer.set_result(answer)

    def _transaction(self, db: Connection, now: datetime, before: Effects) -> Transaction:
        return Transaction(
            db,
            now,
            self._seals,
            self.epoch,
            self._ids,
            self._channels,
            before,
            shared=self._database.shared,
        )

    async def _now(self, db: Connection) -> datetime:
        """The moment of a transaction: the database's, if that is whom our clock follows."""
        if isinstance(self._clock, FollowingClock):
            moment = await self._database.now(db)
            if moment is not None:
                self._clock.follow(moment)
        return self._clock.now()

    async def _epoch(self) -> str:
        with translating(Failed, OSError, into=Unavailable):
            async with self._database.writing() as db, db.begin():
                await self._now(db)
                return await store.settled_epoch(db, self._ids)


def _taken(waiting: deque[Command], most: int) -> list[Command]:
    """The next batch, without those that nobody waits for any more."""
    batch = [waiting.popleft() for _ in range(min(most, len(waiting)))]
    return [it for it in batch if not it.answer.done()]


def _do_after_commit(action: Callable[[], None]) -> None:
    try:
        action()
    except Exception:
        # What is committed is committed: its authors must not be told that it was not.
        log.exception("writer.after_commit_failed")


def _fail(batch: Iterable[Command], error: Exception) -> list[Command]:
    """Answer all with an error; nobody is left to be run again."""
    for command in batch:
        if not command.answer.done():
            command.answer.set_exception(error)
    return []


def _log_spoiled(spoiled: Spoiled, batch: list[Command]) -> None:
    cause = spoiled.cause
    log.warning(
        "writer.command_spoiled_batch",
        commands=len(batch),
        error=type(cause.orig).__name__ if cause else "GivenUp",
        statement=cause.statement if cause else None,
    )


async def _nothing(tx: Transaction) -> None:
    """A command without a body: the commit is what is wanted."""
