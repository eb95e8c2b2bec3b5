"""What a measurement keeps is what it found; the chart and the first page show no more."""

import random
import xml.etree.ElementTree as ET
from pathlib import Path

import msgspec
import pytest

from tests.load import kept
from tests.load.chart import drawn
from tests.load.kept import Kept
from tests.load.paired import middle
from tests.load.peers.known import FLOOR
from tests.load.peers.ours import NAME
from tests.load.readme import BEGIN, END, with_figures
from tests.proofs.table import Table
from tests.support.circumstances import Circumstances, Machine
from tests.support.programs import Ran

HERE = Circumstances(
    "2026-11-26 15:46", 1, False, "8b2a208", Machine("some processor", 2, 24, "Linux", "3.11")
)


def measured() -> Ran:
    table = Table("One publication", ("server", "CPU µs a delivery", "× floor"))
    dice = random.Random(1)
    for name, times in ((FLOOR, 1.0), ("a & b", 3.5), (NAME, 1.25)):
        cell = "1" if name == FLOOR else middle([times], dice)
        table.add(name, middle([times * 8], dice), cell)
    table.require("every socket heard everything", True)
    table.aim("at most 1.35 times the floor", True)
    table.aim("level with a & b", False)
    table.note("a note")
    return Ran("fan-out", table, "./run bench fan-out", HERE, 190)


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Kept]:
    monkeypatch.setattr(kept, "RESULTS", tmp_path / "results")
    kept.keep(measured())
    return dict(kept.kept())


def test_numbers_are_kept_as_numbers_beside_what_people_read(
    found: dict[str, Kept], tmp_path: Path
) -> None:
    told = msgspec.json.decode((tmp_path / "results" / "fan-out.json").read_bytes())

    assert told["rows"][1][2] == {"value": 3.5, "low": 3.5, "high": 3.5}
    assert (told["seed"], told["commit"], told["notes"]) == (1, "8b2a208", ["a note"])
    assert "| Entraide | 10.0 (10.0–10.0) |" in (tmp_path / "results" / "fan-out.md").read_text(
        "utf-8"
    )
    assert [it.met for it in found["fan-out"].aims] == [True, False]


def test_the_chart_has_a_bar_for_each_but_the_floor_and_ours_is_marked(
    found: dict[str, Kept],
) -> None:
    picture = ET.fromstring(drawn(found))  # noqa: S314 — our own

    kinds = [it.get("class") for it in picture.iter("{http://www.w3.org/2000/svg}rect")]
    assert kinds == ["page", "ours", "bar"]
    described = picture.find("{http://www.w3.org/2000/svg}desc")
    assert described is not None
    assert f"{NAME} 1.25 (1.25–1.25), a & b 3.50 (3.50–3.50)" in (described.text or "")


def test_the_first_page_says_what_is_met_and_what_is_not(found: dict[str, Kept]) -> None:
    page = with_figures(f"before\n{BEGIN}\nold\n{END}\nafter\n", found)

    assert page.startswith(f"before\n{BEGIN}\n")
    assert page.endswith(f"{END}\nafter\n")
    assert "old" not in page
    assert "| `fan-out` | One publication | 1.25 (1.25–1.25) | 1 of 2 | 2026-11-26 15:46 |" in page
    assert "* `fan-out`: level with a & b" in page
    assert with_figures(page, found) == page


def test_a_page_without_measurements_says_nothing_of_them() -> None:
    assert "Every aim" not in with_figures(f"{BEGIN}\n{END}\n", {})
