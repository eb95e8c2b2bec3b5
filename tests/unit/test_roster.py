"""Who is on duty, and the few bits that the live map is told of them."""

import pytest

from geo.cells import Cell
from matching.helpers.roster import Roster
from matching.helpers.tags import COME, REMOTE, TIER_2, tags_of, wanted
from matching.helpers.values import Helper, Post, Skill, Status
from realtime.kernel.ids import PersonId

ANNA, BEA = PersonId("anna"), PersonId("bea")
HERE, THERE = Cell("here"), Cell("there")


def test_who_is_put_is_found_by_her_zone() -> None:
    roster = Roster()
    roster.put(ANNA, Post(COME, HERE))
    roster.put(BEA, Post(REMOTE, HERE))

    assert len(roster) == 2
    assert set(roster) == {ANNA, BEA}
    assert roster.post(ANNA) == Post(COME, HERE)
    assert dict(roster.zones) == {HERE: {ANNA, BEA}}


def test_a_new_zone_replaces_the_one_before() -> None:
    roster = Roster()
    roster.put(ANNA, Post(COME, HERE))

    roster.put(ANNA, Post(COME, THERE))

    assert dict(roster.zones) == {THERE: {ANNA}}


def test_who_leaves_is_forgotten_and_leaving_twice_does_nothing() -> None:
    roster = Roster()
    roster.put(ANNA, Post(COME, HERE))
    roster.put(BEA, Post(COME, HERE))

    roster.remove(ANNA)
    roster.remove(ANNA)

    assert roster.post(ANNA) is None
    assert dict(roster.zones) == {HERE: {BEA}}


@pytest.mark.parametrize(
    ("skills", "tier", "bits"),
    [
        ({Skill.COME}, 1, COME),
        ({Skill.WRITE}, 1, REMOTE),
        ({Skill.COME, Skill.CALL}, 2, COME | REMOTE | TIER_2),
        (set[Skill](), 1, 0),
    ],
)
def test_the_bits_say_what_she_can(skills: set[Skill], tier: int, bits: int) -> None:
    helper = Helper(
        person=ANNA,
        status=Status.APPROVED,
        tier=tier,
        skills=frozenset(skills),
        languages=("fr",),
        budget=5,
    )

    assert tags_of(helper) == bits


@pytest.mark.parametrize("near", [True, False])
def test_at_a_home_the_second_tier_is_wanted_as_well(near: bool) -> None:
    assert wanted(near=near, at_home=True) == wanted(near=near, at_home=False) | TIER_2
