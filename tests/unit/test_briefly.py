"""What one step leaves for the next: taken once, not for long, and not without end."""

from datetime import UTC, datetime, timedelta

import pytest

from matching.dispatch.briefly import Briefly

NOW = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_what_is_kept_is_taken_once() -> None:
    kept = Briefly[str, int](SECOND)
    kept.put("a", 1, NOW)
    kept.put("a", 2, NOW)

    assert [kept.take("a", NOW), kept.take("a", NOW), kept.take("b", NOW)] == [2, None, None]


@pytest.mark.parametrize(("late", "found"), [(timedelta(0), 1), (timedelta(milliseconds=1), None)])
def test_what_is_too_old_is_not_answered(late: timedelta, found: int | None) -> None:
    kept = Briefly[str, int](SECOND)
    kept.put("a", 1, NOW)

    assert kept.take("a", NOW + SECOND + late) == found


def test_of_too_many_the_oldest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matching.dispatch.briefly.MOST", 2)
    kept = Briefly[str, int](SECOND)
    for number, name in enumerate("abac"):
        kept.put(name, number, NOW)

    assert [kept.take(it, NOW) for it in "abc"] == [2, None, 3]
