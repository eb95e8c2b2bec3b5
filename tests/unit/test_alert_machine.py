"""The states of a request for help."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.help.machine import ENDED, AlertState, Ending, ended, offers_become, progressed
from matching.dispatch.incident import Counts

OPEN = sorted(set(AlertState) - ENDED)

counts = st.builds(
    Counts,
    delivered=st.integers(0, 57),
    seen=st.integers(0, 57),
    accepted=st.integers(0, 5),
    on_scene=st.integers(0, 5),
)


@pytest.mark.parametrize("before", OPEN)
@pytest.mark.parametrize(
    ("accepted", "on_scene", "after"),
    [
        (0, 0, "searching"),
        (1, 0, "searching"),
        (2, 0, "covered"),
        (5, 0, "covered"),
        (1, 1, "on_scene"),
        (2, 1, "on_scene"),
    ],
)
def test_the_state_follows_from_who_comes(
    before: AlertState, accepted: int, on_scene: int, after: str
) -> None:
    assert progressed(before, Counts(accepted=accepted, on_scene=on_scene)) == after


@pytest.mark.parametrize(
    ("ending", "state"),
    [
        (Ending.CLOSE, AlertState.CLOSED),
        (Ending.CANCEL, AlertState.CANCELLED),
        (Ending.EXPIRE, AlertState.EXPIRED),
    ],
)
@pytest.mark.parametrize("before", OPEN)
def test_each_ending_has_its_state_and_its_word_for_helpers(
    before: AlertState, ending: Ending, state: AlertState
) -> None:
    assert ended(before, ending) is state
    assert offers_become(ending).value == state.value


@given(st.sampled_from(sorted(ENDED)), counts, st.sampled_from(Ending))
def test_what_has_ended_stays_as_it_ended(
    state: AlertState, people: Counts, ending: Ending
) -> None:
    assert progressed(state, people) is state
    assert ended(state, ending) is state


@given(st.lists(counts, min_size=1))
def test_only_the_last_of_many_changes_matters(changes: list[Counts]) -> None:
    state = AlertState.SEARCHING
    for people in changes:
        state = progressed(state, people)

    assert state is progressed(AlertState.SEARCHING, changes[-1])
