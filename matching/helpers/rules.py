"""The numbers about helpers, in one table, and the one question: why may she not be asked.

Pure. ``why_not`` is given facts, never looks anything up, and says the first reason it meets;
nobody outside is ever told which.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from matching.helpers.quiet import is_quiet
from matching.helpers.values import REMOTE_SKILLS, Helper, Skill
from realtime.kernel.ids import PersonId

#: Near alerts a day, unless she says otherwise; she may choose from 1 to the most.
BUDGET_DEFAULT = 10
BUDGET_MOST = 20
#: A request to call or write disturbs less than one to come: that many of them for each near one.
REMOTE_PER_NEAR = 5
#: Entries in one silent exclusion list.
EXCLUSIONS_MOST = 100
#: The counts of the board are told no more often.
TALLY_EVERY = timedelta(seconds=5)
#: The lowest tier that may be asked to come to a home.
HOME_TIER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What is asked of a helper for one alert."""

    raiser: PersonId
    #: At a home only tier 2 is asked, to come or otherwise.
    at_home: bool
    #: To come, or to call and write.
    near: bool
    #: One of these is enough; none: any language.
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one candidate at one moment."""

    helper: Helper
    near_today: int = 0
    remote_today: int = 0
    #: On her way to, or with, somebody else.
    busy: bool = False
    #: Has asked for help herself.
    in_need: bool = False
    #: She is on the raiser's silent list, by name or by phone, or the raiser is on hers.
    excluded: bool = False


class Reason(Enum):
    HERSELF = auto()
    EXCLUDED = auto()
    NOT_APPROVED = auto()
    OFF_DUTY = auto()
    TIER = auto()
    SKILL = auto()
    LANGUAGE = auto()
    IN_NEED = auto()
    BUSY = auto()
    QUIET = auto()
    BUDGET = auto()


def why_not(facts: Facts, need: Need, now: datetime) -> Reason | None:
    """The first reason not to ask this person, or None: she may be asked."""
    return (
        _who_she_is(facts, need)
        or _what_she_can(facts.helper, need)
        or _whether_now(facts, need, now)
    )


def _who_she_is(facts: Facts, need: Need) -> Reason | None:
    if facts.helper.person == need.raiser:
        return Reason.HERSELF
    if facts.excluded:
        return Reason.EXCLUDED
    if not facts.helper.may_serve:
        return Reason.NOT_APPROVED
    return None


def _what_she_can(helper: Helper, need: Need) -> Reason | None:
    if need.at_home and helper.tier < HOME_TIER:
        return Reason.TIER
    wanted: Collection[Skill] = {Skill.COME} if need.near else REMOTE_SKILLS
    if helper.skills.isdisjoint(wanted):
        return Reason.SKILL
    if need.languages and need.languages.isdisjoint(helper.languages):
        return Reason.LANGUAGE
    return None


def _whether_now(facts: Facts, need: Need, now: datetime) -> Reason | None:
    if not facts.helper.on_duty:
        return Reason.OFF_DUTY
    if facts.in_need:
        return Reason.IN_NEED
    if facts.busy:
        return Reason.BUSY
    if facts.helper.quiet is not None and is_quiet(facts.helper.quiet, now):
        return Reason.QUIET
    spent, budget = (
        (facts.near_today, facts.helper.budget)
        if need.near
        else (facts.remote_today, facts.helper.budget * REMOTE_PER_NEAR)
    )
    return Reason.BUDGET if spent >= budget else None
