"""When a phone is worth waking, and when it is tried again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matching.dispatch.incident import Offer, OfferId, OfferState, Ring
from matching.reach.rules import GIVE_UP, again_after, unheard
from realtime.kernel.ids import PersonId
from realtime.push.policy import Outcome, Verdict

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
OFFER = Offer(
    id=OfferId("offer"),
    helper=PersonId("anna"),
    ring=Ring.NEAR,
    state=OfferState.OFFERED,
    asked_at=NOW,
)
SENT, GONE, FAULT = (Outcome(it) for it in (Verdict.SENT, Verdict.GONE, Verdict.FAULT))


def later(seconds: float) -> Outcome:
    return Outcome(Verdict.LATER, timedelta(seconds=seconds))


@pytest.mark.parametrize("state", list(OfferState))
def test_only_an_offer_that_no_phone_has_received_is_worth_it(state: OfferState) -> None:
    assert unheard(replace(OFFER, state=state), NOW) is (state is OfferState.OFFERED)


def test_an_offer_asked_again_is_unheard_again() -> None:
    assert unheard(replace(OFFER, received=True, seen=True), NOW)


def test_an_offer_of_long_ago_is_not_worth_it() -> None:
    assert unheard(OFFER, NOW + GIVE_UP - timedelta(milliseconds=1))
    assert not unheard(OFFER, NOW + GIVE_UP)


@pytest.mark.parametrize(
    ("outcomes", "seconds"),
    [
        ([], None),
        ([SENT], None),
        ([GONE], None),
        ([FAULT], None),
        ([later(30)], 30),
        ([later(30), later(5), GONE], 5),
        # One of her phones has it.
        ([later(5), SENT], None),
        ([Outcome(Verdict.FAILED, timedelta(seconds=2)), FAULT], 2),
    ],
)
def test_when_it_is_tried_again(outcomes: list[Outcome], seconds: float | None) -> None:
    wait = None if seconds is None else timedelta(seconds=seconds)

    assert again_after(outcomes) == wait
