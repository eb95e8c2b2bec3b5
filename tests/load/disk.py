"""How long the disk takes to keep a page, beside what is measured."""

import os
from pathlib import Path
from time import monotonic


def synced(handle: int, number: int) -> float:
    """Seconds until a page was on the disk."""
    start = monotonic()
    os.pwrite(handle, b"x" * 4096, 4096 * number)
    os.fdatasync(handle)
    return monotonic() - start


def flushes(file: Path, times: int) -> list[float]:
    """Seconds of so many pages, one after the other."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        return [synced(handle, number) for number in range(times)]
    finally:
        os.close(handle)
