"""Who is let in next: the pure decision, and that nobody's turn is lost."""

import asyncio
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from realtime.admission import Admission, Bounds, Pace, Rank, Verdict
from realtime.kernel.errors import TooManyRequests
from realtime.turns import Turns

FEW = Bounds(at_once=2, kept=1, most_waiting=3)


def test_a_few_are_let_in_together_and_the_others_wait_their_turn() -> None:
    admission = Admission[str](FEW)

    verdicts = [admission.ask(who, Rank.OTHERS) for who in "abcde"]

    assert verdicts == [Verdict.GO, Verdict.GO, *[Verdict.WAIT] * 3]
    assert admission.ask("f", Rank.OTHERS) is Verdict.LATER
    assert [admission.done() for _ in range(5)] == [["c"], ["d"], ["e"], [], []]
    assert (len(admission), admission.under_way) == (0, 0)


def test_turns_are_kept_for_the_first_and_they_go_before_those_who_wait() -> None:
    admission = Admission[str](FEW)
    for who in "abcd":
        admission.ask(who, Rank.OTHERS)

    assert admission.ask("urgent", Rank.FIRST) is Verdict.GO
    assert admission.ask("urgent too", Rank.FIRST) is Verdict.WAIT

    assert admission.done() == ["urgent too"]
    assert admission.done() == []
    assert admission.done() == ["c"]


def test_who_gives_up_is_not_called_and_who_was_called_must_be_done() -> None:
    admission = Admission[str](Bounds(at_once=1, kept=0, most_waiting=3))
    for who in "abc":
        admission.ask(who, Rank.OTHERS)

    assert admission.gone("b", Rank.OTHERS)
    assert admission.done() == ["c"]
    assert not admission.gone("c", Rank.OTHERS)
    assert admission.done() == []


def test_somebody_of_weight_takes_the_room_of_several() -> None:
    admission = Admission[str](Bounds(at_once=4, kept=2, most_waiting=9))
    assert admission.ask("a", Rank.OTHERS, 3) is Verdict.GO
    assert admission.ask("b", Rank.OTHERS, 2) is Verdict.WAIT
    # Nobody overtakes within a rank, however light.
    assert admission.ask("c", Rank.OTHERS) is Verdict.WAIT
    assert admission.ask("urgent", Rank.FIRST, 3) is Verdict.GO

    assert admission.done(3) == []
    assert admission.gone("b", Rank.OTHERS)
    assert admission.done(3) == ["c"]
    assert (len(admission), admission.under_way, admission._weights) == (0, 1, {})


class Door(RuleBasedStateMachine):
    """Whatever happens: within bounds, nobody waits in vain, nobody overtakes within a rank."""

    def __init__(self) -> None:
        super().__init__()
        self.admission = Admission[int](FEW)
        self.numbers = count()
        self.inside: dict[int, int] = {}
        self.weights: dict[int, int] = {}
        self.waiting: dict[Rank, list[int]] = {rank: [] for rank in Rank}

    @rule(rank=st.sampled_from(Rank), weight=st.sampled_from((1, 2)))
    def somebody_comes(self, rank: Rank, weight: int) -> None:
        who = next(self.numbers)
        self.weights[who] = weight
        match self.admission.ask(who, rank, weight):
            case Verdict.GO:
                assert not self.waiting[rank]
                self.inside[who] = weight
            case Verdict.WAIT:
                self.waiting[rank].append(who)
            case Verdict.LATER:
                assert len(self.waiting[rank]) == FEW.most_waiting

    @precondition(lambda self: self.inside)
    @rule()
    def a_turn_is_over(self) -> None:
        _, weight = self.inside.popitem()
        for who in self.admission.done(weight):
            rank = next(it for it in Rank if who in self.waiting[it])
            assert self.waiting[rank].pop(0) == who
            assert not any(self.waiting[it] for it in Rank if it < rank)
            self.inside[who] = self.weights[who]

    @precondition(lambda self: any(self.waiting.values()))
    @rule(last=st.booleans())
    def somebody_gives_up(self, last: bool) -> None:
        rank = next(it for it in Rank if self.waiting[it])
        assert self.admission.gone(self.waiting[rank].pop(-1 if last else 0), rank)

    @invariant()
    def the_bounds_hold_and_no_turn_is_lost(self) -> None:
        under_way = sum(self.inside.values())
        assert self.admission.under_way == under_way <= FEW.at_once + FEW.kept
        assert len(self.admission) == len(self.admission._weights)
        assert len(self.admission) == sum(map(len, self.waiting.values()))
        # Whoever waits would not fit; the rest of the room may be one too little for the next.
        if self.waiting[Rank.FIRST]:
            assert under_way >= FEW.at_once + FEW.kept - 1
        if any(self.waiting.values()):
            assert under_way >= FEW.at_once - 1
        assert self.admission.ahead(Rank.FIRST) == len(self.waiting[Rank.FIRST])
        assert self.admission.ahead(Rank.OTHERS) == len(self.admission)


