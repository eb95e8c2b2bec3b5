"""Those who may call or write: asked after those near, some at a time, fifty in all."""

from datetime import timedelta

import pytest

from matching.dispatch.incident import OfferState, Ring, counts
from matching.dispatch.machine import asks_from_afar
from matching.dispatch.moves import Ask, Call, Candidate, End, LookAfar, Step, Word
from matching.dispatch.search import from_afar
from realtime.kernel.ids import PersonId
from tests.support.searching import Search, crowd, look_of


@pytest.fixture
def search() -> Search:
    return Search()


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


def test_people_afar_are_looked_for_until_fifty_are_asked_or_two_have_said_yes(
    search: Search,
) -> None:
    assert asks_from_afar(search.incident)
    search.looks({}, " ".join(crowd(49, name="r")))
    assert asks_from_afar(search.incident)
    search.looks({}, "r49")
    assert not asks_from_afar(search.incident)

    search.says("r1", Word.ACCEPT)
    search.says("r2", Word.ACCEPT)
    assert not asks_from_afar(search.incident)

    # The others were thanked: when one turns back, they may be asked again.
    search.says("r1", Word.DECLINE)
    assert asks_from_afar(search.incident)


def test_who_calls_may_be_anywhere_so_the_farthest_are_asked() -> None:
    nearest = [Candidate(PersonId(f"h{number}"), number) for number in range(100)]

    assert from_afar(nearest) == nearest[-62:]
    assert from_afar(nearest[:3]) == nearest[:3]


def test_each_step_has_those_afar_looked_for_until_fifty_are_asked(search: Search) -> None:
    assert LookAfar() in search.happens(Step([]))
    search.happens(Call([PersonId(f"r{number}") for number in range(50)]))

    assert LookAfar() not in search.happens(Step([]))


def test_they_are_asked_some_at_a_time_and_looked_for_again_while_there_are_more(
    search: Search,
) -> None:
    first = search.happens(Call([PersonId("a"), PersonId("b")], more=True))
    last = search.happens(Call([PersonId("c")]))

    assert search.asked(first, Ring.REMOTE) == ["a", "b"]
    assert first[-1] == LookAfar()
    assert [type(it) for it in last] == [Ask]


def test_the_same_call_again_asks_nobody_twice(search: Search) -> None:
    call = Call([PersonId("a")])
    search.happens(call)

    assert search.happens(call) == ()


def test_once_two_come_nobody_is_asked_to_call_any_more(search: Search) -> None:
    search.looks(crowd(2))
    search.says("h0", Word.ACCEPT)
    search.says("h1", Word.ACCEPT)

    assert search.happens(Call([PersonId("r1")], more=True)) == ()


def test_once_it_is_over_nobody_is_asked_to_call(search: Search) -> None:
    search.happens(End(OfferState.CANCELLED))

    assert search.happens(Call([PersonId("r1")], more=True)) == ()


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
