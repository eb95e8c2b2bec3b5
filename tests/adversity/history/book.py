"""A history on disk: JSON lines, each written at once, so that a killed client leaves what it knew.

The invoke line is in the file before the request leaves: the checker may then say that a thing
found on the server was never asked for.
"""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from tests.adversity.history.lines import Fault, Heard, Joined, Line, Operation, Rested

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Operation | Joined | Heard | Rested | Fault)


class Book:
    """One process's lines; nobody else writes into its file."""

    def __init__(self, path: Path, *, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self._file = path.open("ab", buffering=0)

    def write(self, line: Line) -> None:
        self._file.write(_encoder.encode(line) + b"\n")

    def close(self) -> None:
        self._file.close()


def read(paths: Iterable[Path]) -> list[Line]:
    """All histories as one, by time. A line cut off by a kill ends its file, and is left out."""
    lines: list[Line] = []
    for path in paths:
        *whole, _cut = path.read_bytes().split(b"\n")
        lines += [_decoder.decode(line) for line in whole]
    # Stable: what one process wrote within a tick of the clock stays in its order.
    return sorted(lines, key=lambda line: line.at)
