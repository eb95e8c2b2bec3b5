"""A request for help: its states, its ladder, and what somebody is to it."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from alerts.escalation import Rung, at_once, climbs, higher, ladder_from
from alerts.help.machine import ENDED, AlertState, Ending, ended, offers_become, progressed
from alerts.help.values import Alert
from alerts.relations import Relation, hers, may_see_place, of_helper
from geo.cells import Cell
from matching.dispatch.incident import (
    AlertId,
    Counts,
    Kind,
    Mode,
    Offer,
    OfferId,
    OfferState,
    Ring,
)
from realtime.kernel.ids import PersonId

NINE = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
OPEN = sorted(set(AlertState) - ENDED)


@pytest.mark.parametrize("before", OPEN)
@pytest.mark.parametrize(
    ("counts", "after"),
    [
        (Counts(), AlertState.SEARCHING),
        (Counts(delivered=7, seen=5, accepted=1), AlertState.SEARCHING),
        (Counts(accepted=2), AlertState.COVERED),
        (Counts(accepted=1, on_scene=1), AlertState.ON_SCENE),
        (Counts(accepted=2, on_scene=1), AlertState.ON_SCENE),
    ],
)
def test_the_state_follows_from_the_people_who_come_and_nothing_else(
    before: AlertState, counts: Counts, after: AlertState
) -> None:
    assert progressed(before, counts) is after


@pytest.mark.parametrize("state", sorted(ENDED))
def test_what_has_ended_stays_as_it_was(state: AlertState) -> None:
    assert progressed(state, Counts(accepted=2, on_scene=1)) is state
    assert {ended(state, ending) for ending in Ending} == {state}


@pytest.mark.parametrize(
    ("ending", "state", "told"),
    [
        (Ending.CLOSE, AlertState.CLOSED, OfferState.CLOSED),
        (Ending.CANCEL, AlertState.CANCELLED, OfferState.CANCELLED),
        (Ending.EXPIRE, AlertState.EXPIRED, OfferState.EXPIRED),
    ],
)
def test_how_it_ends_is_what_those_who_were_asked_are_told(
    ending: Ending, state: AlertState, told: OfferState
) -> None:
    assert {ended(before, ending) for before in OPEN} == {state}
    assert offers_become(ending) is told


def test_the_board_is_told_after_a_minute_and_the_duty_officer_after_three() -> None:
    assert ladder_from(NINE) == (
        (Rung.BOARD, NINE + timedelta(seconds=60)),
        (Rung.DUTY, NINE + timedelta(minutes=3)),
    )


def test_at_a_home_operators_are_told_without_waiting() -> None:
    assert at_once(Mode.HOME) is Rung.BOARD
    assert at_once(Mode.PUBLIC) is None


def test_a_rung_is_climbed_only_for_somebody_who_is_still_alone() -> None:
    assert climbs(accepted=0, ended=False)
    assert not climbs(accepted=1, ended=False)
    assert not climbs(accepted=0, ended=True)


def test_the_ladder_is_not_climbed_down() -> None:
    climbed = {
        (reached, rung): higher(reached, rung)
        for reached, rung in product((None, Rung.BOARD, Rung.DUTY), Rung)
    }

    assert {pair for pair, rung in climbed.items() if rung is Rung.BOARD} == {
        (None, Rung.BOARD),
        (Rung.BOARD, Rung.BOARD),
    }


def offer(state: OfferState, ring: Ring = Ring.NEAR) -> Offer:
    return Offer(id=OfferId("o"), helper=PersonId("bea"), ring=ring, state=state, asked_at=NINE)


def relation(
    asked: Offer | None,
    *,
    mode: Mode = Mode.PUBLIC,
    ended: bool = False,
    coming: int = 2,
    released: bool = False,
) -> frozenset[Relation]:
    return of_helper(asked, mode=mode, ended=ended, coming=coming, released=released)


ACCEPTED = offer(OfferState.ACCEPTED)
AFAR = offer(OfferState.ACCEPTED, Ring.REMOTE)


@pytest.mark.parametrize(
    ("found", "sees"),
    [
        (relation(None), False),
        (relation(offer(OfferState.SEEN)), False),
        (relation(offer(OfferState.SEEN), released=True), False),
        (relation(ACCEPTED, coming=1), False),
        (relation(ACCEPTED), True),
        (relation(offer(OfferState.ARRIVED)), True),
        (relation(ACCEPTED, coming=1, released=True), True),
        (relation(ACCEPTED, mode=Mode.HOME), False),
        (relation(ACCEPTED, mode=Mode.HOME, released=True), True),
        (relation(AFAR), False),
        (relation(AFAR, released=True), True),
        (relation(offer(OfferState.WITHDRAWN), released=True), False),
        (relation(offer(OfferState.COVERED), released=True), False),
        (relation(ACCEPTED, ended=True, released=True), False),
        (hers(), True),
    ],
)
def test_the_exact_place_is_for_pairs_and_for_those_it_is_opened_to(
    found: frozenset[Relation], sees: bool
) -> None:
    assert may_see_place(found, staff=False) is sees


def test_staff_may_see_the_place_without_having_been_asked() -> None:
    assert may_see_place(relation(None), staff=True)


def test_who_turned_back_is_nothing_to_the_alert_like_anybody_else() -> None:
    assert relation(offer(OfferState.WITHDRAWN), released=True) == relation(None) == frozenset()


def test_an_alert_knows_its_stream_its_key_and_whether_it_is_over() -> None:
    alert = Alert(
        alert=AlertId("a1"),
        raiser=PersonId("nora"),
        mode=Mode.PUBLIC,
        kind=Kind.FOLLOWED,
        state=AlertState.SEARCHING,
        raised_at=NINE,
        room="r1",
        shown=Cell("871fb4662ffffff"),
        counts=Counts(),
        escalation=None,
    )

    assert (alert.channel, alert.place_key, alert.ended) == ("alert:a1", "place:a1", False)
