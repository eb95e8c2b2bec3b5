"""Who helps, and what each does when asked. Drawn before any policy is tried.

A reply belongs to one helper and one request, whoever asks her and whenever: policies that ask the
same person get the same answer (common random numbers), so their difference is theirs alone.
"""

from dataclasses import dataclass
from datetime import time
from math import log
from random import Random

from matching.helpers.rules import BUDGET_DEFAULT
from matching.helpers.values import Helper, Quiet, Skill, Status
from realtime.kernel.ids import PersonId
from tests.simulation.policy.places import Setting

#: From the push to an answer, in seconds. The Sorority tells of 10 to 15 contacts within a minute
#: when fifty are asked (features.md 2, [A4] [A7]): this gives 13 when three in ten accept.
ANSWERS_S, ANSWERS_SPREAD = 25.0, 0.8
#: From "I come" to the street: shoes, keys, a word to somebody. An assumption.
LEAVES_S, LEAVES_SPREAD = 60.0, 0.5
#: Of those who do not accept, who says so; the others are silent. Between the demo's shares.
SAYS_NO = 0.3
#: Who accepts and turns back halfway. An assumption.
TURNS_BACK = 0.05
#: Nobody sets out for longer than that: she says no instead.
TRAVELS_MOST_S = 900.0

#: Streets are not straight.
DETOUR = 1.3
WALKS, WALKS_SPREAD, CYCLES, DRIVES = 1.35, 0.15, 4.2, 9.0
#: Until the bicycle is unlocked, or the car started and parked.
UNLOCKS_S, PARKS_S = 60.0, 150.0

#: As in the demo city (``web/demo/people.py``).
TIER_2, CALLS, WRITES = 0.4, 0.45, 0.35
#: Near alerts a day that they want at most: the default for most.
BUDGETS = (5, BUDGET_DEFAULT, BUDGET_DEFAULT, 20)
SLEEPS, NIGHT = 0.15, Quiet(start=time(23), end=time(7))


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One who helps, as dispatch knows her, and how she moves."""

    helper: Helper
    walks: float
    cycles: bool
    drives: bool

    def travel_s(self, metres: float) -> float:
        """The quickest way she has."""
        way = metres * DETOUR
        ways = [way / self.walks]
        if self.cycles:
            ways.append(UNLOCKS_S + way / CYCLES)
        if self.drives:
            ways.append(PARKS_S + way / DRIVES)
        return min(ways)


@dataclass(frozen=True, slots=True)
class Reply:
    """What one helper makes of one request."""

    #: Accepts when the share that is tried is above this: who accepts at 5 % does at 30 % too.
    reluctance: float
    #: If she does not accept: whether she says so.
    says_no: bool
    answers_s: float
    leaves_s: float
    turns_back: bool


def neighbour(number: int, setting: Setting, dice: Random) -> Neighbour:
    skills = {Skill.COME}
    if dice.random() < CALLS:
        skills.add(Skill.CALL)
    if dice.random() < WRITES:
        skills.add(Skill.WRITE)
    helper = Helper(
        person=PersonId(f"h{number:05d}"),
        status=Status.APPROVED,
        tier=2 if dice.random() < TIER_2 else 1,
        skills=frozenset(skills),
        languages=("fr",),
        budget=dice.choice(BUDGETS),
        quiet=NIGHT if dice.random() < SLEEPS else None,
        on_duty=True,
    )
    return Neighbour(
        helper,
        walks=max(0.9, dice.gauss(WALKS, WALKS_SPREAD)),
        cycles=dice.random() < setting.cycles,
        drives=dice.random() < setting.drives,
    )


def reply(dice: Random) -> Reply:
    return Reply(
        reluctance=dice.random(),
        says_no=dice.random() < SAYS_NO,
        answers_s=dice.lognormvariate(log(ANSWERS_S), ANSWERS_SPREAD),
        leaves_s=dice.lognormvariate(log(LEAVES_S), LEAVES_SPREAD),
        turns_back=dice.random() < TURNS_BACK,
    )
