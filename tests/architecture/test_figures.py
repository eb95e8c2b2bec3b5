"""Figures of the first page are those that were measured: ``./run bench chart`` makes them."""

from tests.load.chart import drawn
from tests.load.kept import kept
from tests.load.readme import CHART, README, with_figures


def test_the_first_page_says_what_was_measured() -> None:
    page = README.read_text(encoding="utf-8")

    assert with_figures(page, kept()) == page


def test_the_chart_shows_what_was_measured() -> None:
    assert CHART.read_text(encoding="utf-8") == drawn(kept())
