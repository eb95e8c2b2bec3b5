"""What a proof or a measurement found: rows, and the sentences that must be true.

A table is written under the circumstances in which it was measured, because a figure without its
machine says nothing.
"""

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(slots=True)
class Table:
    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: What must be true, and whether it is.
    required: list[tuple[str, bool]] = field(default_factory=list)
    #: How fast we mean to be, and whether we are: told, never asserted, as machines differ.
    aims: list[tuple[str, bool]] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        if len(cells) != len(self.columns):
            raise ValueError(f"{len(cells)} cells for the {len(self.columns)} columns")
        self.rows.append(tuple(_text(cell) for cell in cells))

    def note(self, line: str) -> None:
        self.notes.append(line)

    def require(self, sentence: str, met: bool) -> None:
        self.required.append((sentence, met))

    def aim(self, sentence: str, met: bool) -> None:
        self.aims.append((sentence, met))

    @property
    def unmet(self) -> list[str]:
        return [sentence for sentence, met in self.required if not met]

    def markdown(self, circumstances: str = "") -> str:
        return "\n".join(self._lines(circumstances))

    def _lines(self, circumstances: str) -> Iterator[str]:
        yield f"# {self.title}"
        yield ""
        if circumstances:
            yield circumstances
            yield ""
        yield "| " + " | ".join(self.columns) + " |"
        yield "|---" * len(self.columns) + "|"
        for row in self.rows:
            yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
        yield from self._verdicts()
        if self.notes:
            yield ""
            for line in self.notes:
                yield f"> {line}"
        yield ""

    def _verdicts(self) -> Iterator[str]:
        if self.required:
            yield ""
            for sentence, met in self.required:
                yield f"* {'kept' if met else '**BROKEN**'}: {sentence}"
        if self.aims:
            yield ""
            for sentence, met in self.aims:
                yield f"* {'met' if met else 'not met'} here: {sentence}"


def _text(cell: object) -> str:
    """Numbers as people read them.

    >>> [_text(cell) for cell in (13236, 0.1234567, 4.6, "2/2", 1234567.8, 0.0)]
    ['13,236', '0.123', '4.60', '2/2', '1,234,568', '0']
    """
    match cell:
        case bool():
            return "yes" if cell else "no"
        case int():
            return f"{cell:,}"
        case float() if cell == 0 or abs(cell) >= 1000:
            return f"{cell:,.0f}"
        case float():
            return f"{cell:#.3g}".rstrip(".")
        case _:
            return str(cell)


def circumstances(now: datetime, *, seed: int, reduced: bool) -> str:
    """The line under a title: machine, date, seed, size."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{now:%Y-%m-%d %H:%M} UTC · seed {seed} · {'reduced' if reduced else 'full'} size · "
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB · "
        f"{platform.system()} {platform.release()} · Python {platform.python_version()}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
