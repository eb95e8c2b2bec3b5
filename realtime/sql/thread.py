"""SQLite's driver, going to its thread once a statement.

As it comes it goes there four times: for a cursor, to execute, to fetch, to close. Each time is two
switches between threads, and together they took longer than the statement (DECISIONS 6).
"""

import sqlite3
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Self, cast

import aiosqlite

#: Rows that the driver's own cursors fetch at a time; ours fetch all.
CHUNK = 64
#: A savepoint that follows another of the same transaction, once that one's end has been said.
MARK, RELEASE = "SAVEPOINT command", "RELEASE SAVEPOINT command"


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

    def cursor(self) -> Cursor:  # type: ignore[override]  # as much of one as SQLAlchemy asks for
        return Cursor(self)

    async def ask(self, statement: str, values: Iterable[object]) -> list[Any]:
        """All that a statement answers."""
        answer: list[Any]  # Any: rows have whatever columns were asked for
        answer = await self._execute(self._asked, statement, values)  # type: ignore[no-untyped-call]
        return answer

    async def executemany(  # type: ignore[override]  # nobody needs its cursor
        self, statement: str, rows: Iterable[Iterable[object]]
    ) -> None:
        await self._execute(self._done_many, statement, rows)  # type: ignore[no-untyped-call]

    def _done_many(self, statement: str, rows: Iterable[Iterable[object]]) -> None:
        self.say_mark()
        self._conn.executemany(statement, cast("Any", rows))

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
        """In the thread, before each statement."""
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
        await self._execute(work, self._conn, *given)  # type: ignore[no-untyped-call]  # theirs has none


def connect(file: str, *, check_same_thread: bool) -> Line:
    """A connection that is opened when it is awaited."""
    line = Line(partial(sqlite3.connect, file, check_same_thread=check_same_thread), CHUNK)
    # As SQLAlchemy does with those it makes: nobody waits for it at the end of the process.
    line._thread.daemon = True
    return line
