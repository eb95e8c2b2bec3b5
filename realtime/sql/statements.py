"""What the two engines say differently, said once: overwriting, locking, the order of text."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    Table,
    any_,
    bindparam,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.dialects.postgresql.dml import Insert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import ReturningInsert

from realtime.sql.types import Connection, Texts

# Any: a statement is locked whatever it selects.
Q = TypeVar("Q", bound=Select[Any])
#: *change*: nobody else may change it or lock it until our commit. *stay*: nobody may change it,
#: others may ask the same. *exist*: nobody may delete it.
Hold = Literal["change", "stay", "exist"]
POSTGRES = "postgresql"
#: Set on every connection on which nothing can be changed.
READ_ONLY = "postgresql_readonly"


def upsert(table: Table, values: Mapping[str, object], *, key: Sequence[str]) -> Insert:
    """Insert a row, or overwrite the one that has the same ``key`` columns."""
    return upsert_all(table, list(values), key=key).values(**values)


def upsert_all(table: Table, columns: Sequence[str], *, key: Sequence[str]) -> Insert:
    """The same for many rows, given when it is executed, that have these columns."""
    # SQLite took this clause from PostgreSQL: SQLAlchemy writes either's for both.
    statement = insert(table)
    changed = {name: statement.excluded[name] for name in columns if name not in key}
    if not changed:
        return statement.on_conflict_do_nothing(index_elements=list(key))
    return statement.on_conflict_do_update(index_elements=list(key), set_=changed)


def add_to(table: Table, *, key: str, amount: str) -> ReturningInsert[Any]:
    """Insert rows, or add to ``amount`` of those that are there; answers what they are then.

    Each row is locked as it is reached, so rows given in order are locked in order.
    """
    statement = insert(table)
    added = {amount: table.c[amount] + statement.excluded[amount]}
    return statement.on_conflict_do_update(index_elements=[key], set_=added).returning(
        table.c[key], table.c[amount]
    )


def claim(table: Table, values: Mapping[str, object] | None = None) -> Insert:
    """Insert a row unless it is there already; waits for whoever is inserting the same.

    ``values``: now, or when it is executed.
    """
    statement = insert(table).on_conflict_do_nothing()
    return statement if values is None else statement.values(**values)


def locked(db: Connection, query: Q, hold: Hold = "change", *, skip: bool = False) -> Q:
    """Lock the rows found until the commit, where this connection may change any.

    A snapshot locks nothing: it could not change what it reads. SQLite has one writer at a time
    and no row locks. ``skip``: leave out what another transaction has locked.
    """
    return locking(query, hold, skip=skip) if may_lock(db) else query


def may_lock(db: Connection) -> bool:
    """Whether anything can be changed on this connection."""
    return READ_ONLY not in db.sync_connection.get_execution_options()  # type: ignore[union-attr]


def locking(query: Q, hold: Hold = "change", *, skip: bool = False) -> Q:
    """The same for a statement that is said in transactions only."""
    return query.with_for_update(read=hold != "change", key_share=hold == "exist", skip_locked=skip)


async def lock_table(db: Connection, table: Table) -> None:
    """Be the only writer of a table until the commit; readers go on. SQLite: we are already."""
    if db.dialect.name == POSTGRES:
        await db.execute(text(f'LOCK TABLE "{table.name}" IN SHARE ROW EXCLUSIVE MODE'))


def by_bytes(db: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    """Text in the order of its bytes, as Python sorts it, whatever the server's language."""
    return column.collate("C") if db.dialect.name == POSTGRES else column


class _Among(ColumnElement[bool]):
    """See ``among``."""

    type = Boolean()
    inherit_cache = False
    _is_implicitly_boolean = True

    def __init__(self, column: ColumnElement[str], name: str) -> None:
        self.column = column
        self.texts = bindparam(name, type_=Texts())


def among(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Whether a text is one of those given by that name: one value, however many they are."""
    return _Among(column, name)


@compiles(_Among, "sqlite")
def _of_json(element: _Among, compiler: SQLCompiler, **given: object) -> str:
    each = func.json_each(element.texts).table_valued("value")
    return compiler.process(element.column.in_(select(each.c.value)), **given)


@compiles(_Among, "postgresql")
def _of_array(element: _Among, compiler: SQLCompiler, **given: object) -> str:
    return compiler.process(element.column == any_(element.texts), **given)