TestDoor = Door.TestCase


async def test_who_waits_too_long_or_behind_too_many_is_told_to_come_back() -> None:
    turns = Turns(Bounds(at_once=1, kept=0, most_waiting=1))

    async with turns.turn(Rank.OTHERS):
        with pytest.raises(TooManyRequests):
            async with turns.turn(Rank.OTHERS, 0.01):
                raise AssertionError
        waiting = asyncio.create_task(_enter(turns, Rank.FIRST, 0.3))
        await asyncio.sleep(0)
        with pytest.raises(TooManyRequests):
            await _enter(turns, Rank.FIRST)
        with pytest.raises(TooManyRequests):
            await waiting

    assert (turns.refused, len(turns)) == (3, 0)
    await _enter(turns, Rank.OTHERS)


def test_the_pace_is_learnt_from_turns_that_end_while_others_wait() -> None:
    pace = Pace()
    assert pace.wait_s(100) == 100 / Pace.FIRST_GUESS

    for number in range(1, 10 * Pace.EVERY):
        pace.ended(number / 1000, idle=False)
    assert 0.1 < pace.wait_s(100) < 0.2
    # Quiet for an hour: that was not haste, nor slowness.
    pace.ended(3600.0, idle=True)
    for number in range(1, 10 * Pace.EVERY):
        pace.ended(3600 + number / 1000, idle=False)
    assert 0.09 < pace.wait_s(100) < 0.11
    # As slow as can be believed, even by a clock that stands still.
    for number in range(20 * Pace.EVERY):
        pace.ended(3700.0 + number, idle=False)
    assert pace.wait_s(100) == 100 / Pace.LEAST
    for _ in range(2 * Pace.EVERY):
        pace.ended(0.0, idle=False)


async def test_who_would_wait_too_long_is_told_at_once_and_when_to_come_back() -> None:
    turns = Turns(Bounds(at_once=1, kept=0, most_waiting=5000))
    async with turns.turn(Rank.OTHERS):
        crowd = [asyncio.create_task(_enter(turns, Rank.OTHERS)) for _ in range(2500)]
        await asyncio.sleep(0)

        with pytest.raises(TooManyRequests) as later:
            await _enter(turns, Rank.OTHERS, 1.0)
        urgent = asyncio.create_task(_enter(turns, Rank.FIRST, 1.0))
        await asyncio.sleep(0)

    await asyncio.gather(urgent, *crowd)
    assert later.value.retry_s is not None
    # 2500 ahead at the pace first guessed, ten seconds, more or less, another moment for each.
    assert 7 <= later.value.retry_s <= 15.5
    assert turns.refused == 1


@given(cancelled=st.sets(st.integers(0, 9)))
async def test_however_many_give_up_every_turn_is_given_back(cancelled: set[int]) -> None:
    turns = Turns(Bounds(at_once=2, kept=1, most_waiting=20))
    comers = [
        asyncio.create_task(_enter(turns, Rank.FIRST if number % 3 else Rank.OTHERS))
        for number in range(10)
    ]
    await asyncio.sleep(0)
    for number in cancelled:
        comers[number].cancel()

    await asyncio.gather(*comers, return_exceptions=True)

    assert (len(turns), turns._admission.under_way) == (0, 0)


async def _enter(turns: Turns, rank: Rank, longest_wait_s: float = 30.0) -> None:
    async with turns.turn(rank, longest_wait_s):
        await asyncio.sleep(0)
