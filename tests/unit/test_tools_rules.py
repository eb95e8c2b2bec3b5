"""Blocks and bridges: how long, by whom, and what only she can do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matching.helpline.blocks.errors import BlockTooLong
from matching.helpline.blocks.rules import (
    ADDRESS_FOR,
    LONGEST_DAYS,
    MOST_DAYS,
    address_until,
    ends,
    stops,
)
from matching.helpline.bridges.errors import BridgeOver
from matching.helpline.bridges.machine import Bridge, Kind, State, answered, asked, lapsed
from matching.helpline.bridges.rules import ASKED_FOR
from realtime.kernel.ids import PersonId

NOW = datetime(2026, 11, 26, 21, 0, tzinfo=UTC)


def bridge() -> Bridge:
    by = PersonId("operator")
    return asked("b1", chat="c1", room="r1", kind=Kind.SHELTER, by=by, now=NOW)


def test_an_operator_blocks_for_thirty_days_at_most() -> None:
    assert ends(NOW, 1, supervisor=False) == NOW + timedelta(days=1)
    assert ends(NOW, MOST_DAYS, supervisor=False) == NOW + timedelta(days=30)
    for days in (MOST_DAYS + 1, LONGEST_DAYS, None):
        with pytest.raises(BlockTooLong):
            ends(NOW, days, supervisor=False)


def test_a_supervisor_decides_of_longer_and_of_no_end() -> None:
    assert ends(NOW, 400, supervisor=True) == NOW + timedelta(days=400)
    assert ends(NOW, None, supervisor=True) is None


def test_an_address_is_let_go_within_a_day() -> None:
    assert address_until(NOW, None) == NOW + ADDRESS_FOR
    assert address_until(NOW, NOW + timedelta(days=30)) == NOW + ADDRESS_FOR
    assert address_until(NOW, NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)
    assert timedelta(hours=24) >= ADDRESS_FOR


@pytest.mark.parametrize("person", [False, True])
@pytest.mark.parametrize("address", [False, True])
@pytest.mark.parametrize("dangers", [[], ["danger_now"]])
def test_where_one_writes_from_never_stops_whoever_is_in_danger(
    person: bool, address: bool, dangers: list[str]
) -> None:
    stopped = stops(person=person, address=address, dangers=dangers)

    assert stopped is (person or (address and not dangers))


@pytest.mark.parametrize(("yes", "state"), [(True, State.YES), (False, State.NO)])
def test_she_answers_once(yes: bool, state: State) -> None:
    after = answered(bridge(), yes=yes, now=NOW)

    assert (after.state, after.answered_at) == (state, NOW)
    for again in (True, False):
        with pytest.raises(BridgeOver):
            answered(after, yes=again, now=NOW)


def test_a_question_is_taken_back_after_its_time() -> None:
    late = NOW + ASKED_FOR

    assert answered(bridge(), yes=True, now=late - timedelta(seconds=1)).state is State.YES
    with pytest.raises(BridgeOver):
        answered(bridge(), yes=True, now=late)
    assert lapsed(bridge(), late).state is State.OVER


def test_what_was_answered_does_not_lapse() -> None:
    for state in (State.YES, State.NO, State.OVER):
        settled = replace(bridge(), state=state)
        assert lapsed(settled, NOW) is settled
