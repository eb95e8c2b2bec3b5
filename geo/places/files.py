"""Reading a file of rows, a batch at a time, and refusing what is no such file.

The memory used does not grow with the file, except for the ids seen. Everything here blocks:
``importers.py`` calls it from a thread.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from geo.errors import (
    FileCutShort,
    FileEmpty,
    FileMissing,
    FileNotText,
    FileNotUtf8,
    FileTooLarge,
    WrongHeader,
)
from geo.places.rows import Reason, Refusals, Refused, Row
from realtime.kernel.errors import translating


class Keyed(Protocol):
    @property
    def key(self) -> str:
        """What makes a row the same as another."""
        ...


V = TypeVar("V", bound=Keyed)
V_co = TypeVar("V_co", bound=Keyed, covariant=True)

LARGEST_TABLE = 256 * 1024 * 1024
LARGEST_OUTLINE = 32 * 1024 * 1024
LONGEST_LINE = 64 * 1024
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Table(Generic[V_co]):
    """One kind of file: which columns it needs, and how a row of it is read."""

    separator: str
    columns: tuple[str, ...]
    read: Callable[[Row], V_co]


def size_of(path: Path, largest: int) -> int:
    if not path.is_file():
        raise FileMissing
    with translating(OSError, into=FileMissing):
        size = path.stat().st_size
    if size > largest:
        raise FileTooLarge
    if not size:
        raise FileEmpty
    return size


def decoded(raw: bytes) -> str:
    # UTF-16 and pictures both hold zero bytes, which no table does.
    if b"\0" in raw:
        raise FileNotText
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise FileNotUtf8 from error


class TableReader(Generic[V]):
    """One pass over an open file: batches out, refusals counted on the way."""

    def __init__(self, file: BufferedReader, table: Table[V], size: int) -> None:
        self.refusals = Refusals()
        self.size = size
        #: Bytes read so far, for a progress bar.
        self.done = 0
        self._file = file
        self._table = table
        self._lines = 0
        self._ended_whole = True
        self._ended = False
        self._keys: set[str] = set()
        self._rows = csv.reader(self._text_lines(), delimiter=table.separator, strict=True)
        self._header = self._read_header()

    def batch(self) -> list[V]:
        """The next values, at most ``BATCH`` rows of the file; empty at its end."""
        values: list[V] = []
        while not values and not self._ended:
            for _ in range(BATCH):
                try:
                    value = self._next()
                except StopIteration:
                    break
                if value is not None:
                    values.append(value)
        return values

    def close(self) -> None:
        self._file.close()

    def _next(self) -> V | None:
        """The next row's value, None when it is refused; ``StopIteration`` after the last."""
        try:
            return self._new(self._table.read(self._row()))
        except Refused as refused:
            if self._at_the_end() and not self._ended_whole:
                raise FileCutShort from refused
            self.refusals.add(refused.reason, self._lines)
            return None

    def _new(self, value: V) -> V:
        if value.key in self._keys:
            raise Refused(Reason.DUPLICATE)
        self._keys.add(value.key)
        return value

    def _row(self) -> Row:
        try:
            # A blank line is no row.
            cells = next(row for row in self._rows if row)
        except csv.Error as error:
            raise self._why(error) from error
        if len(cells) != len(self._header):
            raise Refused(Reason.WRONG_COLUMNS)
        return dict(zip(self._header, cells, strict=True))

    def _why(self, error: csv.Error) -> Exception:
        if self._ended:
            return FileCutShort()
        # A quote that is never closed swallows line after line, up to the csv module's own limit.
        return FileTooLarge() if "limit" in str(error) else Refused(Reason.UNREADABLE)

    def _read_header(self) -> list[str]:
        try:
            header = [name.strip() for name in next(self._rows, [])]
        except csv.Error as error:
            raise WrongHeader from error
        if not set(self._table.columns) <= set(header) or len(set(header)) != len(header):
            raise WrongHeader
        return header

    def _text_lines(self) -> Iterator[str]:
        while raw := self._file.readline(LONGEST_LINE + 1):
            if len(raw) > LONGEST_LINE:
                raise FileTooLarge
            text = decoded(raw)
            self._ended_whole = raw.endswith(b"\n")
            self.done += len(raw)
            self._lines += 1
            yield text.removeprefix("\ufeff") if self._lines == 1 else text
        self._ended = True

    def _at_the_end(self) -> bool:
        return self._ended or not self._file.peek(1)


def open_table(path: Path, table: Table[V]) -> TableReader[V]:
    """A reader past the header; the caller closes it."""
    size = size_of(path, LARGEST_TABLE)
    with translating(OSError, into=FileMissing):
        file = path.open("rb")
    try:
        return TableReader(file, table, size)
    except BaseException:
        file.close()
        raise


def whole(path: Path) -> bytes:
    """A file that is small enough to be read at once."""
    size = size_of(path, LARGEST_OUTLINE)
    with translating(OSError, into=FileMissing), path.open("rb") as file:
        return file.read(size)
