"""The day a budget runs dry, and when nothing is said about it; months; statements as CSV."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest

from matching.shelter.funds.forecast import Forecast, Outlook, Spent, dry_on
from matching.shelter.funds.statement import Line, Statement, as_csv, euros, plain
from matching.shelter.funds.values import Budget, FundedNight, NightState
from matching.shelter.values import BudgetId, HoldId, HotelId

TODAY = date(2026, 11, 25)
LONG_AGO, NEXT_YEAR = date(2026, 9, 1), date(2027, 6, 30)


def steady(nights: int, cents: int, days: int = 14) -> dict[date, Spent]:
    return {TODAY - timedelta(days=back): Spent(nights, cents) for back in range(1, days + 1)}


def forecast(
    left: int,
    spending: dict[date, Spent],
    *,
    opened: date = LONG_AGO,
    last: date = NEXT_YEAR,
) -> Forecast:
    return dry_on(left, spending, opened=opened, last=last, today=TODAY)


def test_the_pace_of_fourteen_nights_says_the_day() -> None:
    assert forecast(100_000, steady(2, 10_000)).dry_on == TODAY + timedelta(days=10)
    # The eleventh day's night could not be paid whole.
    assert forecast(109_999, steady(2, 10_000)).dry_on == TODAY + timedelta(days=10)


def test_what_was_spent_before_and_today_does_not_count() -> None:
    spending = steady(2, 10_000) | {
        TODAY: Spent(50, 900_000),
        TODAY - timedelta(days=15): Spent(50, 900_000),
    }

    assert forecast(100_000, spending) == forecast(100_000, steady(2, 10_000))


def test_nights_without_anybody_slow_it_down() -> None:
    half = {day: it for day, it in steady(2, 10_000).items() if day.day % 2}

    assert forecast(100_000, half).dry_on == TODAY + timedelta(days=20)


def test_a_young_budget_is_judged_by_its_own_days() -> None:
    opened = TODAY - timedelta(days=7)

    assert forecast(70_000, steady(2, 10_000, 7), opened=opened).dry_on == TODAY + timedelta(days=7)


@pytest.mark.parametrize(
    ("spending", "opened"),
    [
        ({}, LONG_AGO),
        (steady(1, 5_000, 4), LONG_AGO),
        (steady(2, 10_000, 6), TODAY - timedelta(days=6)),
        (steady(2, 0), LONG_AGO),
        (steady(2, 10_000), TODAY),
        (steady(2, 10_000), TODAY + timedelta(days=3)),
    ],
)
def test_too_little_is_known_to_say(spending: dict[date, Spent], opened: date) -> None:
    assert forecast(100_000, spending, opened=opened) == Forecast(Outlook.UNSURE)


def test_an_empty_budget_and_one_that_is_over_say_so() -> None:
    assert forecast(0, {}) == Forecast(Outlook.EMPTY, TODAY)
    assert forecast(100, {}, last=TODAY - timedelta(days=1)) == Forecast(Outlook.OVER)


def test_money_that_lasts_to_the_end_has_no_day() -> None:
    last = TODAY + timedelta(days=9)

    assert forecast(100_000, steady(2, 10_000), last=last) == Forecast(Outlook.LASTS)
    assert forecast(90_000, steady(2, 10_000), last=last).dry_on == last
    # Centuries: no date is that late.
    assert forecast(10**12, steady(1, 100)) == Forecast(Outlook.LASTS)


def budget(**changes: object) -> Budget:
    made: dict[str, object] = {
        "budget": BudgetId("b"),
        "funder": "ville",
        "name": "Hiver",
        "area": "69",
        "first": date(2026, 11, 1),
        "last": date(2026, 11, 30),
        "most_cents": 9_000,
        "opened": datetime(2026, 11, 1, tzinfo=UTC),
    }
    return Budget(**(made | changes))  # type: ignore[arg-type]


def test_a_budget_pays_where_when_and_what_it_says() -> None:
    assert budget().pays_in("69")
    assert not budget().pays_in("75")
    assert budget(area="").pays_in("75")
    assert budget().covers(date(2026, 11, 1), date(2026, 11, 30))
    assert not budget().covers(date(2026, 10, 31), date(2026, 11, 2))
    assert not budget().covers(date(2026, 11, 30), date(2026, 12, 1))
    assert budget().affords(9_000)
    assert not budget().affords(9_001)
    assert budget(most_cents=None).affords(10**9)


def line(name: str, cents: int, state: NightState, day: int = 24) -> Line:
    night = FundedNight(
        hold=HoldId("h"),
        night=date(2026, 11, day),
        budget=BudgetId("b"),
        hotel=HotelId("lyon"),
        price_cents=cents,
        state=state,
        voucher="v-1",
    )
    return Line(night, name)


NASTY = ['=HYPERLINK("x")', "+33", "-1", "@SUM(A1)", "\t=1", "  =2", "|cmd", "%x"]


@pytest.mark.parametrize("text", NASTY)
def test_nothing_that_was_typed_is_a_formula(text: str) -> None:
    assert plain(text) == f"'{text}"


def test_a_statement_is_read_back_as_it_was_written() -> None:
    names = ['Ville de Lyon, "nuits"', "ligne\r\nsuivante", *NASTY]
    lines = [line(name, 8_505, NightState.SPENT) for name in names]
    lines.append(line("Fondation", 0, NightState.PAID))
    statement = Statement(HotelId("lyon"), "Lyon (69)", "2026-11", lines)

    raw = as_csv(statement)
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))

    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert raw.endswith(b"\r\n")
    assert {len(row) for row in rows} == {6}
    assert [row[2].removeprefix("'") for row in rows[1:-2]] == names
    assert all(row[2][:1] not in "=+-@|%" for row in rows[1:-2] if row[2])
    assert rows[1][3:] == ["85.05", "8505", "à payer"]
    assert rows[-2][5] == "payé"
    assert rows[-1][:5] == ["total", "", "", euros(8_505 * len(names)), str(8_505 * len(names))]
    assert statement.owed == statement.cents == 8_505 * len(names)
