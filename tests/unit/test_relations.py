"""To whom the exact place is open, in every situation there is."""

from datetime import UTC, datetime
from itertools import product

import pytest

from alerts.relations import Relation, hers, may_see_place, of_helper
from matching.dispatch.incident import GOING, Mode, Offer, OfferId, OfferState, Ring
from realtime.kernel.ids import PersonId

EVERY = list(product(Mode, Ring, OfferState, range(6), [True, False], [True, False]))


def offer(ring: Ring, state: OfferState) -> Offer:
    return Offer(
        id=OfferId("offer"),
        helper=PersonId("camille"),
        ring=ring,
        state=state,
        asked_at=datetime(2026, 11, 23, tzinfo=UTC),
    )


@pytest.mark.parametrize("mode", Mode)
def test_in_every_situation_the_place_is_for_those_it_is_for(mode: Mode) -> None:
    for _, ring, state, coming, released, ended in (it for it in EVERY if it[0] is mode):
        relations = of_helper(
            offer(ring, state), mode=mode, ended=ended, coming=coming, released=released
        )
        paired = mode is Mode.PUBLIC and ring is Ring.NEAR and coming >= 2

        assert may_see_place(relations, staff=False) == (
            state in GOING and not ended and (released or paired)
        ), (ring, state, coming, released, ended)


def test_she_and_the_operators_see_the_place() -> None:
    assert may_see_place(hers(), staff=False)
    assert may_see_place(frozenset(), staff=True)
    assert not may_see_place(frozenset(), staff=False)


def test_who_was_never_asked_is_nothing() -> None:
    assert of_helper(None, mode=Mode.PUBLIC, ended=False, coming=2, released=True) == frozenset()


@pytest.mark.parametrize(
    ("ring", "state", "found"),
    [
        (Ring.NEAR, OfferState.SEEN, {Relation.OFFERED}),
        (Ring.NEAR, OfferState.ACCEPTED, {Relation.ACCEPTED, Relation.PAIRED}),
        (Ring.REMOTE, OfferState.ACCEPTED, {Relation.ACCEPTED, Relation.REMOTE}),
        (Ring.NEAR, OfferState.COVERED, set()),
        (Ring.NEAR, OfferState.WITHDRAWN, set()),
    ],
)
def test_what_somebody_is_to_an_alert(ring: Ring, state: OfferState, found: set[Relation]) -> None:
    relations = of_helper(
        offer(ring, state), mode=Mode.PUBLIC, ended=False, coming=2, released=False
    )

    assert relations == found
