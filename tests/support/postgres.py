"""A PostgreSQL server of our own: in a temporary folder, on a free port, gone with the tests.

It flushes to disk as in production (``fsync=False`` for tests that only need speed), compares text
as a French installation does (so that a query that leans on the order of bytes is found out), and
dies with this process: the shell that holds it reads a pipe that closes when we do.
"""

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Literal

import pytest

from tests.support.ports import unused_port
from web.migrations.running import move, newest

#: Beyond it a start or a stop is a failure, not a slow machine.
PATIENCE_S = 60.0
#: What a shell may take to start the server on a loaded machine.
GRACE_S = 2.0
#: Owns the databases that the program is given, and is no superuser: as in production.
OWNER, ADMINISTRATOR = "entraide", "administrator"
TEMPLATE = "template_entraide"
#: PostgreSQL refuses to run as root: who runs it then.
ORDINARY_USER = "nobody"

Mode = Literal["fast", "immediate", "smart"]
_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
#: ``cat`` ends when the test process does, however it ended.
_HOLD = '"$@" & cat >/dev/null; kill -QUIT $!; wait'
_NUMBER = "SELECT oid FROM pg_database WHERE datname = current_database()"
_EMPTY = """
DO $$
DECLARE it record;
BEGIN
    FOR it IN SELECT tablename FROM pg_tables WHERE tableowner = 'entraide' LOOP
        EXECUTE format('DELETE FROM %I', it.tablename);
    END LOOP;
END $$
"""


