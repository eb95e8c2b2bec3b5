"""What every conformance test is given: a deployment on each engine."""

from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from realtime.kernel.clock import ManualClock
from tests.support.house import House, house_in
from tests.support.nodes import Pair
from tests.support.postgres import Postgres
from tests.support.work import Work


@pytest.fixture
async def house(tmp_path: Path, address: str) -> AsyncGenerator[House]:
    async with house_in(tmp_path, address) as made:
        yield made


@pytest.fixture
def work() -> Work:
    """What tasks do, held by nothing."""
    made = Work()
    made.gate.set()
    return made


@pytest.fixture
def files(
    request: pytest.FixtureRequest, tmp_path: Path, address: str
) -> Callable[[], dict[str, bytes]]:
    """Reads all that the deployment has on the disk."""

    def read() -> dict[str, bytes]:
        if not address:
            return {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        server: Postgres = request.getfixturevalue("postgres")
        return {str(path): path.read_bytes() for path in server.files(address)}

    return read


@pytest.fixture
async def file_house(tmp_path: Path) -> AsyncGenerator[House]:
    """On SQLite: for what only a file can suffer."""
    async with house_in(tmp_path) as made:
        yield made


@pytest.fixture
async def pair(tmp_path: Path, postgres: Postgres) -> AsyncGenerator[Pair]:
    """Two nodes on one PostgreSQL, with one clock."""
    url, clock = postgres.empty_database(), ManualClock()
    async with (
        house_in(tmp_path, url, name="here", clock=clock) as here,
        house_in(tmp_path, url, name="there", clock=clock) as there,
    ):
        yield Pair(here, there, url)
