"""One transaction of the writer: commands under savepoints, what they say at the end, COMMIT.

A command that is by itself needs no savepoint: it is undone with the transaction.

What went wrong is told by what it was. A command that another node was in the way of is *set aside*
to be run alone; one that the engine refused, or that gave up a statement and the line with it,
spoils the transaction for all (``Spoiled``); a line lost before COMMIT was said has done nothing
(``Broken``). Whatever else fails, nobody knows.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from realtime.commit import Committed, Ending
from realtime.kernel.errors import AppError, Conflict, Unavailable
from realtime.ledger import Effects, Transaction
from realtime.sql import Connection, Database, Duplicate, Failed, Refused, is_in_the_way, is_lost

log = structlog.get_logger(__name__)

#: How long a command that runs alone waits for an object that another node is changing.
ALONE_S = 1.0
#: How long the end of a commit waits for the streams that all nodes write to: longer than the
#: server lets a node hold them without a word (``realtime/sql/postgres.py``).
ENDING_S = 4.5


@dataclass(slots=True, eq=False)
class Command:
    work: Callable[[Transaction], Awaitable[object]]
    answer: asyncio.Future[object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How commands are run."""

    #: Each in a transaction of its own, so that it may wait for other nodes.
    alone: bool = False
    #: Whoever is in the way now is in the way for good.
    last: bool = False


@dataclass(slots=True)
class Batch:
    """What became of some commands, once committed."""

    answers: list[tuple[Command, object]] = field(default_factory=list)
    refusals: list[tuple[Command, Exception]] = field(default_factory=list)
    #: Another node was in their way: they have done nothing.
    set_aside: list[Command] = field(default_factory=list)
    effects: Effects = field(default_factory=Effects)
    left: Committed = field(default_factory=lambda: Committed((), (), None))


class Spoiled(Exception):
    """A command has undone, or may have, what the others had done before it.

    ``cause``: what the engine refused; None: the command did not wait for its own statement.
    """

    def __init__(self, command: Command, cause: Refused | None = None) -> None:
        super().__init__()
        self.command = command
        self.cause = cause


class Broken(Exception):
    """The line was lost before COMMIT was said: nothing has been done."""


class InTheWay(Exception):
    """Another node held what all commands need at the end: nothing has been done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """Runs commands in one transaction."""

    database: Database
    ending: Ending
    now: Callable[[Connection], Awaitable[datetime]]
    #: A transaction, at a moment, that knows what earlier commands of the batch have done.
    begin: Callable[[Connection, datetime, Effects], Transaction]

    @asynccontextmanager
    async def committed(
        self, commands: list[Command], manner: Manner, relayed: tuple[str, ...]
    ) -> AsyncGenerator[Batch]:
        """Run and commit; the line is given back after the block, which nobody should wait for.

        Errors but the three above: it is not known whether anything was done.
        """
        batch, committing, kept = Batch(), False, False
        try:
            async with self.database.writing() as db:
                outer = await db.begin()
                if await self._fill(batch, db, commands, manner, relayed):
                    committing = True
                    await outer.commit()
                    kept = True
                else:
                    await outer.rollback()
                yield batch
        except (Failed, OSError) as error:
            if is_in_the_way(error) and not kept:
                raise InTheWay from error
            if is_lost(error) and not committing:
                raise Broken from error
            raise

    async def _fill(
        self,
        batch: Batch,
        db: Connection,
        commands: list[Command],
        manner: Manner,
        relayed: tuple[str, ...],
    ) -> bool:
        """Do all that is to be committed; whether there is anything."""
        if manner.alone:
            await self.database.patience(db, ALONE_S)
        now = await self.now(db)
        # One by itself is undone with the transaction.
        apart = await self.database.apart(db) if len(commands) > 1 else nullcontext
        for command in commands:
            tx = self.begin(db, now, batch.effects)
            await self._attempt(batch, command, tx, apart(), manner)
            if db.invalidated:
                raise Spoiled(command)
        if not batch.answers:
            return False
        end = self.begin(db, now, batch.effects)
        plan = await self.ending.plan(end, batch.effects, relayed)
        # Everybody writes to these: from here on we wait in turn, and then go quickly.
        await self.database.patience(db, ENDING_S)
        batch.left = await self.ending.number(end, batch.effects, plan)
        return True

    async def _attempt(
        self,
        batch: Batch,
        command: Command,
        tx: Transaction,
        apart: AbstractAsyncContextManager[object],
        manner: Manner,
    ) -> None:
        """Run one command, apart from the others, and note what became of it."""
        try:
            async with apart:
                answer = await self._work(command, tx)
        except asyncio.CancelledError:
            if _being_cancelled():
                raise
            log.exception("writer.command_cancelled_itself")
            batch.refusals.append((command, AppError()))
        except Exception as error:
            if self._lost(error):
                raise
            refusal = self._refusal(command, error, manner)
            if refusal is None:
                batch.set_aside.append(command)
            else:
                batch.refusals.append((command, refusal))
        else:
            batch.effects.add(tx.effects)
            batch.answers.append((command, answer))

    def _refusal(self, command: Command, error: Exception, manner: Manner) -> Exception | None:
        """What to answer to a command that was undone; None: it may succeed by itself."""
        final = manner.last or not self.database.shared
        if isinstance(error, Duplicate):
            # On a shared database the row may have come after this command had looked.
            return Conflict() if final else None
        if not isinstance(error, Refused):
            return error
        if not is_in_the_way(error):
            # The engine may have undone more than this command's savepoint.
            raise Spoiled(command, error) from error
        return Unavailable() if final else None

    async def _work(self, command: Command, tx: Transaction) -> object:
        try:
            return await command.work(tx)
        except Exception as error:
            if tx.db.invalidated and not isinstance(error, Refused):
                # It gave up a statement: SQLAlchemy has given up the line, which was not lost.
                raise Unavailable from error
            if self._lost(error):
                # Nobody is there to be asked to go back to the savepoint.
                await tx.db.invalidate()
            raise

    def _lost(self, error: Exception) -> bool:
        """Whether the line to a server is; without a server there is none to lose."""
        return self.database.shared and is_lost(error)


def _being_cancelled() -> bool:
    """Whether it is the writer that must stop, and not a command that awaited something dead."""
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0
