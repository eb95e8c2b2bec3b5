"""Rows of one table of a feed, as a stream: no such table is refused, bad rows are counted."""

import csv
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from geo.errors import FileTooLarge, WrongHeader
from geo.places.files import LONGEST_LINE, decoded
from geo.places.rows import Reason, Refusals

#: Told how many bytes more have been read.
Reads = Callable[[int], None]


class Rows:
    """One pass over a table: the cells of the wanted columns, in their order.

    A column that is optional and missing is empty in every row.
    """

    def __init__(
        self,
        file: BinaryIO,
        needed: Sequence[str],
        optional: Sequence[str],
        reads: Reads,
    ) -> None:
        self.refusals = Refusals()
        self._file = file
        self._reads = reads
        self.line = 0
        self._rows = csv.reader(self._lines(), strict=True)
        header = self._header()
        if not set(needed) <= set(header) or len(set(header)) != len(header):
            raise WrongHeader
        self._width = len(header)
        self._places = [
            header.index(name) if name in header else None for name in (*needed, *optional)
        ]

    def __iter__(self) -> Iterator[list[str]]:
        while True:
            try:
                cells = next(self._rows, None)
            except csv.Error as error:
                if "limit" in str(error):
                    raise FileTooLarge from error
                self.refuse(Reason.UNREADABLE)
                continue
            if cells is None:
                return
            if len(cells) == self._width:
                yield [cells[it].strip() if it is not None else "" for it in self._places]
            elif cells:
                self.refuse(Reason.WRONG_COLUMNS)

    def refuse(self, reason: Reason) -> None:
        """The row that was given last cannot be used."""
        self.refusals.add(reason, self.line)

    def _header(self) -> list[str]:
        try:
            return [name.strip() for name in next(self._rows, [])]
        except csv.Error as error:
            raise WrongHeader from error

    def _lines(self) -> Iterator[str]:
        while raw := self._file.readline(LONGEST_LINE + 1):
            if len(raw) > LONGEST_LINE:
                raise FileTooLarge
            self.line += 1
            self._reads(len(raw))
            text = decoded(raw)
            yield text.removeprefix("\ufeff") if self.line == 1 else text
