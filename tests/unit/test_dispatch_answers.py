"""What helpers say of an offer, who is excluded, and how a search ends. No clock, no database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from matching.dispatch.errors import OfferClosed
from matching.dispatch.incident import (
    OfferId,
    OfferState,
    Ring,
    counts,
)
from matching.dispatch.machine import heard
from matching.dispatch.moves import (
    Answer,
    Change,
    Drop,
    End,
    Finish,
    Rest,
    Word,
)
from realtime.kernel.ids import PersonId
from tests.support.searching import START, Search, look_of


@pytest.fixture
def search() -> Search:
    return Search()


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
