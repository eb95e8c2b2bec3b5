"""The search for helpers: who is asked, when, and when it is enough. No clock, no database."""

from datetime import timedelta

import pytest

from matching.dispatch.incident import (
    OfferState,
    Ring,
)
from matching.dispatch.moves import (
    Ask,
    Candidate,
    Rest,
    Step,
    Widen,
    Word,
)
from realtime.kernel.ids import PersonId
from tests.support.searching import START, Search, crowd, look_of


@pytest.fixture
def search() -> Search:
    return Search()


# Whom to ask.


def test_the_seven_nearest_are_asked(search: Search) -> None:
    decisions = search.looks(crowd(9))

    assert search.asked(decisions) == [f"h{number}" for number in range(7)]


def test_only_the_ring_reached_is_asked(search: Search) -> None:
    decisions = search.looks({"close": 1, "further": 2})

    assert search.asked(decisions) == ["close"]


def test_an_empty_ring_climbs_at_once_to_the_next_that_is_not(search: Search) -> None:
    decisions = search.looks({"far": 5, "very far": 15})

    assert search.asked(decisions) == ["far"]
    assert decisions[0] == Widen(2, START + timedelta(seconds=20))


def test_a_ring_is_added_every_twenty_seconds(search: Search) -> None:
    everybody = {"a": 1, "b": 3, "c": 5, "d": 15, "e": 30}

    asked = [search.asked(search.looks(everybody))]
    asked += [search.asked(search.looks(everybody, seconds=20)) for _ in range(5)]

    assert asked == [["a"], ["b"], ["c"], ["d"], ["e"], []]


def test_a_look_between_two_rings_adds_none(search: Search) -> None:
    everybody = crowd(30, steps=1)
    search.looks(everybody)
    search.looks(everybody, seconds=21)

    decisions = search.looks(everybody, seconds=1)

    assert not any(isinstance(it, Widen) for it in decisions)
    assert search.incident.widen_at == START + timedelta(seconds=41)


def test_who_refuses_in_an_exhausted_ring_is_replaced_from_the_next(search: Search) -> None:
    search.looks({"a": 1, "b": 1, "c": 5})
    search.says("a", Word.DECLINE, seconds=2)

    decisions = search.looks({"a": 1, "b": 1, "c": 5})

    assert search.asked(decisions) == ["c"]


def test_nobody_beyond_the_last_ring_is_asked(search: Search) -> None:
    assert search.asked(search.looks({"too far": 31})) == []
    assert search.incident.ring == 0


def test_a_refusal_is_replaced_at_once(search: Search) -> None:
    search.looks(crowd(8))

    decisions = search.says("h0", Word.DECLINE, seconds=3)

    assert look_of(decisions) == timedelta(seconds=3)
    assert search.asked(search.looks(crowd(8))) == ["h7"]


def test_silence_adds_another_helper_and_leaves_the_offer_open(search: Search) -> None:
    decisions = search.looks(crowd(9))
    assert look_of(decisions) == timedelta(seconds=20)

    decisions = search.looks(crowd(9), seconds=20)

    assert search.asked(decisions) == ["h7", "h8"]
    assert search.state("h0") is OfferState.OFFERED


def test_nineteen_seconds_are_not_silence_yet(search: Search) -> None:
    search.looks(crowd(9))

    assert search.asked(search.looks(crowd(9), seconds=19.999)) == []


def test_who_has_accepted_still_counts_among_the_seven(search: Search) -> None:
    search.looks(crowd(20))
    search.says("h0", Word.ACCEPT)

    assert len(search.asked(search.looks(crowd(20), seconds=20))) == 6


def test_who_refused_is_never_asked_again(search: Search) -> None:
    search.looks({"a": 0})
    search.says("a", Word.DECLINE)

    assert search.asked(search.looks({"a": 0}, "a")) == []


def test_the_same_step_again_asks_nobody_twice(search: Search) -> None:
    search.looks(crowd(7), "r1 r2")

    decisions = search.looks(crowd(7), "r1 r2")

    assert [it for it in decisions if isinstance(it, Ask)] == []


def test_with_nobody_asked_it_looks_again_soon(search: Search) -> None:
    assert look_of(search.looks()) == timedelta(seconds=5)


def test_it_looks_again_when_the_first_silence_ends(search: Search) -> None:
    search.looks({"a": 0})

    decisions = search.looks({"a": 0, "b": 1}, seconds=7)

    assert look_of(decisions) == timedelta(seconds=20)


