"""What an alert that nobody accepts does next."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.escalation import LADDER, Rung, at_once, climbs, higher, ladder_from
from alerts.help.service import parsed_rung_key, rung_key
from matching.dispatch.incident import AlertId, Mode

START = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def test_the_board_after_a_minute_and_the_duty_officer_after_three() -> None:
    assert ladder_from(START) == (
        (Rung.BOARD, START + timedelta(seconds=60)),
        (Rung.DUTY, START + timedelta(minutes=3)),
    )


def test_the_ladder_goes_up() -> None:
    delays = [delay for delay, _ in LADDER]

    assert delays == sorted(delays)
    assert [rung for _, rung in LADDER] == list(Rung)


def test_at_a_home_operators_are_told_at_once() -> None:
    assert at_once(Mode.HOME) is Rung.BOARD
    assert at_once(Mode.PUBLIC) is None


@pytest.mark.parametrize(
    ("accepted", "ended", "climbed"),
    [(0, False, True), (1, False, False), (0, True, False), (2, True, False)],
)
def test_a_rung_matters_only_while_nobody_comes(accepted: int, ended: bool, climbed: bool) -> None:
    assert climbs(accepted=accepted, ended=ended) == climbed


@pytest.mark.parametrize(
    ("reached", "rung", "now"),
    [
        (None, Rung.BOARD, Rung.BOARD),
        (None, Rung.DUTY, Rung.DUTY),
        (Rung.BOARD, Rung.BOARD, Rung.BOARD),
        (Rung.BOARD, Rung.DUTY, Rung.DUTY),
        (Rung.DUTY, Rung.BOARD, Rung.DUTY),
    ],
)
def test_nobody_climbs_down(reached: Rung | None, rung: Rung, now: Rung) -> None:
    assert higher(reached, rung) is now


@pytest.mark.parametrize("rung", Rung)
def test_a_task_knows_its_alert_and_its_rung(rung: Rung) -> None:
    alert = AlertId("a_b-c")

    assert parsed_rung_key(rung_key(alert, rung)) == (alert, rung)
