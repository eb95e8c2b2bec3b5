"""What a proof or a measurement found: rows, and the sentences that must be true.

Cells are kept as they were found, so that a table is written twice: as text for people, and as
figures (``figures``) from which charts are drawn.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec


@dataclass(slots=True)
class Table:
    title: str
    columns: tuple[str, ...]
    rows: list[tuple[object, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: What must be true, and whether it is.
    required: list[tuple[str, bool]] = field(default_factory=list)
    #: How fast we mean to be, and whether we are: told, never asserted, as machines differ.
    aims: list[tuple[str, bool]] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        if len(cells) != len(self.columns):
            raise ValueError(f"{len(cells)} cells for the {len(self.columns)} columns")
        self.rows.append(cells)

    def note(self, line: str) -> None:
        self.notes.append(line)

    def require(self, sentence: str, met: bool) -> None:
        self.required.append((sentence, met))

    def aim(self, sentence: str, met: bool) -> None:
        self.aims.append((sentence, met))

    @property
    def unmet(self) -> list[str]:
        return [sentence for sentence, met in self.required if not met]

    def figures(self) -> dict[str, object]:
        """All of it, ready for JSON: a number as a number, a median as it is with its interval."""
        found: dict[str, object] = msgspec.to_builtins(
            {
                "title": self.title,
                "columns": self.columns,
                "rows": self.rows,
                "required": [{"sentence": it, "met": met} for it, met in self.required],
                "aims": [{"sentence": it, "met": met} for it, met in self.aims],
                "notes": self.notes,
            },
            enc_hook=str,
        )
        return found

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
            yield "| " + " | ".join(_text(cell).replace("|", "\\|") for cell in row) + " |"
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
