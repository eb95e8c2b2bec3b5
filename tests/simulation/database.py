"""One database that several nodes use, as far away as a network is: a model of the server.

What is below is real: every statement of every ``store.py`` runs on SQLite, in this thread and in
no time. What is modelled is what lies between: statements that take a while, connections that are
lost, commits of which nobody learns how they ended, a server that is away, a process that is gone
in the middle of its transaction. Writers take turns: what two of them do at the same moment to one
row is for the conformance tests, on the real server.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Self, cast

from sqlalchemy import Connection as Raw
from sqlalchemy import CursorResult, Dialect, Engine, Executable, create_engine, event
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from realtime.kernel.clock import to_millisecond
from realtime.kernel.errors import Unavailable, translating
from realtime.sql import Connection, Database, metadata
from realtime.sql.apart import Apart
from realtime.sql.statements import READ_ONLY
from realtime.sql_point import Taught, teach
from tests.simulation.loop import HOST, Host, VirtualLoop, off_loop

START = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
#: The server ends a transaction whose client has said nothing for that long.
IDLE_IN_TRANSACTION_S = 5.0


class _Files:
    """One engine for all runs, so that a statement is compiled once; the file changes."""

    def __init__(self) -> None:
        self.path = Path()
        # Autocommit of the driver, explicit BEGIN: as ``realtime/sql`` does.
        self.engine: Engine = create_engine(
            "sqlite://", creator=self._connect, poolclass=QueuePool, pool_size=20, max_overflow=-1
        )

        @event.listens_for(self.engine, "begin")
        def _began(connection: Raw) -> None:
            connection.exec_driver_sql(connection.get_execution_options()["how"])

    def use(self, path: Path) -> None:
        self.engine.dispose()
        self.path = path

    def _connect(self) -> sqlite3.Connection:
        made = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        made.execute("PRAGMA synchronous=OFF")
        made.execute("PRAGMA foreign_keys=ON")
        # Safe: it is the driver's own connection, on which functions can be made.
        teach(cast("Taught", made))
        return made


FILES = _Files()


def make_template(path: Path) -> None:
    """An empty database with every table."""
    FILES.use(path)
    with FILES.engine.connect().execution_options(how="BEGIN IMMEDIATE") as raw, raw.begin():
        metadata.create_all(raw)
    with sqlite3.connect(path) as made:
        made.execute("PRAGMA journal_mode=WAL")
    made.close()


class Server:
    def __init__(self, loop: VirtualLoop, seed: int, path: Path) -> None:
        self._loop = loop
        self._dice = Random(f"database {seed}")
        FILES.use(path)
        self._writing: Session | None = None
        self._queue: deque[asyncio.Future[None]] = deque()
        self._sessions: dict[Session, None] = {}
        self._away = False
        #: Lines are lost now and then, even when nothing else is wrong.
        self.unsteady = False
        #: Who cannot reach it.
        self._cut: set[str] = set()
        #: Called after each commit, before anybody is told of it.
        self.committed: Callable[[Raw], None] = lambda _: None
        self._eye = self.raw("BEGIN")

    def close(self) -> None:
        for session in tuple(self._sessions):
            session.end()
        self._eye.close()
        FILES.use(Path())

    def now(self) -> datetime:
        """The server's clock is the one that counts."""
        return to_millisecond(START + timedelta(seconds=self._loop.time()))

    def raw(self, how: str) -> Raw:
        options = {"how": how, READ_ONLY: True} if how == "BEGIN" else {"how": how}
        return FILES.engine.connect().execution_options(**options)

    def look(self, statement: Executable) -> list[tuple[object, ...]]:
        """What the checks see: everything that is committed, at once."""
        with off_loop(), self._eye.begin():
            return [tuple(row) for row in self._eye.execute(statement)]

    def fill(self, statement: Executable, rows: list[dict[str, object]]) -> None:
        """What is there before the start."""
        with off_loop(), self.raw("BEGIN IMMEDIATE") as raw, raw.begin():
            raw.execute(statement, rows)

    # Faults.

    def leave(self) -> None:
        """Restarted at once: open transactions are lost, nobody can connect."""
        self._away = True
        self._break(lambda _: True)

    def come_back(self) -> None:
        self._away = False

    def cut(self, host: Host) -> None:
        self._cut.add(host.name)
        self._break(lambda it: it.host.name == host.name)

    def mend(self, host: Host) -> None:
        self._cut.discard(host.name)

    def lose(self, host: Host) -> None:
        """A process is no more, or has said nothing for too long."""
        self._break(lambda it: it.host.name == host.name)

    def _break(self, which: Callable[["Session"], bool]) -> None:
        for session in tuple(self._sessions):
            if which(session):
                session.end()

    def reachable(self, host: Host) -> bool:
        return not self._away and host.name not in self._cut

    # What sessions ask.

    def opened(self, session: "Session") -> None:
        self._sessions[session] = None

    def closed(self, session: "Session") -> None:
        self._sessions.pop(session, None)
        if self._writing is session:
            self._writing = None
            # All of them look again: some may be of a process that is no more.
            while self._queue:
                turn = self._queue.popleft()
                if not turn.done():
                    turn.set_result(None)

    async def take_turn(self, session: "Session") -> None:
        """Wait until no other node writes."""
        while self._writing is not None:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._queue.append(turn)
            await turn
            session.check()
        self._writing = session

    async def pause(self, longest: float) -> None:
        """What a statement takes: mostly nothing, sometimes long."""
        toss = self._dice.random()
        if toss < 0.6:
            await asyncio.sleep(0)
        else:
            await asyncio.sleep(longest * (20 if toss > 0.98 else self._dice.random()))

    def chance(self, probability: float) -> bool:
        return self._dice.random() < probability


