"""The search for helpers: who is asked, when, and when it is enough. No clock, no database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from geo.cells import Cell
from matching.dispatch.errors import OfferClosed
from matching.dispatch.incident import (
    AlertId,
    Incident,
    Kind,
    Mode,
    Offer,
    OfferId,
    OfferState,
    Ring,
    counts,
)
from matching.dispatch.machine import after, decide, heard
from matching.dispatch.moves import (
    Answer,
    Ask,
    Candidate,
    Change,
    Decision,
    Drop,
    End,
    Event,
    Finish,
    Look,
    Rest,
    Step,
    Widen,
    Word,
)
from realtime.kernel.ids import PersonId

START = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


class Search:
    """One search, told what happens."""

    def __init__(self) -> None:
        numbers = count(1)
        self.ids = lambda: f"offer-{next(numbers)}"
        self.now = START
        self.incident = Incident(
            alert=AlertId("alert"),
            raiser=PersonId("anna"),
            mode=Mode.PUBLIC,
            kind=Kind.FOLLOWED,
            cell=Cell("891fb466257ffff"),
            shown=Cell("881fb46625fffff"),
            room="room",
            opened_at=START,
            ring=0,
            widen_at=START + timedelta(seconds=20),
        )

    def happens(self, event: Event, *, seconds: float = 0) -> tuple[Decision, ...]:
        self.now += timedelta(seconds=seconds)
        decisions = decide(self.incident, event, self.now, self.ids)
        self.incident = after(self.incident, decisions)
        return decisions

    def looks(
        self, near: dict[str, int] | None = None, remote: str = "", *, seconds: float = 0
    ) -> tuple[Decision, ...]:
        """A step with these candidates: near ones by their distance, remote ones in words."""
        candidates = [Candidate(PersonId(it), far) for it, far in (near or {}).items()]
        return self.happens(
            Step(candidates, [PersonId(it) for it in remote.split()]), seconds=seconds
        )

    def says(self, helper: str, word: Word, *, seconds: float = 0) -> tuple[Decision, ...]:
        return self.happens(Answer(self.offer(helper).id, word), seconds=seconds)

    def offer(self, helper: str) -> Offer:
        found = self.incident.offer_to(PersonId(helper))
        assert found is not None
        return found

    def state(self, helper: str) -> OfferState:
        return self.offer(helper).state

    def asked(self, decisions: tuple[Decision, ...], ring: Ring = Ring.NEAR) -> list[str]:
        return [it.helper for it in decisions if isinstance(it, Ask) and it.ring is ring]


def crowd(many: int, *, steps: int = 0, name: str = "h") -> dict[str, int]:
    return {f"{name}{number}": steps for number in range(many)}


@pytest.fixture
def search() -> Search:
    return Search()


def look_of(decisions: tuple[Decision, ...]) -> timedelta | None:
    """How long after the start the search looks again."""
    times = [it.at for it in decisions if isinstance(it, Look)]
    return times[0] - START if times else None


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


# The remote ring.


def test_remote_helpers_are_asked_beside_with_the_first_wave(search: Search) -> None:
    remote = " ".join(crowd(60, name="r"))

    decisions = search.looks(crowd(7), remote)

    assert search.asked(decisions, Ring.REMOTE) == remote.split()[:50]


def test_nobody_is_asked_both_near_and_from_afar(search: Search) -> None:
    decisions = search.looks({"a": 0}, "a b")

    assert search.asked(decisions, Ring.REMOTE) == ["b"]


def test_fifty_from_afar_in_all_however_many_steps(search: Search) -> None:
    everybody = " ".join(crowd(60, name="r"))
    search.looks({}, " ".join(everybody.split()[:30]))

    decisions = search.looks({}, everybody, seconds=20)

    assert len(search.asked(decisions, Ring.REMOTE)) == 20


def test_remote_acceptances_never_cover_it(search: Search) -> None:
    search.looks(crowd(7), "r1 r2 r3")

    search.says("r1", Word.ACCEPT)
    search.says("r2", Word.ACCEPT)

    assert not search.incident.covered
    assert search.state("h0") is OfferState.OFFERED
    assert counts(search.incident).accepted == 0


def test_after_two_from_afar_the_other_remote_ones_are_thanked(search: Search) -> None:
    search.looks(crowd(7), "r1 r2 r3")
    search.says("r1", Word.ACCEPT)
    search.says("r2", Word.ACCEPT)

    search.says("r3", Word.ACCEPT)

    assert search.state("r3") is OfferState.COVERED
    assert search.asked(search.looks({}, "r4"), Ring.REMOTE) == []


def test_when_a_remote_one_turns_back_another_may_be_asked_again(search: Search) -> None:
    search.looks({}, "r1 r2 r3")
    search.says("r1", Word.ACCEPT)
    search.says("r2", Word.ACCEPT)

    decisions = search.says("r1", Word.DECLINE, seconds=60)

    assert look_of(decisions) == timedelta(seconds=60)
    assert search.asked(search.looks({}, "r3"), Ring.REMOTE) == ["r3"]


def test_a_remote_refusal_is_not_replaced(search: Search) -> None:
    search.looks({}, "r1")

    decisions = search.says("r1", Word.DECLINE)

    assert look_of(decisions) is None


def test_a_remote_acceptance_on_its_way_counts_while_there_is_room(search: Search) -> None:
    search.looks(crowd(2), "r1 r2")
    search.says("h0", Word.ACCEPT)
    search.says("h1", Word.ACCEPT)

    search.says("r1", Word.ACCEPT, seconds=4)
    search.says("r2", Word.ACCEPT, seconds=2)

    assert search.state("r1") is OfferState.ACCEPTED
    assert search.state("r2") is OfferState.COVERED


def test_a_silent_remote_helper_may_be_asked_to_come(search: Search) -> None:
    search.looks({}, "a")
    first = search.offer("a").id

    decisions = search.looks({"a": 1}, seconds=5)

    assert Ask(first, PersonId("a"), Ring.NEAR, search.now, again=True) in decisions
    assert search.offer("a").ring is Ring.NEAR


@pytest.mark.parametrize("word", [Word.ACCEPT, Word.DECLINE])
def test_a_remote_helper_who_has_answered_is_not_asked_to_come(search: Search, word: Word) -> None:
    search.looks({}, "a")
    search.says("a", word)

    assert search.asked(search.looks({"a": 1})) == []


# Answers.


def test_received_then_seen_then_accepted_then_arrived(search: Search) -> None:
    search.looks({"a": 0})

    states = []
    for word in (Word.RECEIVED, Word.SEEN, Word.ACCEPT, Word.ARRIVED):
        search.says("a", word)
        states.append(search.state("a").value)

    assert states == ["received", "seen", "accepted", "arrived"]


@pytest.mark.parametrize("word", list(Word))
def test_saying_the_same_again_changes_nothing(search: Search, word: Word) -> None:
    search.looks({"a": 0})
    if word is Word.ARRIVED:
        search.says("a", Word.ACCEPT)
    search.says("a", word)

    assert search.says("a", word) == ()


def test_a_late_receipt_does_not_undo_a_look(search: Search) -> None:
    search.looks({"a": 0})
    search.says("a", Word.SEEN)

    assert search.says("a", Word.RECEIVED) == ()
    assert counts(search.incident).delivered == 1


def test_a_receipt_after_an_answer_is_nothing(search: Search) -> None:
    search.looks({"a": 0})
    search.says("a", Word.ACCEPT)
    offer = search.offer("a")

    assert heard(offer, Word.SEEN) is offer


def test_an_answer_is_a_delivery_too(search: Search) -> None:
    search.looks({"a": 0})
    search.says("a", Word.ACCEPT)

    found = counts(search.incident)

    assert (found.delivered, found.seen, found.accepted, found.on_scene) == (1, 1, 1, 0)


def test_nobody_arrives_who_has_not_accepted(search: Search) -> None:
    search.looks({"a": 0})

    with pytest.raises(OfferClosed):
        search.says("a", Word.ARRIVED)


def test_nobody_arrives_from_afar(search: Search) -> None:
    search.looks({}, "a")
    search.says("a", Word.ACCEPT)

    with pytest.raises(OfferClosed):
        search.says("a", Word.ARRIVED)


def test_who_refused_cannot_accept_nor_arrive_nor_refuse_again(search: Search) -> None:
    search.looks({"a": 0})
    search.says("a", Word.DECLINE)

    assert search.says("a", Word.ACCEPT) == ()
    assert search.says("a", Word.ARRIVED) == ()
    assert search.state("a") is OfferState.DECLINED


def test_an_answer_to_an_offer_of_another_search_is_nothing(search: Search) -> None:
    assert search.happens(Answer(OfferId("elsewhere"), Word.ACCEPT)) == ()


# Exclusion.


def test_who_is_excluded_sees_covered_and_cannot_come_back(search: Search) -> None:
    search.looks({"a": 0, "b": 0})
    decisions = search.happens(Drop(PersonId("a")))

    search.says("a", Word.ACCEPT, seconds=1)

    assert search.state("a") is OfferState.COVERED
    assert look_of(decisions) == timedelta(0)
    assert search.asked(search.looks({"a": 0}, "a")) == []
    assert search.asked(search.looks({"a": 0}, "a"), Ring.REMOTE) == []


def test_who_is_excluded_on_the_way_is_turned_back_and_replaced(search: Search) -> None:
    search.looks({"a": 0, "b": 0})
    search.says("a", Word.ACCEPT)
    search.says("b", Word.ACCEPT)

    decisions = search.happens(Drop(PersonId("a")))

    assert search.incident.going(Ring.NEAR) == 1
    assert look_of(decisions) == timedelta(0)


def test_excluding_twice_or_somebody_not_asked_changes_nothing(search: Search) -> None:
    search.looks({"a": 0})
    search.happens(Drop(PersonId("a")))

    assert search.happens(Drop(PersonId("a"))) == ()
    assert search.happens(Drop(PersonId("stranger"))) == ()


def test_who_refused_before_being_excluded_still_reads_refused(search: Search) -> None:
    search.looks({"a": 0})
    search.says("a", Word.DECLINE)

    search.happens(Drop(PersonId("a")))

    assert search.state("a") is OfferState.DECLINED
    assert search.offer("a").barred


# The end.


@pytest.mark.parametrize("state", [OfferState.CLOSED, OfferState.CANCELLED, OfferState.EXPIRED])
def test_the_end_is_told_to_those_asked_and_those_coming(search: Search, state: OfferState) -> None:
    search.looks({"a": 0, "b": 0, "c": 0})
    search.says("a", Word.ACCEPT)
    search.says("b", Word.DECLINE)

    decisions = search.happens(End(state))

    assert decisions[-2:] == (Finish(), Rest())
    assert [search.state(it) for it in "abc"] == [state, OfferState.DECLINED, state]


def test_after_the_end_nothing_happens_any_more(search: Search) -> None:
    search.looks({"a": 0, "b": 0, "c": 0})
    search.says("b", Word.ACCEPT)
    search.says("c", Word.ACCEPT)
    search.happens(End(OfferState.CLOSED))

    assert search.happens(End(OfferState.CANCELLED)) == ()
    assert search.looks({"d": 0}) == (Rest(),)
    assert search.says("a", Word.ACCEPT) == ()
    assert [it.offer.barred for it in search.happens(Drop(PersonId("a"))) if isinstance(it, Change)]


def test_an_offer_thanked_before_the_end_cannot_be_accepted_after_it(search: Search) -> None:
    search.looks({"a": 0, "b": 0, "c": 0})
    search.says("a", Word.ACCEPT)
    search.says("b", Word.ACCEPT)
    search.happens(End(OfferState.CLOSED))

    assert search.says("c", Word.ACCEPT, seconds=1) == ()


def test_an_offer_ends_with_its_alert() -> None:
    search = Search()

    assert search.incident.expires_at == START + timedelta(hours=4)
    assert replace(search.incident, ended=True).expires_at == search.incident.expires_at