def test_on_the_last_ring_it_still_looks_again(search: Search) -> None:
    for _ in range(5):
        search.looks(seconds=20)

    decisions = search.looks({"a": 30})

    assert look_of(decisions) == timedelta(seconds=120)


def test_a_glance_that_has_not_found_seven_is_followed_by_a_look_at_once(search: Search) -> None:
    glance = [Candidate(PersonId("a"), 0)]

    decisions = search.happens(Step(glance, more=True), seconds=1)
    assert search.asked(decisions) == ["a"]
    assert look_of(decisions) == timedelta(seconds=1)

    decisions = search.happens(Step(glance), seconds=1)
    assert look_of(decisions) == timedelta(seconds=20)


def test_a_glance_that_has_found_seven_is_enough(search: Search) -> None:
    glance = [Candidate(PersonId(it), far) for it, far in crowd(7).items()]

    assert look_of(search.happens(Step(glance, more=True))) == timedelta(seconds=20)


# Enough.


def test_two_who_come_cover_it(search: Search) -> None:
    search.looks(crowd(7), "r1")
    search.says("h0", Word.ACCEPT)

    decisions = search.says("h1", Word.ACCEPT)

    assert search.incident.covered
    assert Rest() in decisions
    assert {search.state(f"h{number}") for number in range(2, 7)} == {OfferState.COVERED}
    assert search.state("r1") is OfferState.COVERED


def test_one_is_not_enough(search: Search) -> None:
    search.looks(crowd(7))

    decisions = search.says("h0", Word.ACCEPT)

    assert Rest() not in decisions
    assert search.state("h1") is OfferState.OFFERED


def test_nobody_is_asked_once_it_is_covered(search: Search) -> None:
    search.looks(crowd(2))
    search.says("h0", Word.ACCEPT)
    search.says("h1", Word.ACCEPT)

    assert search.looks({"another": 0}, "r1") == (Rest(),)


@pytest.mark.parametrize(("seconds", "state"), [(5, "accepted"), (5.001, "covered")])
def test_an_acceptance_that_was_on_its_way_still_counts(
    search: Search, seconds: float, state: str
) -> None:
    search.looks(crowd(3))
    search.says("h0", Word.ACCEPT)
    search.says("h1", Word.ACCEPT)

    search.says("h2", Word.ACCEPT, seconds=seconds)

    assert search.state("h2") == state


def test_never_more_than_five_are_on_the_way(search: Search) -> None:
    search.looks(crowd(7))

    for number in range(7):
        search.says(f"h{number}", Word.ACCEPT)

    assert search.incident.going(Ring.NEAR) == 5
    assert search.state("h5") is search.state("h6") is OfferState.COVERED


def test_when_one_turns_back_it_goes_on(search: Search) -> None:
    search.looks(crowd(3))
    search.says("h0", Word.ACCEPT)
    search.says("h1", Word.ACCEPT)

    decisions = search.says("h1", Word.DECLINE, seconds=30)

    assert search.state("h1") is OfferState.WITHDRAWN
    assert look_of(decisions) == timedelta(seconds=30)
    assert search.asked(search.looks({"h2": 0, "new": 0})) == ["h2", "new"]


def test_who_was_thanked_is_asked_again_by_the_same_offer(search: Search) -> None:
    search.looks(crowd(3))
    search.says("h2", Word.SEEN)
    search.says("h0", Word.ACCEPT)
    search.says("h1", Word.ACCEPT)
    search.says("h1", Word.DECLINE, seconds=30)
    first = search.offer("h2").id

    decisions = search.looks({"h2": 0})

    assert Ask(first, PersonId("h2"), Ring.NEAR, search.now, again=True) in decisions
    assert search.offer("h2").told_at is None
    assert search.offer("h2").seen


def test_who_was_thanked_long_ago_may_accept_when_help_is_wanted_again(search: Search) -> None:
    search.looks(crowd(3))
    search.says("h0", Word.ACCEPT)
    search.says("h1", Word.ACCEPT)
    search.says("h1", Word.DECLINE, seconds=600)

    search.says("h2", Word.ACCEPT)

    assert search.state("h2") is OfferState.ACCEPTED
    assert search.incident.covered


def test_one_of_three_turning_back_changes_nothing_for_the_others(search: Search) -> None:
    search.looks(crowd(3))
    for number in range(3):
        search.says(f"h{number}", Word.ACCEPT)

    decisions = search.says("h0", Word.DECLINE)

    assert Rest() in decisions
    assert look_of(decisions) is None
