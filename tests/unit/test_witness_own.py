"""What somebody who reported may know of an event that others have reported too."""

from dataclasses import replace

import pytest

from alerts.witness import own
from alerts.witness.machine import Part, Parts
from alerts.witness.values import Call, CallState, Event, Kind, Outcome, Ring, Role, Standing, State
from realtime.kernel.ids import PersonId
from tests.support.transport import T1, stop_id
from tests.support.witnessing import EVENT, later, report

BEFORE, SINCE = PersonId("before"), PersonId("since")
HERS: Event = replace(
    EVENT, kind=Kind.SEXUAL, car="3", stop=stop_id(5), confirmed=True, asked=2, seen=2, came=2
)
PARTS = Parts({Role.SIT: Part(BEFORE), Role.CALL: Part(SINCE)})


def call(person: PersonId, seconds: float) -> Call:
    return Call(
        event=EVENT.event,
        person=person,
        ring=Ring.TRIP,
        state=CallState.CAME,
        asked_at=later(seconds),
        seen=True,
    )


CALLS = [call(BEFORE, 10), call(SINCE, 90)]


def test_who_comes_late_knows_their_own_word_and_what_came_after_it() -> None:
    his = report("b", at=later(60), kind=Kind.OTHER, line=T1, placed=False, until=later(600))

    known, parts = own.hers(HERS, his, CALLS, PARTS)

    assert (known.kind, known.car, known.stop, known.direction) == (Kind.OTHER, "", None, None)
    assert (known.opened_at, known.until, known.confirmed) == (later(60), later(600), False)
    assert (known.asked, known.seen, known.came) == (1, 1, 1)
    assert set(parts.taken) == {Role.CALL}


@pytest.mark.parametrize(
    "report_of",
    [
        report("a", placed=False),
        report("b", at=later(60)),
        report("b", at=later(60), placed=False, standing=Standing.KNOWN),
    ],
)
def test_who_began_is_there_or_is_known_is_told_that_it_is_confirmed(report_of: object) -> None:
    known, _ = own.hers(HERS, report_of, CALLS, PARTS)  # type: ignore[arg-type]

    assert known.confirmed


def test_who_began_knows_all_that_came_of_it() -> None:
    known, parts = own.hers(HERS, report("a", car="3"), CALLS, PARTS)

    assert (known.asked, known.came, parts) == (2, 2, PARTS)
    assert known.until == EVENT.until


def test_what_is_taken_back_is_over_for_her_alone() -> None:
    known, _ = own.hers(HERS, report("a", withdrawn=True), CALLS, PARTS)

    assert (known.state, known.outcome) == (State.CANCELLED, Outcome.CANCELLED)
