"""Months of nights: ``2026-11`` is those that begin in November. Pure."""

from datetime import date, timedelta

from matching.shelter.values import Night


def span(month: str) -> tuple[Night, Night]:
    """Its first and its last night.

    >>> [it.isoformat() for it in span("2026-02")]
    ['2026-02-01', '2026-02-28']
    """
    first = date.fromisoformat(f"{month}-01")
    after = (first + timedelta(days=31)).replace(day=1)
    return first, after - timedelta(days=1)


def month_of(night: Night) -> str:
    """The month that a night belongs to.

    >>> month_of(date(2026, 2, 28))
    '2026-02'
    """
    return night.isoformat()[:7]
