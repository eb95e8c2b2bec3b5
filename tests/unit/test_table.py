"""A table of a proof says what it found, and whether that is what was promised."""

import pytest

from tests.proofs.table import Table


def test_a_promise_that_is_not_kept_is_named() -> None:
    table = Table("Nothing lost", ("what", "figure"))
    table.add("acknowledged", 2_000)
    table.require("nothing is lost", True)
    table.require("the planted bug is caught", False)

    text = table.markdown("2026 · seed 1")

    assert table.unmet == ["the planted bug is caught"]
    assert "| acknowledged | 2,000 |" in text
    assert "* **BROKEN**: the planted bug is caught" in text


def test_a_row_has_as_many_cells_as_there_are_columns() -> None:
    with pytest.raises(ValueError, match="1 cells"):
        Table("Speed", ("what", "figure")).add("alone")
