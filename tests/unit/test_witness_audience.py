"""Who is told of what happens in transport, in what order, and why somebody is not."""

from dataclasses import replace

import pytest

from alerts import audience
from alerts.audience import Carried, Facts, Near, Reason, next_wave
from alerts.witness.rules import EVENT_MOST, RECKONED_FOR, WAVE_MOST
from alerts.witness.values import (
    Ring,
)
from alerts.witness.vehicles import astray_m
from geo.transit.values import Ride
from matching.helpers.quiet import parsed
from matching.helpers.values import Helper, Skill, Status
from realtime.kernel.ids import PersonId
from tests.support.transport import T2, stop_id
from tests.support.witnessing import NETWORK, NOW, RIDE, later

# In the same vehicle.


def same(there: Ride, *, here: Ride = RIDE, mode: str = "tram") -> bool:
    apart = NETWORK.apart_m(here, there)
    return astray_m(here, there, apart, mode=mode, within=RECKONED_FOR) is not None


@pytest.mark.parametrize(
    ("along_m", "seconds", "wanted"),
    [
        (3_000, 0, True), (3_200, 0, True), (2_800, 0, True), (3_300, 0, False), (2_700, 0, False),
        # A minute later a tram has gone 300 m, or has stood, or has gone twice as far.
        (3_300, 60, True), (3_600, 60, True), (3_000, 60, True), (3_900, 60, False),
        (2_700, 60, False),
        # One phone was heard before the other: the vehicle was behind then.
        (2_700, -60, True), (3_300, -60, False),
        # After a minute and a half nothing is reckoned.
        (3_500, 91, False),
    ],
)  # fmt: skip
def test_who_rides_in_the_vehicle(along_m: int, seconds: float, wanted: bool) -> None:
    assert same(replace(RIDE, along_m=along_m, at=later(seconds))) is wanted


def test_a_vehicle_that_has_a_name_is_that_one_and_no_other() -> None:
    here, far = replace(RIDE, trip="t1"), replace(RIDE, trip="t1", along_m=4_500)
    beside = replace(RIDE, trip="t2")

    assert [same(it, here=here) for it in (far, beside, RIDE)] == [True, False, True]


def test_neither_another_line_nor_who_stands_at_a_stop_nor_a_far_branch() -> None:
    def astray(there: Ride, apart: float | None) -> float | None:
        return astray_m(RIDE, there, apart, mode="?", within=RECKONED_FOR)

    assert not same(replace(RIDE, line=T2))
    assert not same(replace(RIDE, stop=stop_id(5)))
    assert not same(RIDE, here=replace(RIDE, stop=stop_id(5)))
    branch = replace(RIDE, course=2, along_m=100)
    assert astray(branch, 200.0) == 200.0
    assert astray(branch, 300.0) is None


def test_everybody_is_in_the_nearest_tier_that_holds_them() -> None:
    a, b, c = PersonId("a"), PersonId("b"), PersonId("c")

    found = audience.nearest_ring(
        {Ring.NEAR: [(a, 1), (b, 0)], Ring.TRIP: [(b, 3)], Ring.NEXT: [(c, 0), (c, 1)]}
    )

    assert [(it.person, it.ring, it.steps) for it in found] == [
        (b, Ring.TRIP, 3), (c, Ring.NEXT, 0), (a, Ring.NEAR, 1)
    ]  # fmt: skip


# Why not.


HELPER = Helper(
    person=PersonId("helper"),
    status=Status.APPROVED,
    tier=1,
    skills=frozenset({Skill.COME}),
    languages=("fr",),
    budget=10,
)
FACTS = Facts(helper=HELPER, watching=True)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (FACTS, None),
        (Facts(helper=None, watching=True), Reason.NOT_VETTED),
        (replace(FACTS, helper=replace(HELPER, tier=0)), Reason.NOT_VETTED),
        (replace(FACTS, helper=replace(HELPER, status=Status.APPLIED)), Reason.NOT_VETTED),
        (replace(FACTS, watching=False), Reason.NOT_WATCHING),
        (replace(FACTS, watching=False, agent=True), None),
        (replace(FACTS, excluded=True), Reason.EXCLUDED),
        (replace(FACTS, reporter=True), Reason.REPORTER),
        (replace(FACTS, muted=True), Reason.MUTED),
        (replace(FACTS, helper=replace(HELPER, quiet=parsed("20:00", "22:00"))), Reason.QUIET),
        (replace(FACTS, helper=replace(HELPER, quiet=parsed("22:00", "06:00"))), None),
        (replace(FACTS, told_this_hour=3), None),
        (replace(FACTS, told_this_hour=4), Reason.OFTEN),
        (replace(FACTS, told_today=10), Reason.OFTEN),
        (replace(FACTS, agent=True, told_this_hour=19, told_today=99), None),
        (replace(FACTS, agent=True, told_this_hour=20), Reason.OFTEN),
    ],
)
def test_why_somebody_is_not_told(facts: Facts, reason: Reason | None) -> None:
    assert audience.why_not(facts, NOW) is reason


# Waves.


def near(*rings: Ring, start: int = 0) -> list[Near]:
    return [
        Near(person=PersonId(f"p{start + number:02d}"), ring=ring, steps=0)
        for number, ring in enumerate(rings)
    ]


def wave(carried: Carried, people: list[Near], *agents: str) -> tuple[list[str], int, float | None]:
    found = next_wave(carried, people, agents=[PersonId(it) for it in agents], now=NOW)
    again = None if found.again is None else (found.again - NOW).total_seconds()
    return [it.person for it in found.people], found.wave, again


NOBODY_YET = Carried(wave=-1, asked=0, came=0)


def test_one_tier_after_the_other_and_empty_ones_are_passed_over() -> None:
    people = near(Ring.TRIP, Ring.NEXT, Ring.NEAR)

    assert wave(NOBODY_YET, people) == (["p00"], 0, 10.0)
    assert wave(replace(NOBODY_YET, wave=0, asked=1), people[1:]) == (["p01"], 2, 10.0)
    assert wave(replace(NOBODY_YET, wave=2, asked=2), people[2:]) == (["p02"], 3, 30.0)
    assert wave(replace(NOBODY_YET, wave=3, asked=3), []) == ([], 3, 30.0)


def test_agents_of_any_tier_come_first() -> None:
    people = near(Ring.TRIP, Ring.NEXT, Ring.NEXT)

    assert wave(NOBODY_YET, people, "p02") == (["p02", "p00"], 0, 10.0)


def test_nobody_is_asked_any_more_when_two_have_come_or_enough_were() -> None:
    crowd = near(*[Ring.TRIP] * 40)

    assert wave(replace(NOBODY_YET, came=2), crowd) == ([], -1, None)
    assert len(wave(NOBODY_YET, crowd)[0]) == WAVE_MOST
    assert wave(replace(NOBODY_YET, asked=EVENT_MOST - 1), crowd) == (["p00"], 0, None)
    assert wave(replace(NOBODY_YET, asked=EVENT_MOST), crowd) == ([], 0, None)


def test_what_nobody_confirmed_has_an_allowance() -> None:
    crowd = near(*[Ring.TRIP] * 8)

    assert wave(replace(NOBODY_YET, allowance=5), crowd) == (
        [f"p{it:02d}" for it in range(5)], 0, None
    )  # fmt: skip
    assert wave(replace(NOBODY_YET, allowance=0), crowd) == ([], 0, None)
    assert wave(replace(NOBODY_YET, allowance=5), crowd[:2]) == (["p00", "p01"], 0, 10.0)
