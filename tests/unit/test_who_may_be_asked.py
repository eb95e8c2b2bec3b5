"""Why somebody is not asked: each reason alone, and which comes first."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from matching.helpers.rules import REMOTE_PER_NEAR, Facts, Need, Reason, why_not
from matching.helpers.values import Helper, Quiet, Skill, Status
from realtime.kernel.ids import PersonId

#: Nine in the evening in Paris.
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
BEA = Helper(
    person=PersonId("bea"),
    status=Status.APPROVED,
    tier=1,
    skills=frozenset({Skill.COME}),
    languages=("fr", "en"),
    budget=3,
    on_duty=True,
)
FACTS = Facts(helper=BEA)
NEAR = Need(raiser=PersonId("anna"), at_home=False, near=True)
REMOTE = replace(NEAR, near=False)


def but(**changes: object) -> Facts:
    return replace(FACTS, helper=replace(BEA, **changes))  # type: ignore[arg-type]


def test_who_is_on_duty_and_can_come_may_be_asked() -> None:
    assert why_not(FACTS, NEAR, NOW) is None


@pytest.mark.parametrize(
    ("facts", "need", "reason"),
    [
        (FACTS, replace(NEAR, raiser=BEA.person), Reason.HERSELF),
        (replace(FACTS, excluded=True), NEAR, Reason.EXCLUDED),
        (but(status=Status.APPLIED), NEAR, Reason.NOT_APPROVED),
        (but(status=Status.REFUSED), NEAR, Reason.NOT_APPROVED),
        (but(tier=0), NEAR, Reason.NOT_APPROVED),
        (FACTS, replace(NEAR, at_home=True), Reason.TIER),
        (FACTS, replace(REMOTE, at_home=True), Reason.TIER),
        (FACTS, REMOTE, Reason.SKILL),
        (but(skills=frozenset({Skill.CALL, Skill.WRITE})), NEAR, Reason.SKILL),
        (FACTS, replace(NEAR, languages=frozenset({"ar", "es"})), Reason.LANGUAGE),
        (but(on_duty=False), NEAR, Reason.OFF_DUTY),
        (replace(FACTS, in_need=True), NEAR, Reason.IN_NEED),
        (replace(FACTS, busy=True), NEAR, Reason.BUSY),
        (but(quiet=Quiet(start=time(20), end=time(23))), NEAR, Reason.QUIET),
        (replace(FACTS, near_today=3), NEAR, Reason.BUDGET),
    ],
)
def test_one_reason_is_enough(facts: Facts, need: Need, reason: Reason) -> None:
    assert why_not(facts, need, NOW) is reason


@pytest.mark.parametrize(
    ("facts", "need"),
    [
        (but(tier=2), replace(NEAR, at_home=True)),
        (but(skills=frozenset({Skill.WRITE})), REMOTE),
        (FACTS, replace(NEAR, languages=frozenset({"en", "es"}))),
        (but(quiet=Quiet(start=time(22), end=time(7))), NEAR),
        (replace(FACTS, near_today=2), NEAR),
        # Coming and calling are counted apart.
        (replace(FACTS, remote_today=100), NEAR),
    ],
)
def test_what_does_not_stand_in_the_way(facts: Facts, need: Need) -> None:
    assert why_not(facts, need, NOW) is None


def test_calling_disturbs_less_than_coming() -> None:
    caller = but(skills=frozenset({Skill.CALL}))
    most = BEA.budget * REMOTE_PER_NEAR

    assert why_not(replace(caller, near_today=100, remote_today=most - 1), REMOTE, NOW) is None
    assert why_not(replace(caller, remote_today=most), REMOTE, NOW) is Reason.BUDGET


def test_who_she_is_comes_before_what_she_can_and_whether_now() -> None:
    everything = replace(but(on_duty=False, skills=frozenset(), tier=0), excluded=True, busy=True)

    assert why_not(everything, NEAR, NOW) is Reason.EXCLUDED
