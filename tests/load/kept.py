"""What runs at full size leave behind, in ``results``: a page for people, figures for charts."""

import json
from collections.abc import Mapping
from pathlib import Path

import msgspec

from tests.load.paired import Middle
from tests.support.circumstances import Machine
from tests.support.programs import Ran

RESULTS = Path(__file__).parent / "results"


class Sentence(msgspec.Struct, frozen=True):
    sentence: str
    met: bool


class Kept(msgspec.Struct, frozen=True):
    """One run, as its JSON tells it."""

    title: str
    command: str
    at: str
    machine: Machine
    columns: list[str]
    rows: list[list[object]]
    required: list[Sentence]
    aims: list[Sentence]

    def column(self, name: str) -> dict[str, Middle]:
        """By what the first column says, in the order of the rows; only medians with intervals."""
        place = self.columns.index(name)
        return {
            str(row[0]): msgspec.convert(row[place], Middle)
            for row in self.rows
            if isinstance(row[place], dict)
        }


def keep(ran: Ran) -> None:
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{ran.name}.md").write_text(ran.text, encoding="utf-8")
    figures = json.dumps(ran.figures, ensure_ascii=False, indent=1)
    (RESULTS / f"{ran.name}.json").write_text(figures + "\n", encoding="utf-8")


def kept() -> Mapping[str, Kept]:
    """Each run that was kept, by its name."""
    return {
        path.stem: msgspec.json.decode(path.read_bytes(), type=Kept)
        for path in sorted(RESULTS.glob("*.json"))
    }
