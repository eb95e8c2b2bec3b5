"""``--workers N``: one address, several processes; one that dies is replaced, and all leave."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from tests.support.hubs import PATIENCE_S, Hubs, serving_hubs
from tests.support.postgres import Postgres
from tests.support.redis_servers import RedisServer
from tests.support.server import ROOT, ServerProcess

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return "asyncio", {"use_uvloop": True}


def children(parent: int) -> set[int]:
    """The processes that a process has started and that still run."""
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return {it for it in map(int, listed.split()) if _runs(it)}


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


async def two_again(parent: int, dead: int) -> set[int]:
    async with asyncio.timeout(PATIENCE_S):
        while dead in (there := children(parent)) or len(there) != 2:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return there


async def served(made: Hubs, times: int) -> None:
    """Ask over connections of their own, as the kernel gives each to one worker or another."""
    for _ in range(times):
        async with httpx2.AsyncClient(timeout=PATIENCE_S) as http:
            assert (await http.get(f"{made.hubs[0].url}/readyz")).status_code == 200


async def test_two_workers_serve_one_address_and_one_that_dies_is_replaced(
    postgres: Postgres, redis_server: RedisServer, tmp_path: Path
) -> None:
    database = await asyncio.to_thread(postgres.new_database)
    async with serving_hubs(
        tmp_path, database=database, broker=redis_server.url, hubs=1, workers=2
    ) as made:
        parent = made.hubs[0].process_id
        await log_has(made.hubs[0], "ready http://")
        first = children(parent)
        assert len(first) == 2

        citizen = await made.citizen(0)
        async with citizen.online() as page:
            dead = min(first)
            os.kill(dead, signal.SIGKILL)
            await served(made, 10)
            second = await two_again(parent, dead)
            assert second & first == first - {dead}
            # Her page was on one of the two: it is there, or has come back.
            await page.client.ready()
            assert (await citizen.raise_help())["state"] == "recorded"

        os.kill(parent, signal.SIGTERM)
        await gone({parent, *second})
        log = made.hubs[0].log.read_text()
        assert log.count("ready http://") == 1
        assert log.count('"event": "worker.died"') == 1
        assert "Traceback" not in log


#: A worker of three lines: it serves nothing, but it is started, ready and stopped like ours.
CHILD = """
import os, signal, sys, time
from web.workers import Inherited
inherited = Inherited.read(os.environ)
listening = inherited.take()
if "dies" in sys.argv and inherited.number == 0:
    sys.exit(7)
if "counts" in sys.argv:
    def heard(number, frame):
        with open(sys.argv[-1], "a") as file:
            file.write(f"{number}\\n")
        signal.setitimer(signal.ITIMER_REAL, 0.2)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, heard)
inherited.say_ready()
if "stubborn" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(60)
"""
PARENT = """
import asyncio, sys
from web import workers
workers.STOPPING_S = 0.5
child = (sys.argv[2], "-c", sys.argv[1], *sys.argv[3:])
async def ready():
    print("ready", flush=True)
with workers.listen("127.0.0.1", 0) as listener:
    sys.exit(asyncio.run(workers.Workers(listener, 2, child).run(ready)))
"""


@asynccontextmanager
async def small_workers(
    *manner: str, program: Path = Path(sys.executable)
) -> AsyncGenerator[asyncio.subprocess.Process]:
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT, CHILD, str(program), *manner),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield parent
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(parent.pid, signal.SIGKILL)
        # To the end of what it says: its workers hold that too, until they have left.
        await parent.communicate()


async def is_ready(parent: asyncio.subprocess.Process) -> set[int]:
    assert parent.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        assert await parent.stdout.readline() == b"ready\n"
    return children(parent.pid)


async def test_workers_whose_parent_is_killed_leave_too() -> None:
    async with small_workers() as parent:
        orphans = await is_ready(parent)
        assert len(orphans) == 2

        parent.kill()

        await gone(orphans)


async def test_a_worker_that_does_not_leave_is_killed() -> None:
    async with small_workers("stubborn") as parent:
        stubborn = await is_ready(parent)

        parent.terminate()

        async with asyncio.timeout(PATIENCE_S):
            assert await parent.wait() == 0
        assert not any(map(_runs, stubborn))


async def test_a_worker_that_cannot_start_ends_all_with_its_own_code() -> None:
    async with small_workers("dies") as parent, asyncio.timeout(PATIENCE_S):
        assert parent.stdout is not None
        assert await parent.stdout.read() == b""
        assert await parent.wait() == 7


async def test_each_worker_hears_once_that_a_terminal_s_ctrl_c_ends_all(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    async with small_workers("counts", str(heard)) as parent:
        workers = await is_ready(parent)

        # What a terminal does: a signal to everybody in the group.
        os.killpg(parent.pid, signal.SIGINT)

        async with asyncio.timeout(PATIENCE_S):
            assert await parent.wait() == 0
        await gone(workers)
    assert heard.read_text().split() == [str(int(signal.SIGTERM))] * 2


async def test_a_worker_that_cannot_be_started_again_takes_nobody_along(
    tmp_path: Path,
) -> None:
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    program.chmod(0o700)
    async with small_workers(program=program) as parent:
        first = await is_ready(parent)
        program.rename(tmp_path / "away")
        dead = min(first)

        os.kill(dead, signal.SIGKILL)
        # Longer than the first pause, after which it is tried.
        await asyncio.sleep(1.5)

        assert children(parent.pid) == first - {dead}
        (tmp_path / "away").rename(program)
        await two_again(parent.pid, dead)


async def log_has(server: ServerProcess, text: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while text not in server.log.read_text():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def gone(processes: set[int]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while any(map(_runs, processes)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
