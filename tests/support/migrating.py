"""Databases at any point of their history, filled with rows, and compared with what is declared.

Run as a program it does in a process of its own what a test must not do in its own: move a database
(and perhaps be killed), or compare schemas when only our own tables are declared.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    BLOB,
    Connection,
    MetaData,
    Table,
    create_engine,
    inspect,
    select,
    text,
)
from sqlalchemy.types import BigInteger, Boolean, Float, Integer

from realtime.sql import Database, metadata
from tests.support.pure_files import PACKAGES, ROOT
from web.migrations.history import Revision
from web.migrations.running import VERSIONS, move, newest

#: What a program of before migrations made, as SQLite wrote it down.
ISSUE_2 = Path(__file__).with_name("issue_2.sql")
Rows = dict[str, list[tuple[object, ...]]]


def old_tables() -> dict[str, Table]:
    """The tables as a program of before migrations knows them."""
    tables, engine = MetaData(), create_engine("sqlite://")
    with engine.begin() as db:
        for statement in ISSUE_2.read_text(encoding="utf-8").splitlines():
            db.execute(text(statement))
        tables.reflect(db)
    engine.dispose()
    return dict(tables.tables)


def make_as_before(path: Path) -> None:
    """A database file as a program of before migrations left it: no word of migrations in it."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as db:
        for statement in ISSUE_2.read_text(encoding="utf-8").splitlines():
            db.execute(text(statement))
        fill(db)
    engine.dispose()


def fill(db: Connection, *, first: int = 1) -> None:
    """Three rows in each of the old tables, said by the old program's statements."""
    for table in old_tables().values():
        db.execute(table.insert(), [_row(table, number) for number in range(first, first + 3)])


def content(db: Connection) -> Rows:
    """What the old program sees in each of its tables."""
    return {
        name: [
            tuple(bytes(it) if isinstance(it, memoryview) else it for it in row)
            for row in db.execute(select(table).order_by(*table.primary_key.columns))
        ]
        for name, table in old_tables().items()
    }


def _row(table: Table, number: int) -> dict[str, object]:
    return {it.name: _value(it.type, it.name, number) for it in table.columns}


def _value(kind: object, name: str, number: int) -> object:
    match kind:
        case BLOB():
            return bytes([number, 0, 255])
        case Boolean():
            return number % 2 == 0
        case BigInteger():
            return 2**40 + number
        case Integer():
            return number
        case Float():
            return 40.0 + number / 7
        case _:
            return f"{name} {number} d'été"


@asynccontextmanager
async def opened(url: str) -> AsyncGenerator[Database]:
    database = await asyncio.to_thread(Database.open, url)
    try:
        yield database
    finally:
        await database.close()


def schema(db: Connection) -> Mapping[str, object]:
    """Everything about tables that two databases can differ in."""
    seen, found = inspect(db), {}
    for name in set(seen.get_table_names()) - {"alembic_version", "spatial_ref_sys"}:
        found[name] = {
            "columns": {
                it["name"]: (str(it["type"]), it["nullable"], it["default"])
                for it in seen.get_columns(name)
            },
            "key": seen.get_pk_constraint(name)["constrained_columns"],
            "unique": sorted(it["column_names"] for it in seen.get_unique_constraints(name)),
        }
    if db.dialect.name == "postgresql":
        indexes = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    else:
        indexes = "SELECT name, sql FROM sqlite_master WHERE type = 'index' OR sql LIKE '%VIRTUAL%'"
    known = {f"index {name}": sql for name, sql in db.execute(text(indexes)) if sql is not None}
    return {**found, **{name: known[name] for name in known if "alembic" not in name}}


def _declare_all() -> None:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("store.py")):
            if "node_modules" not in path.parts:
                import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def _by_alembic(db: Connection) -> list[object]:
    ours = set(metadata.tables)

    def include(it: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
        if kind == "table":
            # Those of PostGIS, and the parts of an R*Tree.
            return not reflected or name in ours or not str(name).startswith(("spatial_", *_spots))
        # An index that only one engine has is compared by ``schema``.
        return not (kind == "index" and str(name).endswith("_place"))

    _spots = tuple(f"{name}_spot" for name in ours)
    options = {
        "include_object": include,
        "compare_type": _same_type,
        "compare_server_default": True,
    }
    return list(compare_metadata(MigrationContext.configure(db, opts=options), metadata))


def _same_type(
    context: object, column: object, declared: object, found: object, kind: object
) -> bool | None:
    # Compared by ``schema``: only we know what a place is on each engine.
    return False if type(kind).__name__ == "GeoPoint" else None


async def _differences(migrated: str, declared: str) -> list[str]:
    """What is not alike in a database that was migrated and one made from the declarations."""
    _declare_all()
    await move(migrated, newest())
    async with opened(declared) as made, opened(migrated) as moved:
        await made.create_tables()
        async with made.snapshot() as db:
            wanted = await db.run_sync(schema)
        async with moved.snapshot() as db:
            found = await db.run_sync(schema)
            said = [str(it) for it in await db.run_sync(_by_alembic)]
    names = sorted(wanted.keys() | found.keys())
    return said + [
        f"{name}: declared {wanted.get(name)}, migrated {found.get(name)}"
        for name in names
        if wanted.get(name) != found.get(name)
    ]


async def _run(verb: str, url: str, *rest: str) -> None:
    if verb == "differences":
        sys.stdout.write("\n".join(await _differences(url, rest[0])))
    else:
        goal, *folders = rest
        moved = await move(url, Revision.read(goal), (VERSIONS, *map(Path, folders)))
        sys.stdout.write(moved.sentence)


if __name__ == "__main__":
    asyncio.run(_run(*sys.argv[1:]))
