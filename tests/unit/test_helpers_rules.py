"""Why somebody may not be asked: each reason, alone, on an otherwise perfect helper."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from matching.helpers.rules import Facts, Need, Reason, why_not
from matching.helpers.tags import COME, REMOTE, TIER_2, tags_of, wanted
from matching.helpers.values import Helper, Quiet, Skill, Status
from realtime.kernel.ids import PersonId

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
HELPER = Helper(
    person=PersonId("camille"),
    status=Status.APPROVED,
    tier=1,
    skills=frozenset(Skill),
    languages=("fr", "en"),
    budget=3,
    on_duty=True,
)
PERFECT = Facts(helper=HELPER)
NEAR = Need(raiser=PersonId("anna"), at_home=False, near=True)
REMOTELY = replace(NEAR, near=False)
AT_HOME = replace(NEAR, at_home=True)


def helper(**changes: object) -> Facts:
    changed = replace(HELPER, **changes)  # type: ignore[arg-type]  # fields it has
    return replace(PERFECT, helper=changed)


@pytest.mark.parametrize("need", [NEAR, REMOTELY])
def test_a_perfect_helper_may_be_asked(need: Need) -> None:
    assert why_not(PERFECT, need, NOW) is None


@pytest.mark.parametrize(
    ("facts", "need", "reason"),
    [
        (PERFECT, replace(NEAR, raiser=HELPER.person), Reason.HERSELF),
        (replace(PERFECT, excluded=True), NEAR, Reason.EXCLUDED),
        (helper(status=Status.APPLIED), NEAR, Reason.NOT_APPROVED),
        (helper(status=Status.REFUSED), NEAR, Reason.NOT_APPROVED),
        (helper(tier=0), NEAR, Reason.NOT_APPROVED),
        (PERFECT, AT_HOME, Reason.TIER),
        (PERFECT, replace(AT_HOME, near=False), Reason.TIER),
        (helper(skills=frozenset({Skill.CALL, Skill.WRITE})), NEAR, Reason.SKILL),
        (helper(skills=frozenset({Skill.COME})), REMOTELY, Reason.SKILL),
        (PERFECT, replace(NEAR, languages=frozenset({"uk"})), Reason.LANGUAGE),
        (helper(on_duty=False), NEAR, Reason.OFF_DUTY),
        (replace(PERFECT, in_need=True), NEAR, Reason.IN_NEED),
        (replace(PERFECT, busy=True), REMOTELY, Reason.BUSY),
        (helper(quiet=Quiet(start=time(21), end=time(7))), NEAR, Reason.QUIET),
        (replace(PERFECT, near_today=3), NEAR, Reason.BUDGET),
        (replace(PERFECT, remote_today=15), REMOTELY, Reason.BUDGET),
    ],
    ids=lambda it: it.name if isinstance(it, Reason) else "",
)
def test_each_reason_alone_is_enough(facts: Facts, need: Need, reason: Reason) -> None:
    assert why_not(facts, need, NOW) is reason


@pytest.mark.parametrize(
    ("facts", "need"),
    [
        (helper(tier=2), AT_HOME),
        (helper(skills=frozenset({Skill.WRITE})), REMOTELY),
        (PERFECT, replace(NEAR, languages=frozenset({"uk", "en"}))),
        (helper(quiet=Quiet(start=time(21, 1), end=time(7))), NEAR),
        (replace(PERFECT, near_today=2), NEAR),
        (replace(PERFECT, near_today=99, remote_today=14), REMOTELY),
    ],
)
def test_what_is_just_enough_is_enough(facts: Facts, need: Need) -> None:
    assert why_not(facts, need, NOW) is None


def test_exclusion_is_looked_at_before_anything_that_could_change() -> None:
    everything = replace(helper(on_duty=False, tier=0), excluded=True, busy=True)

    assert why_not(everything, AT_HOME, NOW) is Reason.EXCLUDED


SKILLS: list[tuple[set[Skill], int, int]] = [
    ({Skill.COME}, 1, COME),
    ({Skill.CALL}, 2, REMOTE | TIER_2),
    (set(Skill), 2, COME | REMOTE | TIER_2),
    (set(), 1, 0),
]


@pytest.mark.parametrize(("skills", "tier", "bits"), SKILLS)
def test_the_bits_of_a_helper(skills: set[Skill], tier: int, bits: int) -> None:
    assert tags_of(replace(HELPER, skills=frozenset(skills), tier=tier)) == bits


@pytest.mark.parametrize("near", [True, False])
@pytest.mark.parametrize("at_home", [True, False])
@pytest.mark.parametrize("tier", [1, 2])
@pytest.mark.parametrize("skills", [{Skill.COME}, {Skill.WRITE}, {Skill.COME, Skill.CALL}])
def test_the_bits_pass_over_nobody_who_may_be_asked(
    near: bool, at_home: bool, tier: int, skills: set[Skill]
) -> None:
    facts = helper(tier=tier, skills=frozenset(skills))
    bits, needed = tags_of(facts.helper), wanted(near=near, at_home=at_home)

    may = why_not(facts, replace(NEAR, near=near, at_home=at_home), NOW) is None

    assert may == (bits & needed == needed)


def test_every_reason_is_tested() -> None:
    """A reason added without its row above is noticed."""
    rows: Callable[..., None] = test_each_reason_alone_is_enough
    marks = rows.pytestmark  # type: ignore[attr-defined]  # pytest puts it there

    assert {row[2] for row in marks[0].args[1]} == set(Reason)
