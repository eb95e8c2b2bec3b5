"""What every test lives with: two event loops, and no call that would stop one.

Warnings are errors, a test has a minute unless it says otherwise (``pyproject.toml``), and random
inputs are the same at each run: `./run prove` is where they differ.
"""

from collections.abc import Iterator

import pytest
import structlog
from blockbuster import blockbuster_ctx
from hypothesis import settings
from xdist.remote import Producer

from tests.support.postgres import address as address
from tests.support.postgres import postgres as postgres
from tests.support.postgres import whole_address as whole_address
from tests.support.redis_fixtures import redis_cluster as redis_cluster
from tests.support.redis_fixtures import redis_sentinel as redis_sentinel
from tests.support.redis_fixtures import redis_server as redis_server
from tests.support.redis_fixtures import valkey_server as valkey_server
from tests.support.scheduling import LongestFirst, in_order

#: Ours: a test may read a file while a loop runs, the program may not.
PACKAGES = ["realtime", "geo", "matching", "alerts", "programmes", "web"]

settings.register_profile("test", max_examples=60, derandomize=True, deadline=None, database=None)
settings.register_profile("prove", max_examples=5_000, deadline=None, print_blob=True)
settings.load_profile("test")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LongestFirst | None:
    return LongestFirst(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = in_order(items)


@pytest.fixture(
    scope="module",
    params=[("asyncio", {}), ("asyncio", {"use_uvloop": True})],
    ids=["asyncio", "uvloop"],
)
def anyio_backend(request: pytest.FixtureRequest) -> object:
    """The loop a test runs on; a folder of slow tests overrides it with one of the two."""
    return request.param


@pytest.fixture(scope="session", autouse=True)
def no_blocking_call() -> Iterator[None]:
    """Raise where one of our files would make everyone on the loop wait."""
    with blockbuster_ctx(PACKAGES) as blocking:
        # What measures coverage waits for itself: our code runs in SQLite's threads too.
        for each in blocking.functions.values():
            each.can_block_in("coverage/collector.py", "lock_data")
            # What finds rows by their keys never waits (``realtime/sql/DECISIONS.md`` 10).
            each.can_block_in("realtime/sql/thread.py", "at_once")
        yield


@pytest.fixture(autouse=True)
def a_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What tests write is lost with the power where /tmp is a memory (Debian 13), and may be."""
    monkeypatch.setattr("web.settings.memory_filesystem", lambda file: False)


@pytest.fixture(autouse=True)
def plain_logs() -> None:
    """Log without rendering tracebacks: that reads source files, which is a blocking call."""
    structlog.configure(
        processors=[structlog.processors.KeyValueRenderer()],
        logger_factory=structlog.ReturnLoggerFactory(),
    )