class Postgres:
    """``initdb`` at the first ``start``; stopped, killed and started again at will.

    Every method waits without the event loop: with ``asyncio.to_thread`` where a loop must go on.
    """

    def __init__(self, *, fsync: bool = True, settings: dict[str, str] | None = None) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="entraide-pg-"))
        self._data = self._folder / "data"
        self._fsync = fsync
        self._settings = settings or {}
        self._held: subprocess.Popen[bytes] | None = None
        self._password = secrets.token_hex(8)
        self._numbers = count(1)
        self._migrated: str | None = None
        self._shared: str | None = None
        self.port = unused_port()
        self.log = self._folder / "log"

    @property
    def socket_folder(self) -> Path:
        """Where its unix socket is."""
        return self._folder

    def url(self, database: str = TEMPLATE) -> str:
        return f"postgresql://{OWNER}:{self._password}@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = TEMPLATE) -> str:
        """The URL of a fresh, empty database with PostGIS."""
        name = f"entraide_{next(self._numbers)}"
        self.administer(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template}")
        return self.url(name)

    def migrated_database(self) -> str:
        """The same with the tables of this program: made once, then copied in a moment."""
        if self._migrated is None:
            made = self.new_database()
            asyncio.run(move(made, newest()))
            self._migrated = _name(made)
        return self.new_database(self._migrated)

    def empty_database(self) -> str:
        """The URL of the one database that tests share, with nothing in its tables.

        Much quicker than a new one; for tests that run one after the other and leave no connection.
        Its tables stay as they were made, so a whole service, which migrates, wants a new one.
        """
        if self._shared is None:
            self._shared = self.new_database()
        else:
            self.administer(_EMPTY, database=_name(self._shared))
        return self._shared

    def administer(self, *statements: str, database: str = "postgres") -> str:
        """Say something as the superuser; what it answers, one row a line."""
        said = subprocess.run(
            (
                _binary("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
                "-h", "127.0.0.1", "-p", str(self.port), "-U", ADMINISTRATOR, "-d", database,
                *(part for statement in statements for part in ("-c", statement)),
            ),
            env={**os.environ, "PGPASSWORD": self._password},
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )  # fmt: skip
        if said.returncode:
            raise RuntimeError(said.stderr)
        return said.stdout.strip()

    def files(self, url: str) -> Iterator[Path]:
        """All that a database has on the disk by now, its write-ahead log too."""
        self.administer("CHECKPOINT")
        number = self.administer(_NUMBER, database=_name(url))
        for folder in (self._data / "base" / number, self._data / "pg_wal"):
            yield from (path for path in folder.iterdir() if path.is_file())

    def start(self) -> None:
        """Return once it answers."""
        first = not self._data.exists()
        if first:
            self._initialise()
        deadline = time.monotonic() + PATIENCE_S
        self._launch()
        launched = time.monotonic()
        while not self._answers():
            if time.monotonic() > deadline:
                raise RuntimeError(self.log.read_text(errors="replace")[-4000:])
            # After a kill, its children take a moment to notice that nobody leads them any more.
            # A shell that has only just begun has no child yet either.
            launched_long_ago = time.monotonic() > launched + GRACE_S
            if launched_long_ago and self._process_id() is None and self._shell_is_idle():
                self._let_go()
                self._launch()
                launched = time.monotonic()
            time.sleep(0.05)
        if first:
            self._furnish()

    def stop(self, mode: Mode = "fast") -> None:
        """Immediate: as after a power cut, the next start replays what was committed."""
        self._end(_SIGNALS[mode])

    def kill(self) -> None:
        """SIGKILL to the postmaster: no goodbye of any kind."""
        self._end(signal.SIGKILL)

    def restart(self, mode: Mode = "fast") -> None:
        self.stop(mode)
        self.start()

    def kill_backend(self, process_id: int) -> None:
        """SIGKILL to one connection's process: PostgreSQL then ends all others, and recovers."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(process_id, signal.SIGKILL)

    def limit_files(self, process_id: int, size: int | None) -> None:
        """As if the disk were full: this connection's process makes no file larger (bytes)."""
        limit = "unlimited" if size is None else str(size)
        # By who runs the server: root may lack the right, in a container. It may have ended.
        subprocess.run(
            (*_as_ordinary_user(), "prlimit", "--pid", str(process_id), f"--fsize={limit}:"),
            check=size is not None,
            capture_output=True,
            timeout=PATIENCE_S,
        )

    def close(self) -> None:
        """Stop it, and leave nothing on the disk."""
        self._end(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _initialise(self) -> None:
        if os.getuid() == 0:
            shutil.chown(self._folder, ORDINARY_USER)
        password = self._folder / "password"
        password.write_text(self._password)
        subprocess.run(
            (
                *_as_ordinary_user(), _binary("initdb"), "-D", str(self._data),
                "-U", ADMINISTRATOR, "--pwfile", str(password), "--auth", "scram-sha-256",
                "--no-sync", "--encoding", "UTF8", "--locale", "C.UTF-8",
                "--locale-provider", "icu", "--icu-locale", "fr",
            ),
            cwd=self._folder,
            check=True,
            capture_output=True,
            timeout=PATIENCE_S,
        )  # fmt: skip

    def _furnish(self) -> None:
        self.administer(
            f"CREATE ROLE {OWNER} LOGIN PASSWORD '{self._password}'",
            f"CREATE DATABASE {TEMPLATE} OWNER {OWNER}",
        )
        self.administer("CREATE EXTENSION postgis", database=TEMPLATE)

    def _launch(self) -> None:
        settings = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self._folder),
            "max_connections": "200",
            "shared_buffers": "32MB",
            "max_wal_size": "128MB",
            "fsync": "on" if self._fsync else "off",
            **self._settings,
        }
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with self.log.open("ab") as log:
            self._held = subprocess.Popen(
                (
                    *_as_ordinary_user(), "/bin/sh", "-c", _HOLD, "sh",
                    _binary("postgres"), "-D", str(self._data), *options,
                ),
                cwd=self._folder,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def _answers(self) -> bool:
        asked = subprocess.run(
            (_binary("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)),
            check=False,
            timeout=PATIENCE_S,
        )
        return asked.returncode == 0

    def _process_id(self) -> int | None:
        """Of the living postmaster."""
        try:
            number = int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return number if _alive(number) else None

    def _shell_is_idle(self) -> bool:
        """Whether the shell is left with nothing to hold but its ``cat``."""
        if self._held is None:
            return True
        children = Path(f"/proc/{self._held.pid}/task/{self._held.pid}/children")
        try:
            numbers = children.read_text().split()
            names = {Path(f"/proc/{number}/comm").read_text().strip() for number in numbers}
        except OSError:
            return self._held.poll() is not None
        # One that has just been started has not got as far as its ``cat``.
        return names == {"cat"}

    def _end(self, number: signal.Signals) -> None:
        leader = self._process_id()
        if leader is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(leader, number)
            deadline = time.monotonic() + PATIENCE_S
            while _alive(leader):
                if time.monotonic() > deadline:
                    os.kill(leader, signal.SIGKILL)
                time.sleep(0.01)
        self._let_go()

    def _let_go(self) -> None:
        if self._held is not None:
            if self._held.stdin is not None:
                self._held.stdin.close()
            self._held.wait(timeout=PATIENCE_S)
            self._held = None


def _binary(name: str) -> str:
    """Of the newest version installed: Debian keeps them out of PATH."""
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    for folder in sorted(folders, key=lambda it: float(it.parent.name), reverse=True):
        if (folder / name).exists():
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} is missing: apt install postgresql-postgis")
    return found


def _name(url: str) -> str:
    return url.rsplit("/", 1)[1]


def _as_ordinary_user() -> tuple[str, ...]:
    if os.getuid() != 0:
        return ()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise RuntimeError("setpriv is missing: apt install util-linux")
    return (setpriv, f"--reuid={ORDINARY_USER}", "--regid=nogroup", "--clear-groups")


def _alive(process_id: int) -> bool:
    """A zombie is dead: its shell has not looked yet."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the whole run, started by the first test that asks.

    Nothing lives in it for long: it does not tidy up.
    """
    server = Postgres(settings={"autovacuum": "off"})
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest) -> str:
    """Of an empty database on each engine; nothing: a file in the test's own folder."""
    if request.param == "sqlite":
        return ""
    server: Postgres = request.getfixturevalue("postgres")
    return server.empty_database()


@pytest.fixture(params=["sqlite", "postgres"])
def whole_address(request: pytest.FixtureRequest) -> str:
    """The same for a whole service, which migrates: its tables are as this program wants them."""
    if request.param == "sqlite":
        return ""
    server: Postgres = request.getfixturevalue("postgres")
    return server.migrated_database()
