"""Days, weeks and months as they are counted: those of Paris. Pure."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from programmes.campaign.rules import VERDICT_EVERY

PARIS = ZoneInfo("Europe/Paris")


def day_of(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()


def weeks_over(began: datetime, now: datetime) -> date:
    """The day before which only whole weeks of a campaign lie.

    >>> from datetime import UTC
    >>> weeks_over(datetime(2026, 11, 2, 9, tzinfo=UTC), datetime(2026, 11, 20, 9, tzinfo=UTC))
    datetime.date(2026, 11, 16)
    """
    first = day_of(began)
    return first + (day_of(now) - first) // VERDICT_EVERY * VERDICT_EVERY


def week(began: datetime, day: date) -> int:
    """Which week of a campaign a day is in, from 0.

    >>> from datetime import UTC
    >>> week(datetime(2026, 11, 2, 9, tzinfo=UTC), date(2026, 11, 9))
    1
    """
    return (day - day_of(began)) // VERDICT_EVERY


def month_of(moment: datetime) -> str:
    """As it is written on a bill.

    >>> from datetime import UTC
    >>> month_of(datetime(2026, 11, 30, 23, 30, tzinfo=UTC))
    '2026-12'
    """
    return f"{day_of(moment):%Y-%m}"


def month_later(moment: datetime) -> datetime:
    """Four weeks later, at the same hour on the clock: the same day of the week.

    >>> month_later(datetime(2026, 10, 1, 18, 0, tzinfo=PARIS)).isoformat()
    '2026-10-29T18:00:00+01:00'
    """
    local = moment.astimezone(PARIS)
    return datetime.combine(local.date() + timedelta(days=28), local.time(), PARIS)
