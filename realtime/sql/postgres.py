"""PostgreSQL through asyncpg: bounded everywhere, so that an outage refuses instead of hanging.

The server ends our transaction by itself when we fall silent in the midst of it (a process that was
stopped holds nobody up), and a statement that takes too long. We give up on a server that does not
answer at all a second later. Connections that have closed meanwhile are found out when they are
taken from the pool, without asking the server.
"""

import asyncio
from datetime import datetime
from typing import Protocol

from sqlalchemy import event, text
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from realtime.kernel.errors import Unavailable, translating
from realtime.sql.address import parsed
from realtime.sql.apart import Apart, in_turn
from realtime.sql.statements import READ_ONLY
from realtime.sql.types import Connection

#: Snapshots at once, on each process; with the writer, a process has nine connections at most.
READERS = 8
#: How long a snapshot waits for one of them before it is refused.
POOL_S = 5.0
CONNECT_S = 3.0
#: How long a statement may take, said by the server…
STATEMENT_S = 5.0
#: …and how long we wait for any answer from it: then the line is taken for lost.
ANSWER_S = 6.0
#: How long a command waits for an object that another node is changing (DESIGN 5).
LOCK_S = 0.05
#: How long the server lets us hold locks without a word.
SILENCE_S = 4.0
#: Helpers come and go all day, and each leaves a key: the table is not gone through every second.
OVERWRITE_EVERY_S = 60.0
#: How long one process waits for another that makes tables, and how often it asks.
TABLES_S = 60.0
ASK_AGAIN_S = 0.1
OLDEST_SERVER = 150_000

_SETTINGS = {
    "application_name": "entraide",
    "statement_timeout": f"{STATEMENT_S:.0f}s",
    "lock_timeout": f"{LOCK_S * 1000:.0f}ms",
    "idle_in_transaction_session_timeout": f"{SILENCE_S:.0f}s",
    # Compiling a plan costs more than any of our statements.
    "jit": "off",
    # A machine that vanished: the server forgets it after 20 s.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "2",
}
#: For who changes the tables themselves: an index takes its time. A lock is still not waited for
#: longer than others can bear who would queue behind: it is asked for again.
_PATIENT = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "60s"}
#: Any number, the same on every node.
_TABLES_LOCK = 0x656E7472
#: Settings that must not have these values, and what they would cost.
_UNSAFE = {
    "fsync": "a power cut loses the database",
    "full_page_writes": "a power cut corrupts the database",
    "synchronous_commit": "a power cut loses what was acknowledged",
}

#: Said at every commit.
_NOW = text("SELECT clock_timestamp()")
_PATIENCE = text("SELECT set_config('lock_timeout', :limit, true)")
#: What to do about some errors of the driver.
_SAID = {
    "ConnectionRefusedError": "nobody listens at this address (is it started?)",
    "FileNotFoundError": "nobody listens at this socket (is it started?)",
    "gaierror": "there is no such host",
    "TimeoutError": "no answer in time",
    "CannotConnectNowError": "it is starting or stopping",
    "TooManyConnectionsError": "it has no connection left (max_connections)",
    "InvalidPasswordError": "it refuses the user or the password",
    "InvalidCatalogNameError": "there is no such database",
    # TLS was asked for, and the server has none.
    "ConnectionError": "it refuses TLS (sslmode=disable, if the network between is yours alone)",
}


class PostgresEngines:
    shared = True

    def __init__(self, url: str, *, patient: bool = False) -> None:
        address, tls = parsed(url)
        arguments: dict[str, object] = {
            "timeout": CONNECT_S,
            "command_timeout": None if patient else ANSWER_S,
            "server_settings": _SETTINGS | (_PATIENT if patient else {}),
            # Both said, or the driver would look for files in the home folder at each connection.
            "ssl": tls,
            "password": address.password or "",
        }
        self.writing = create_async_engine(
            address,
            isolation_level="READ COMMITTED",
            pool_size=1,
            max_overflow=0,
            pool_timeout=POOL_S,
            hide_parameters=True,
            connect_args=arguments,
        )
        self.reading = create_async_engine(
            address,
            isolation_level="REPEATABLE READ",
            pool_size=READERS,
            max_overflow=0,
            pool_timeout=POOL_S,
            hide_parameters=True,
            connect_args=arguments,
            execution_options={READ_ONLY: True},
        )
        self._next_overwrite = 0.0
        for engine in (self.writing, self.reading):
            _leave_closed_connections(engine)

    async def alone_for_tables(self, db: Connection) -> None:
        # Asked again and again: a wait of our own may be as long as another process needs, one of
        # the server's only as long as a statement may take.
        free = text("SELECT pg_try_advisory_xact_lock(:lock)")
        try:
            async with asyncio.timeout(TABLES_S):
                while not (  # noqa: ASYNC110 - nothing announces it
                    await db.execute(free, {"lock": _TABLES_LOCK})
                ).scalar_one():
                    await asyncio.sleep(ASK_AGAIN_S)
        except TimeoutError:
            raise Unavailable from None

    async def now(self, db: Connection) -> datetime | None:
        moment = (await db.execute(_NOW)).scalar_one()
        return moment if isinstance(moment, datetime) else None

    async def patience(self, db: Connection, seconds: float) -> None:
        await db.execute(_PATIENCE, {"limit": f"{seconds * 1000:.0f}ms"})

    async def apart(self, db: Connection) -> Apart:
        return await in_turn(db)

    async def overwrite(self) -> bool:
        """Take the deleted keys off their pages soon, rather than when the server has a mind to.

        What the write-ahead log and its archive hold goes with their own retention.
        """
        now = asyncio.get_running_loop().time()
        if now < self._next_overwrite:
            return False
        self._next_overwrite = now + OVERWRITE_EVERY_S
        with translating(SQLAlchemyError, OSError, into=Unavailable):
            # Not on the writer's line: commands would wait.
            async with self.reading.connect() as db:
                free = await db.execution_options(isolation_level="AUTOCOMMIT")
                await free.execute(text("VACUUM (SKIP_LOCKED) seal_key"))
        return True

    async def problems(self) -> list[str]:
        try:
            async with self.reading.connect() as db:
                return await _found(db)
        except (SQLAlchemyError, OSError) as error:
            return [f"PostgreSQL does not answer: {_named(error)}"]


async def _found(db: Connection) -> list[str]:
    found = []
    for name, loss in _UNSAFE.items():
        setting = text("SELECT current_setting(:name)")
        if (await db.execute(setting, {"name": name})).scalar_one() == "off":
            found.append(f"PostgreSQL has {name}=off: {loss}")
    version = (await db.execute(text("SHOW server_version_num"))).scalar_one()
    if int(version) < OLDEST_SERVER:
        found.append("PostgreSQL must be 15 or later")
    if (await db.execute(text("SHOW server_encoding"))).scalar_one() != "UTF8":
        found.append("the database must be made with the encoding UTF8")
    return found


def _named(error: BaseException) -> str:
    """What happened, in a word: messages may hold addresses and names."""
    while error.__cause__ is not None:
        error = error.__cause__
    name = type(error).__name__
    return _SAID.get(name, name)


class _AsyncpgConnection(Protocol):
    def is_closed(self) -> bool: ...


class _Adapted(Protocol):
    driver_connection: _AsyncpgConnection


def _leave_closed_connections(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "checkout")
    def _taken(connection: _Adapted, record: object, proxy: object) -> None:
        if connection.driver_connection.is_closed():
            raise DisconnectionError
