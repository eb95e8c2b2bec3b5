"""A statement as PDF: readable, French, and unharmed by what people type."""

import re
import zlib
from datetime import date

import pytest

from matching.shelter.funds.paper import MONTHS, MOST_LINES, amount, as_pdf, day, said
from matching.shelter.funds.statement import Line, Statement
from matching.shelter.funds.values import FundedNight, NightState
from matching.shelter.values import BudgetId, HoldId, HotelId


def statement(names: list[str]) -> Statement:
    lines = [
        Line(
            FundedNight(
                hold=HoldId(f"h{number}"),
                night=date(2026, 11, 1 + number % 30),
                budget=BudgetId("b"),
                hotel=HotelId("lyon"),
                price_cents=8_505,
                state=NightState.SPENT if number % 2 else NightState.PAID,
                voucher=f"voucher-{number:06d}",
            ),
            name,
        )
        for number, name in enumerate(names)
    ]
    return Statement(HotelId("hotel-1"), "Lyon (69)", "2026-11", lines)


def words_in(pdf: bytes) -> str:
    """The text of all pages, as their streams hold it."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    shown = b" ".join(_inflated(stream) for stream in streams)
    parts = re.findall(rb"\((.*?)(?<!\\)\)\s*Tj", shown, re.DOTALL)
    return " ".join(part.decode("cp1252") for part in parts)


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_a_month_is_printed_with_its_nights_and_its_total() -> None:
    pdf = as_pdf(statement(["Ville de Lyon – œuvre d’été"] * 3), made=date(2026, 12, 1))

    text = words_in(pdf)

    assert pdf.startswith(b"%PDF-")
    for word in (
        "novembre 2026",
        "Lyon (69)".replace("(", r"\(").replace(")", r"\)"),
        "œuvre",
        "€",
    ):
        assert word in text, word
    assert "255,15" in text
    assert "85,05" in text
    assert "voucher-000001" in text


@pytest.mark.parametrize("name", ["日本 ﬁn 😀", "a" * 80, "(", "\\", "=1+1", "ligne\nsuivante"])
def test_no_name_breaks_it(name: str) -> None:
    assert as_pdf(statement([name]), made=date(2026, 12, 1)).startswith(b"%PDF-")


def test_many_nights_take_several_pages_and_an_empty_month_one() -> None:
    many = as_pdf(statement(["Ville"] * 120), made=date(2026, 12, 1))
    none = as_pdf(statement([]), made=date(2026, 12, 1))

    assert many.count(b"/Type /Page\n") > 2
    assert none.count(b"/Type /Page\n") == 1


def test_what_is_too_long_to_print_says_where_the_rest_is() -> None:
    long = statement(["Ville"] * (MOST_LINES + 1))

    text = words_in(as_pdf(long, made=date(2026, 12, 1)))

    assert "sont dans le CSV" in text
    assert f"{MOST_LINES + 1} nuits" in text


def test_amounts_days_and_months_are_french() -> None:
    assert amount(100_000_050).replace("\xa0", " ") == "1 000 000,50 €"
    assert day(date(2026, 2, 3)) == "03/02/2026"
    assert [said(f"2026-{number:02d}") for number in range(1, 13)] == [
        f"{name} 2026" for name in MONTHS
    ]