class Session:
    """A connection of one node, seen as SQLAlchemy's asynchronous one."""

    def __init__(self, server: Server, *, writes: bool) -> None:
        self.host = HOST.get()
        self.writes = writes
        self.server = server
        self._lost = False
        self._committing = False
        with off_loop():
            self.sync_connection = server.raw("BEGIN IMMEDIATE" if writes else "BEGIN")
        server.opened(self)

    @property
    def dialect(self) -> Dialect:
        return self.sync_connection.dialect

    @property
    def invalidated(self) -> bool:
        """Whether nothing can be said any more, as SQLAlchemy's own says it."""
        return self._lost

    def end(self) -> None:
        """The connection is gone; what was not committed is undone."""
        if self._lost:
            return
        self._lost = True
        # A commit that was under way may have gone through, and its client never learns it.
        if self._committing and self.server.chance(0.5):
            self._commit()
        with off_loop():
            self.sync_connection.close()
        self.server.closed(self)

    def check(self) -> None:
        if self._lost or not self.server.reachable(self.host):
            self.end()
            raise lost()

    async def invalidate(self) -> None:
        self.end()

    async def execute(
        self,
        statement: Executable,
        parameters: Mapping[str, object] | Sequence[Mapping[str, object]] | None = None,
    ) -> CursorResult[tuple[object, ...]]:
        self.check()
        await self.server.pause(0.004)
        self.check()
        with off_loop():
            found = self.sync_connection.execute(statement, parameters)
            # Safe: all that is executed here are statements of Core, and what is asked of their
            # results is asked of frozen ones too.
            kept = found.freeze()() if found.returns_rows else found
        return cast("CursorResult[tuple[object, ...]]", kept)

    def begin(self) -> "Transaction":
        return Transaction(self)

    async def begun(self) -> None:
        self.check()
        if self.writes:
            await self.server.take_turn(self)
        with off_loop():
            self.sync_connection.begin()

    async def commit(self) -> None:
        self.check()
        self._committing = True
        await self.server.pause(0.02)
        if self.server.unsteady and self.server.chance(0.02):
            self.end()
        # Still here: it is committed, whatever becomes of the answer.
        self.check()
        self._committing = False
        self._commit()
        await self.server.pause(0.01)
        self.check()

    def _commit(self) -> None:
        with off_loop():
            self.sync_connection.commit()
            self.server.committed(self.sync_connection)
            # Looking has begun another transaction.
            self.sync_connection.rollback()

    async def rollback(self) -> None:
        if not self._lost:
            with off_loop():
                self.sync_connection.rollback()

    @asynccontextmanager
    async def begin_nested(self) -> AsyncGenerator[None]:
        self.check()
        with off_loop():
            savepoint = self.sync_connection.begin_nested()
        try:
            yield
        except BaseException:
            with off_loop():
                savepoint.close()
            raise
        self.check()
        with off_loop():
            savepoint.commit()


class Transaction:
    """What ``begin`` answers: to be awaited, or entered."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __await__(self) -> Generator[object, None, "Transaction"]:
        return self.__aenter__().__await__()

    async def __aenter__(self) -> Self:
        await self._session.begun()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None and self._session.writes:
            await self._session.commit()
        else:
            await self._session.rollback()

    async def commit(self) -> None:
        await self._session.commit()

    async def rollback(self) -> None:
        await self._session.rollback()


def lost() -> OperationalError:
    gone = ConnectionError("the line is lost")
    return OperationalError("-", None, gone, connection_invalidated=True)


class ModelDatabase:
    """``realtime.sql.Database`` of one node, on the model."""

    #: Other nodes write too.
    shared = True

    def __init__(self, server: Server) -> None:
        self._server = server

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[Session]:
        async with self._session(writes=True) as session:
            yield session

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[Session]:
        with translating(SQLAlchemyError, OSError, into=Unavailable):
            async with self._session(writes=False) as session, session.begin():
                yield session

    @asynccontextmanager
    async def _session(self, *, writes: bool) -> AsyncGenerator[Session]:
        await self._server.pause(0.002)
        if not self._server.reachable(HOST.get()):
            raise Unavailable
        session = Session(self._server, writes=writes)
        try:
            yield session
        finally:
            session.end()

    async def patience(self, db: Connection, seconds: float) -> None:
        await self._server.pause(0.004)

    async def now(self, db: Connection) -> datetime | None:
        await self._server.pause(0.004)
        return self._server.now()

    async def apart(self, db: Connection) -> Apart:
        return cast("Session", db).begin_nested

    async def create_tables(self) -> None:
        """They are in the template."""

    async def overwrite(self) -> bool:
        return True

    async def close(self) -> None:
        """Sessions are closed one by one."""


def as_database(server: Server) -> Database:
    # Safe: what the house uses of a Database, the model has.
    return cast("Database", ModelDatabase(server))
