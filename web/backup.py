"""A copy of the database that can be kept elsewhere, and the way back: ``backup`` and ``restore``.

A copy is taken while everybody goes on, as of one moment. It holds no epoch: whoever serves from it
makes a new one, so that no phone resumes from a place that its streams have not reached again.
It does not hold the keys either: those of objects are in it, locked by the master key, which must
be kept, and kept elsewhere. A copy still has the keys of what was shredded after it was taken.
"""

import asyncio
import contextlib
import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from web.migrate import POSTGIS
from web.settings import BadSettings, Settings

#: The tables of an epoch, and its other name: what a copy must not have.
LINEAGE = "lineage"
#: What ``pg_dump`` and ``pg_restore`` are given to do with a whole country's data.
LONGEST_S = 3 * 3600


async def backup(settings: Settings, file: Path) -> int:
    """Write a copy of the database to a new file that only its owner may read; its size in bytes.

    ``BadSettings`` says why there is none; then there is no file either.
    """
    return await asyncio.to_thread(_backup, settings, file)


async def restore(settings: Settings, file: Path) -> None:
    """Make the database from a copy. It must not be there yet, or be empty: nothing is replaced."""
    await asyncio.to_thread(_restore, settings, file)


def _backup(settings: Settings, file: Path) -> int:
    if file.exists():
        raise BadSettings([f"{file} is there already: a backup replaces nothing"])
    with _draft(file) as draft:
        if settings.database_file is not None:
            _copy_sqlite(settings.database_file, draft)
        else:
            _dump_postgres(settings.database_url, draft)
        return draft.stat().st_size


@contextmanager
def _draft(file: Path) -> Generator[Path]:
    """A file that is there under its own name once it is whole and on the disk, or never."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        # Made by us and not by a tool: nobody else may ever read it.
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        os.link(draft, file)
        folder = os.open(file.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    except OSError as error:
        raise BadSettings([f"{file} cannot be written: {error.strerror}"]) from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


# SQLite.


def _copy_sqlite(database: Path, draft: Path) -> None:
    if not database.is_file():
        raise BadSettings([f"{database}: there is no database to copy"])
    try:
        with (
            contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as live,
            contextlib.closing(sqlite3.connect(draft)) as copy,
        ):
            # All at once: in parts, each commit meanwhile would make it start again.
            live.backup(copy)
            # One file: no log of its own beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
            copy.execute("PRAGMA secure_delete=ON")
            copy.execute(f"DELETE FROM {LINEAGE}")  # noqa: S608 - a name of ours
            copy.commit()
            _check(copy, draft)
    except sqlite3.Error as error:
        raise BadSettings([f"the database cannot be copied ({type(error).__name__})"]) from None


def _check(copy: sqlite3.Connection, file: Path) -> None:
    if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
        raise BadSettings([f"{file.name.lstrip('.')}: the copy is damaged, and so is its source"])


def _restore(settings: Settings, file: Path) -> None:
    if not file.is_file():
        raise BadSettings([f"{file}: there is no such backup"])
    if settings.database_file is None:
        _load_postgres(settings.database_url, file)
        return
    target = settings.database_file
    if target.exists():
        raise BadSettings([f"{target} is there already: stop the service, and move it away first"])
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _draft(target) as draft:
        shutil.copyfile(file, draft)
        try:
            with contextlib.closing(sqlite3.connect(draft)) as copy:
                _check(copy, draft)
                if copy.execute(f"SELECT count(*) FROM {LINEAGE}").fetchone() != (0,):  # noqa: S608
                    raise BadSettings([f"{file} was not made by `./run backup`"])
        except sqlite3.Error:
            raise BadSettings([f"{file} is not a database"]) from None


# PostgreSQL.


def _dump_postgres(url: str, draft: Path) -> None:
    # One schema: extensions belong to whoever runs the server, not to us.
    _tool(
        url,
        "pg_dump",
        *("--format=custom", "--schema=public", "--no-owner", "--no-privileges"),
        f"--exclude-table-data=public.{LINEAGE}",
        # PostGIS brings its own.
        "--exclude-table=public.spatial_ref_sys",
        f"--file={draft}",
    )


def _load_postgres(url: str, file: Path) -> None:
    found = _tool(
        url,
        "psql",
        *("--no-psqlrc", "--tuples-only", "--no-align"),
        f"--command=SELECT to_regclass('public.{LINEAGE}')",
    )
    if found.strip():
        raise BadSettings(["the database is not empty: make a new one, and name it instead"])
    try:
        _tool(
            url,
            "psql",
            *("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"),
            "--command=CREATE EXTENSION IF NOT EXISTS postgis",
        )
    except BadSettings:
        raise BadSettings([POSTGIS]) from None
    _tool(
        url,
        "pg_restore",
        *("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"),
        *("--schema=public", f"--dbname={_environment(url)['PGDATABASE']}", str(file)),
    )


def _tool(url: str, name: str, *arguments: str) -> str:
    """Run one of PostgreSQL's tools. What it says may hold anything: only its kind is told."""
    tool = shutil.which(name)
    if tool is None:
        raise BadSettings([f"{name} is missing: apt-get install postgresql-client"])
    try:
        done = subprocess.run(  # noqa: S603 - a tool found on the path, and words of ours
            [tool, "--no-password", *arguments],
            env={**os.environ, **_environment(url)},
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BadSettings([f"{name} did not end in time"]) from None
    if done.returncode:
        raise BadSettings([f"{name} failed ({done.returncode}): {_reason(done.stderr)}"])
    return done.stdout


def _reason(said: str) -> str:
    """The kind of refusal, without what was in the tables or the address."""
    for word in ("version mismatch", "authentication failed", "could not connect", "refused"):
        if word in said:
            return word
    return "run it by hand to see why"


def _environment(url: str) -> dict[str, str]:
    """Where PostgreSQL's tools find the server: never on a command line, that others can read.

    >>> _environment("postgresql://anna:a%20b@db:5433/entraide?sslmode=require")["PGPASSWORD"]
    'a b'
    """
    parts = urlsplit(url)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    said = {
        "PGHOST": asked.get("host", parts.hostname or ""),
        "PGPORT": str(parts.port or asked.get("port", "")),
        "PGUSER": unquote(parts.username or asked.get("user", "")),
        "PGPASSWORD": unquote(parts.password or asked.get("password", "")),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
        "PGSSLMODE": asked.get("sslmode", ""),
        "PGSSLROOTCERT": asked.get("sslrootcert", ""),
    }
    return {name: value for name, value in said.items() if value}
