"""Statements said at every command: built and compiled once, then said to the driver itself.

SQLAlchemy's way to the driver takes four times as long as the driver with the statement
(DECISIONS 7). What goes wrong is still told by it: the same errors, and a lost line is given up.
"""

from collections import namedtuple
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NoReturn, cast

from sqlalchemy import ClauseElement, Connection, Dialect
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.util import greenlet_spawn

from realtime.sql.thread import Line
from realtime.sql.types import Texts

#: Rows said at once in the loop's thread; with more it goes to the other one, where nobody waits
#: for it. One search offers 57 people something in a commit; sixty-four that share one, 3,648.
MOST_ROWS_AT_ONCE = 64
#: Names of one list looked for at once: each may be of thirty rows, a microsecond each.
MOST_NAMES_AT_ONCE = 256
#: What a type makes of a value on its way; None: it stays as it is.
Turn = Callable[[Any], Any] | None  # Any: whatever a column holds
#: As of SQLAlchemy's rows: columns are found by their names.
Row = Any


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement as one driver takes it."""

    text: str
    #: What it is given that are lists of names.
    lists: Sequence[str]
    #: What it is given, in order: its name, and what it is unless it is said.
    given: Sequence[tuple[str, object, Turn]]
    #: Makes a row that has the names of its columns.
    row: Callable[..., Row]
    answered: Sequence[Turn]

    def values(self, named: Mapping[str, object]) -> list[object]:
        values = [(named.get(name, fixed), turn) for name, fixed, turn in self.given]
        return [value if turn is None else turn(value) for value, turn in values]

    def names(self, named: Mapping[str, object]) -> int:
        """How many there are in the longest list."""
        return max((len(cast("Sequence[str]", named[it])) for it in self.lists), default=0)

    def read(self, row: Sequence[object]) -> Row:
        turned = zip(row, self.answered, strict=True)
        return self.row(*[value if turn is None else turn(value) for value, turn in turned])


class Often:
    """A statement of Core; what it does not say itself is given by its name when it is said."""

    def __init__(self, statement: ClauseElement, *, may_be_long: bool = False) -> None:
        """``may_be_long``: it may go through many rows, so it is never said at once."""
        self._statement = statement
        self._may_be_long = may_be_long
        #: By the name of the dialect.
        self._plans: dict[str, Plan] = {}

    async def rows(self, db: AsyncConnection, named: Mapping[str, object]) -> Sequence[Row]:
        """All that it answers."""
        driver = _driver_of(db)
        if driver is None:
            return (await db.execute(cast("Any", self._statement), named)).all()
        plan = self._plan(db.dialect)
        values = plan.values(named)
        async with _telling(db, plan.text):
            if isinstance(driver, Line):
                aside = self._may_be_long or plan.names(named) > MOST_NAMES_AT_ONCE
                found = await driver.ask(plan.text, values, aside=aside)
            else:
                found = await driver.fetch(plan.text, *values)
        return [plan.read(row) for row in found]

    async def first(self, db: AsyncConnection, named: Mapping[str, object]) -> Row:
        """The first row, or None."""
        found = await self.rows(db, named)
        return found[0] if found else None

    async def rows_of_each(
        self, db: AsyncConnection, many: Sequence[Mapping[str, object]]
    ) -> Sequence[Row]:
        """All that it answers of each in turn."""
        driver = _driver_of(db)
        if not isinstance(driver, Line):
            # A server is told them all in one statement.
            return (await db.execute(cast("Any", self._statement), many)).all()
        plan = self._plan(db.dialect)
        async with _telling(db, plan.text):
            aside = len(many) > MOST_ROWS_AT_ONCE
            found = await driver.ask_each(plan.text, map(plan.values, many), aside=aside)
        return [plan.read(row) for row in found]

    async def each(self, db: AsyncConnection, many: Sequence[Mapping[str, object]]) -> None:
        """Say it of each in turn: it answers nothing."""
        driver = _driver_of(db)
        if driver is None:
            await db.execute(cast("Any", self._statement), many)
            return
        plan = self._plan(db.dialect)
        async with _telling(db, plan.text):
            if isinstance(driver, Line):
                # Where they are many their values are made in the other thread too.
                rows = max([len(many), *map(plan.names, many)] if plan.lists else [len(many)])
                aside = rows > MOST_ROWS_AT_ONCE
                await driver.tell_each(plan.text, map(plan.values, many), aside=aside)
            else:
                await driver.executemany(plan.text, [plan.values(it) for it in many])

    def _plan(self, dialect: Dialect) -> Plan:
        return self._plans.get(dialect.name) or self._planned(dialect)

    def _planned(self, dialect: Dialect) -> Plan:
        compiled = cast("SQLCompiler", self._statement.compile(dialect=dialect))
        turns = cast("Mapping[str, Turn]", compiled._bind_processors)
        columns = compiled._result_columns
        plan = self._plans[dialect.name] = Plan(
            text=compiled.string,
            lists=[name for name, it in compiled.binds.items() if isinstance(it.type, Texts)],
            given=[
                (name, compiled.binds[name].value, turns.get(name))
                for name in compiled.positiontup or ()
            ],
            row=namedtuple("Row", [it.keyname for it in columns]),
            answered=[
                it.type.dialect_impl(dialect).result_processor(dialect, None) for it in columns
            ],
        )
        return plan


async def say(db: AsyncConnection, text: str) -> None:
    """Say something to PostgreSQL that answers nothing, as it is."""
    driver = _driver_of(db)
    if driver is None:
        await db.exec_driver_sql(text)
        return
    async with _telling(db, text):
        await driver.execute(text)


@asynccontextmanager
async def _telling(db: AsyncConnection, text: str) -> AsyncGenerator[None]:
    """Have what goes wrong with a statement told by SQLAlchemy."""
    try:
        yield
    except BaseException as error:
        await greenlet_spawn(_tell, db.sync_connection, text, error)
        raise


def _driver_of(db: AsyncConnection) -> Any:  # noqa: ANN401 - asyncpg's connection has no types
    """The driver's connection; None where SQLAlchemy would have to begin a transaction first."""
    line = db.sync_connection if isinstance(db, AsyncConnection) else None
    if line is None or not line.in_transaction():
        return None
    pooled = line.connection
    # asyncpg's transactions begin with the first statement that SQLAlchemy says.
    begun = getattr(pooled.dbapi_connection, "_transaction", pooled)
    return None if begun is None else pooled.driver_connection


def _tell(line: Connection, text: str, error: BaseException) -> NoReturn:
    """Raise what SQLAlchemy would have raised, having done what it does about it."""
    told = _translated(line, error)
    known = isinstance(told, line.dialect.loaded_dbapi.Error)
    try:
        raise told  # noqa: TRY301 - SQLAlchemy looks at what is being handled
    except BaseException as raised:  # noqa: BLE001 - it is raised again
        line._handle_dbapi_exception(raised, text if known else None, None, None, None)


def _translated(line: Connection, error: BaseException) -> BaseException:
    """A driver's error as SQLAlchemy's adapter of that driver has it."""
    adapted = line.connection.dbapi_connection
    translate = getattr(adapted, "_handle_exception", None)
    if translate is None or not isinstance(error, Exception):
        return error
    try:
        translate(error)
    except Exception as told:  # noqa: BLE001 - it is raised a little later
        return told
    return error
