"""A deployment under test: two hubs on one database and one broker, a bad line to each, one door.

Every hub reaches its servers by lines of its own, so that one may be cut off and not the other.
"""

import asyncio
import contextlib
import re
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.adversity.history.book import Book
from tests.support.faults.balancer import Balancer, balancing
from tests.support.faults.link import BadLink, bad_link
from tests.support.server import ROOT, ServerProcess
from web.access.vocabulary import Role
from web.chores import make_tokens
from web.durable import open_durable
from web.settings import Settings

#: The load comes from one address.
ENVIRONMENT = {"ENTRAIDE_SESSION_BURST": "100000"}
#: However we end, what we started ends too.
WITH_US = ("setpriv", "--pdeathsig", "KILL")
PROGRAM = (sys.executable, "-m", "web")
SETTLE_S = 120.0


@dataclass(slots=True)
class Hub:
    """One serving process, and its lines to what it needs; None where it has none."""

    server: ServerProcess
    database: BadLink | None
    broker: BadLink | None

    async def revive(self) -> str:
        """Start it again if it has died of itself; its last words."""
        if self.server.alive:
            return ""
        words = self.server.log.read_text(errors="replace").strip().rsplit("\n", 1)[-1]
        self.server.kill()
        await self.server.start()
        return f"a hub died: {words[-300:]}"


@dataclass(slots=True)
class House:
    folder: Path
    hubs: list[Hub]
    door: Balancer
    #: As seen from outside, past the bad lines.
    database: str
    operator: str
    #: Tokens of people who have done nothing yet.
    citizens: list[str]
    books: list[Path]

    @property
    def acknowledged(self) -> int:
        """Answers "ok" that clients have written down so far."""
        return sum(book.read_bytes().count(b'"phase":"ok"') for book in self.books if book.exists())

    async def hears(self, more: int) -> None:
        """Wait until so many more commands have been acknowledged."""
        enough = self.acknowledged + more
        async with asyncio.timeout(SETTLE_S):
            while self.acknowledged < enough:  # noqa: ASYNC110 - nothing announces it
                await asyncio.sleep(0.25)


@asynccontextmanager
async def house(
    folder: Path,
    *,
    database: str = "",
    broker: str = "memory://",
    hubs: int = 1,
    citizens: int = 0,
    turn: asyncio.Lock | None = None,
    program: Sequence[str] = PROGRAM,
) -> AsyncGenerator[House]:
    """Hubs that are ready. With neither database nor broker: one, on a file of its own.

    ``turn``: shared by houses that are set up at once, as migrations of one process are not.
    """
    # Tables and the key are there before the hubs, which start together.
    async with turn or asyncio.Lock():
        operator, *people = await _made(folder / "data", database, citizens)
    async with AsyncExitStack() as stack:
        made: list[Hub] = []
        stack.callback(_kill_all, made)
        for _ in range(hubs):
            to_database, database_url = await _through(stack, database)
            to_broker, broker_url = await _through(stack, broker)
            server = ServerProcess(
                folder / "data",
                database=database_url or None,
                broker=broker_url,
                environment=ENVIRONMENT,
                prefix=WITH_US,
                program=program,
            )
            server.log = folder / f"hub-{len(made)}.log"
            made.append(Hub(server, to_database, to_broker))
        await asyncio.gather(*(hub.server.start() for hub in made))
        door = await stack.enter_async_context(balancing([hub.server.port for hub in made]))
        outside = database or f"sqlite:///{folder / 'data' / 'entraide.db'}"
        yield House(folder, made, door, outside, operator, people, [])


async def _made(data_dir: Path, database: str, citizens: int) -> list[str]:
    """The tokens of an operator and of so many citizens."""
    settings = Settings.read(data_dir=data_dir, database=database or None, demo=False)
    async with open_durable(settings) as durable:
        tokens = make_tokens(durable, Role.OPERATOR, tier=None, count=1)
        found = [token.reveal() async for token in tokens]
        if citizens:
            tokens = make_tokens(durable, Role.CITIZEN, tier=None, count=citizens)
            found += [token.reveal() async for token in tokens]
        return found


async def _through(stack: AsyncExitStack, url: str) -> tuple[BadLink | None, str]:
    """A line of one's own to a server with one address; others are reached as they are."""
    one = re.fullmatch(r"((?:postgresql|redis)://(?:[^@/]*@)?127\.0\.0\.1):(\d+)(.*)", url)
    if one is None:
        return None, url
    link = await stack.enter_async_context(bad_link(int(one[2])))
    return link, f"{one[1]}:{link.port}{one[3]}"


def _kill_all(hubs: list[Hub]) -> None:
    for hub in hubs:
        hub.server.kill()


@dataclass(frozen=True, slots=True)
class Size:
    processes: int
    people: int
    helpers: int


@asynccontextmanager
async def load(at: House, seed: int, size: Size) -> AsyncGenerator[None]:
    """People and helpers in other processes, until the block ends and they have come to rest."""
    ids, heard = at.folder / "helpers", at.folder / "helpers.jsonl"
    with _program("helpers", heard, seed, at.door.url, at.operator, ids, size.helpers) as helpers:
        at.books.append(heard)
        await _until_there(ids, helpers)
        with _people(at, seed, size, ids) as people:
            yield
            for program in (*people, helpers):
                program.terminate()
            codes = [await asyncio.to_thread(it.wait, SETTLE_S * 2) for it in (*people, helpers)]
    if any(codes):
        raise RuntimeError(f"a client failed: {codes}")


@contextmanager
def _people(at: House, seed: int, size: Size, ids: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    programs: list[subprocess.Popen[bytes]] = []
    with ExitStack() as stack:
        for number in range(size.processes):
            book = at.folder / f"people-{number}.jsonl"
            at.books.append(book)
            programs.append(
                stack.enter_context(
                    _program("people", book, seed * 100 + number, size.people, at.door.url, ids)
                )
            )
        yield programs


@contextmanager
def _program(name: str, *arguments: object) -> Iterator[subprocess.Popen[bytes]]:
    command = (*WITH_US, sys.executable, "-m", f"tests.proofs.engines.{name}", *map(str, arguments))
    program = subprocess.Popen(command, cwd=ROOT)
    try:
        yield program
    finally:
        if program.poll() is None:
            program.kill()
            program.wait()


async def _until_there(file: Path, program: subprocess.Popen[bytes]) -> None:
    async with asyncio.timeout(SETTLE_S):
        while not file.exists():
            if program.poll() is not None:
                raise RuntimeError(f"the helpers are gone: {program.returncode}")
            await asyncio.sleep(0.05)


@contextmanager
def fault_book(at: House) -> Iterator[Book]:
    """Where we write down what we break."""
    path = at.folder / "faults.jsonl"
    at.books.append(path)
    with contextlib.closing(Book(path)) as book:
        yield book
