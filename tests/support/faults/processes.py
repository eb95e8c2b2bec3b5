"""Stopping a process as a scheduler, a hypervisor or the kernel does: without a word to it."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path


def descendants(process_id: int) -> Iterator[int]:
    """A process and all that it has started, as they are now."""
    yield process_id
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{process_id}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from descendants(int(child))


def kill(process_id: int) -> None:
    """SIGKILL, to it and to all that it has started."""
    _signal(process_id, signal.SIGKILL)


def stop_clock(process_id: int) -> None:
    """SIGSTOP: its connections stay open, and nothing is answered."""
    _signal(process_id, signal.SIGSTOP)


def start_clock(process_id: int) -> None:
    """SIGCONT: it goes on as if no time had passed, and does not know that it has."""
    _signal(process_id, signal.SIGCONT)


@asynccontextmanager
async def paused(process_id: int, seconds: float) -> AsyncGenerator[None]:
    """Stopped for at least that long, and for as long as the block takes; then it goes on."""
    stop_clock(process_id)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(seconds))
            yield
    finally:
        start_clock(process_id)


def is_stopped(process_id: int) -> bool:
    """Whether it was stopped, and not yet told to go on."""
    try:
        status = Path(f"/proc/{process_id}/stat").read_text()
    except OSError:
        return False
    return status.rsplit(")", 1)[1].split()[0] == "T"


def _signal(process_id: int, number: signal.Signals) -> None:
    for each in list(descendants(process_id)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(each, number)
