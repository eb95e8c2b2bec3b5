"""SQLite's driver, going to its thread once a statement, and for some not at all.

As it comes it goes there four times: for a cursor, to execute, to fetch, to close. Each time is two
switches between threads, and together they took longer than the statement (DECISIONS 6). What is
said at every command finds rows by their keys and never waits: it is carried out *at once*, in the
loop's own thread, and only what reaches the disk goes to the other one (DECISIONS 10).
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Self, TypeVar, cast

import aiosqlite

T = TypeVar("T")

#: Rows that the driver's own cursors fetch at a time; ours fetch all.
CHUNK = 64
#: How transactions begin.
READ, WRITE = "BEGIN", "BEGIN IMMEDIATE"
#: A savepoint that follows another of the same transaction, once that one's end has been said.
MARK, RELEASE = "SAVEPOINT command", "RELEASE SAVEPOINT command"
#: Statements carried out at once before everybody else has a turn of the loop: some 20 µs each.
MOST_AT_ONCE = 8
#: How long who wants to write waits for another process that does.
BUSY_MS = 5_000
_WAIT, _DO_NOT_WAIT = f"PRAGMA busy_timeout={BUSY_MS}", "PRAGMA busy_timeout=0"


class Cursor:
    """What SQLAlchemy asks of a cursor; once a statement is done its rows are here."""

    def __init__(self, line: "Line") -> None:
        self._line = line
        self._rows: list[Any] = []  # Any: rows have whatever columns were asked for
        self.description: tuple[Any, ...] | None = None  # Any: as the driver says it
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, values: Iterable[object] = ()) -> None:
        await self._line.within(self._do, sqlite3.Cursor.execute, statement, values)

    async def executemany(self, statement: str, rows: Iterable[Iterable[object]]) -> None:
        await self._line.within(self._do, sqlite3.Cursor.executemany, statement, rows)

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        """It is closed: nothing is left in the thread."""

    def _do(
        self,
        driver: sqlite3.Connection,
        run: Callable[..., object],
        statement: str,
        values: Iterable[object],
    ) -> None:
        self._line.say_mark()
        cursor = driver.cursor()
        try:
            run(cursor, statement, values)
            self.description, self.lastrowid = cursor.description, cursor.lastrowid
            self._rows = cursor.fetchall()
            # Only now: a statement that changes and answers counts as its rows are fetched.
            self.rowcount = cursor.rowcount
        finally:
            cursor.close()


class Line(aiosqlite.Connection):
    """A connection whose cursors are those above."""

    #: Whether a savepoint is to be said before the next statement, and whether one stands.
    _due = _marked = False
    #: Whether the transaction is one that only reads.
    _reads = False
    #: Works given to the thread, and those it has done: who is cancelled leaves one under way.
    _given = _done = 0
    #: Statements since the loop had a turn.
    _in_turn = 0

    def cursor(self) -> Cursor:  # type: ignore[override]  # as much of one as SQLAlchemy asks for
        return Cursor(self)

    def begun(self, statement: str) -> bool:
        """Begin a transaction, unless that has to be waited for; False: nothing was done."""
        if not self._is_free:
            return False
        try:
            self.at_once(self._begin, statement)
        except (sqlite3.Error, ValueError):
            # Whoever asks again in the thread waits, or is told why not.
            return False
        return True

    async def ask(
        self, statement: str, values: Iterable[object], *, aside: bool = False
    ) -> list[Any]:
        """All that a statement answers; ``aside``: in the thread, as it may take long."""
        return await self._said(self._asked, statement, values, aside=aside)

    async def ask_each(
        self, statement: str, many: Iterable[Iterable[object]], *, aside: bool = False
    ) -> list[Any]:
        """The same for several values in turn: all that they answer."""
        return await self._said(self._asked_each, statement, many, aside=aside)

    async def tell_each(
        self, statement: str, many: Iterable[Iterable[object]], *, aside: bool = False
    ) -> None:
        """The same, of what answers nothing."""
        await self._said(self._told_each, statement, many, aside=aside)

    async def commit(self) -> None:
        # What has only read reaches no disk.
        if self._reads and self._is_free:
            self.at_once(self._conn.commit)
        else:
            await super().commit()

    async def rollback(self) -> None:
        # Most have been committed when they are given back.
        if self._is_free and (self._reads or not self._conn.in_transaction):
            self.at_once(self._conn.rollback)
        else:
            await super().rollback()

    def at_once(self, work: Callable[..., T], *given: object) -> T:
        """Do what never waits, in the thread of the loop."""
        return work(*given)

    @property
    def _is_free(self) -> bool:
        """Whether the thread has nothing of ours under way: two at a time would wait crosswise."""
        return self._given == self._done

    async def _said(self, work: Callable[..., T], *given: object, aside: bool) -> T:
        if aside:
            return cast("T", await self._execute(work, *given))
        self._in_turn += 1
        if self._in_turn > MOST_AT_ONCE:
            self._in_turn = 1
            await asyncio.sleep(0)
        if self._is_free:
            return self.at_once(work, *given)
        return cast("T", await self._execute(work, *given))

    async def _execute(self, fn: Callable[..., Any], *args: object, **kwargs: object) -> Any:  # noqa: ANN401 - as theirs
        self._given += 1
        self._in_turn = 0
        return await super()._execute(self._counted, fn, *args, **kwargs)  # type: ignore[no-untyped-call]

    def _counted(self, work: Callable[..., Any], *given: object, **named: object) -> Any:  # noqa: ANN401 - as theirs
        try:
            return work(*given, **named)
        finally:
            self._done += 1

    def _begin(self, statement: str) -> None:
        self._reads = statement == READ
        if self._reads:
            self._conn.execute(statement)
            return
        self._conn.execute(_DO_NOT_WAIT)
        try:
            self._conn.execute(statement)
        finally:
            self._conn.execute(_WAIT)

    def _told_each(self, statement: str, many: Iterable[Iterable[object]]) -> None:
        self.say_mark()
        self._conn.executemany(statement, cast("Any", many))

    def _asked_each(self, statement: str, many: Iterable[Iterable[object]]) -> list[Any]:
        return [row for values in many for row in self._asked(statement, values)]

    def unmark(self) -> None:
        """A transaction has begun: it has no savepoint."""
        self._due = self._marked = False

    def mark(self) -> None:
        """What is done from here on may be undone by itself."""
        self._due = True

    def take_mark_back(self) -> None:
        """What is said next belongs to no block."""
        self._due = False

    @property
    def has_said(self) -> bool:
        """Whether anything has been, since the mark."""
        return not self._due

    def say_mark(self) -> None:
        """Before each statement, where it is carried out."""
        if self._due:
            self._due = False
            if self._marked:
                self._conn.execute(RELEASE)
            self._conn.execute(MARK)
            self._marked = True

    def _asked(self, statement: str, values: Iterable[object]) -> list[Any]:
        self.say_mark()
        return self._conn.execute(statement, cast("Any", values)).fetchall()

    async def within(self, work: Callable[..., None], *given: object) -> None:
        """Do something with the driver itself, in its thread."""
        await self._execute(work, self._conn, *given)


def connect(file: str, *, check_same_thread: bool) -> Line:
    """A connection that is opened when it is awaited."""
    line = Line(partial(sqlite3.connect, file, check_same_thread=check_same_thread), CHUNK)
    # As SQLAlchemy does with those it makes: nobody waits for it at the end of the process.
    line._thread.daemon = True
    return line
