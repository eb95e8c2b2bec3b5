"""How long the disk takes to keep a page, beside what is measured."""

import os
from time import monotonic


def synced(handle: int, number: int) -> float:
    """Seconds until a page was on the disk."""
    start = monotonic()
    os.pwrite(handle, b"x" * 4096, 4096 * number)
    os.fdatasync(handle)
    return monotonic() - start
