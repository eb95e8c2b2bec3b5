"""The day on which a budget runs dry, if nights go on as they have. Pure; it may not know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from matching.shelter.funds.rules import LEAST_DAYS, LEAST_NIGHTS, LOOK_BACK


class Outlook(StrEnum):
    #: Too young, or too few nights: nothing is said.
    UNSURE = "unsure"
    #: Nothing is left.
    EMPTY = "empty"
    #: It runs dry on a day within its period.
    DRY = "dry"
    #: At this pace it lasts to its last night.
    LASTS = "lasts"
    #: Its last night is over.
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Forecast:
    outlook: Outlook
    #: The first day on which a night as dear as those before can be promised no more.
    dry_on: date | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """What one night cost a budget: how many rooms, and cents together."""

    nights: int
    cents: int


def dry_on(
    left_cents: int, spending: Mapping[date, Spent], *, opened: date, last: date, today: date
) -> Forecast:
    """From the last fourteen nights before today, or fewer when the budget is younger than that.

    >>> days = {date(2026, 11, day): Spent(2, 10_000) for day in range(11, 25)}
    >>> budget = {"opened": date(2026, 11, 1), "last": date(2026, 12, 31)}
    >>> dry_on(50_000, days, **budget, today=date(2026, 11, 25)).dry_on.isoformat()
    '2026-11-30'
    """
    if today > last:
        return Forecast(Outlook.OVER)
    if left_cents <= 0:
        return Forecast(Outlook.EMPTY, today)
    days = min(LOOK_BACK, (today - opened).days)
    window = [spending.get(today - timedelta(days=back), Spent(0, 0)) for back in _back(days)]
    cents = sum(each.cents for each in window)
    nights = sum(each.nights for each in window)
    if days < LEAST_DAYS or nights < LEAST_NIGHTS or cents == 0:
        return Forecast(Outlook.UNSURE)
    # Whole days at that pace; compared before it is made a date, which has an end.
    lasting = left_cents * days // cents
    if lasting > (last - today).days:
        return Forecast(Outlook.LASTS)
    return Forecast(Outlook.DRY, today + timedelta(days=lasting))


def _back(days: int) -> range:
    return range(1, days + 1)
