"""Who is told of what happens in transport, in what order, and why somebody is not. Pure.

Never everyone: those who ride in the same vehicle, who stand at the same stop, at the next two,
within three hundred metres; each tier when nobody of the one before has come. Everything follows
from courses, stops and cells: two places of one cell ask the same people in the same order.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from alerts.witness.rules import (
    AGENT_PER_HOUR,
    EVENT_MOST,
    KEPT_FREE,
    LOOK_AFTER,
    PER_HOUR,
    WANTED,
    WAVE_AFTER,
    WAVE_MOST,
)
from alerts.witness.values import Ring
from matching.helpers.quiet import is_quiet
from matching.helpers.values import Helper
from realtime.kernel.ids import PersonId

#: One tier after the other.
WAVES = (Ring.TRIP, Ring.PLATFORM, Ring.NEXT, Ring.NEAR)


# Who is near.


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Somebody who could be told, and why."""

    person: PersonId
    ring: Ring
    #: Hundreds of metres along the line, or cells: only for the order.
    steps: int
    #: Has a page open; otherwise a phone that can be woken.
    live: bool = True


def nearest_ring(found: Mapping[Ring, Sequence[tuple[PersonId, int]]]) -> list[Near]:
    """Everybody once, in the first tier that holds them, the nearest first."""
    near: dict[PersonId, Near] = {}
    for ring in WAVES:
        for person, steps in found.get(ring, ()):
            if person not in near:
                near[person] = Near(person=person, ring=ring, steps=steps)
    order = {ring: number for number, ring in enumerate(WAVES)}
    return sorted(near.values(), key=lambda it: (order[it.ring], it.steps))


# Why not.


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the tables say of one person at one moment."""

    helper: Helper | None
    watching: bool = False
    agent: bool = False
    #: Feared by one who reported it, or fearing one.
    excluded: bool = False
    #: Has reported it.
    reporter: bool = False
    muted: bool = False
    #: Nobody stands for the event yet.
    contained: bool = False
    told_this_hour: int = 0
    told_today: int = 0


class Reason(Enum):
    NOT_VETTED = auto()
    NOT_WATCHING = auto()
    EXCLUDED = auto()
    REPORTER = auto()
    MUTED = auto()
    QUIET = auto()
    OFTEN = auto()


def why_not(facts: Facts, now: datetime) -> Reason | None:
    """The first reason not to tell this person, or None. Nobody outside learns which."""
    if facts.helper is None or not facts.helper.may_serve:
        return Reason.NOT_VETTED
    return _who_it_is(facts) or _whether_now(facts, facts.helper, now)


def _who_it_is(facts: Facts) -> Reason | None:
    if not (facts.watching or facts.agent):
        return Reason.NOT_WATCHING
    if facts.excluded:
        return Reason.EXCLUDED
    return Reason.REPORTER if facts.reporter else None


def _whether_now(facts: Facts, helper: Helper, now: datetime) -> Reason | None:
    if facts.muted:
        return Reason.MUTED
    if helper.quiet is not None and is_quiet(helper.quiet, now):
        return Reason.QUIET
    hour = facts.told_this_hour + (KEPT_FREE if facts.contained else 0)
    if facts.agent:
        return Reason.OFTEN if hour >= AGENT_PER_HOUR else None
    often = hour >= PER_HOUR or facts.told_today >= helper.budget
    return Reason.OFTEN if often else None


# Waves.


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """How far an event has been carried."""

    wave: int
    asked: int
    came: int
    #: People who may still be disturbed while nobody has confirmed it; None: no such limit.
    allowance: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    people: tuple[Near, ...]
    #: The last tier that has been asked.
    wave: int
    #: When to look again; None: not before something happens.
    again: datetime | None


def next_wave(
    carried: Carried,
    near: Sequence[Near],
    *,
    agents: Collection[PersonId],
    now: datetime,
) -> Wave:
    """Whom to ask now: the next tier, empty ones passed over; agents of any tier first.

    ``near``: whoever may be told and was not, in order.
    """
    if carried.came >= WANTED:
        return Wave(people=(), wave=carried.wave, again=None)
    last = len(WAVES) - 1
    wave = min(carried.wave + 1, last)
    reached = frozenset(WAVES[: wave + 1])
    wanted = [it for it in near if it.ring in reached or it.person in agents]
    while not wanted and wave < last:
        wave += 1
        wanted = [it for it in near if it.ring is WAVES[wave]]
    room = min(WAVE_MOST, EVENT_MOST - carried.asked)
    if carried.allowance is not None:
        room = min(room, carried.allowance)
    wanted.sort(key=lambda it: it.person not in agents)
    people = tuple(wanted[: max(room, 0)])
    full = carried.asked + len(people) >= EVENT_MOST
    spent = carried.allowance is not None and len(people) >= carried.allowance
    if full or spent:
        return Wave(people=people, wave=wave, again=None)
    return Wave(people=people, wave=wave, again=now + (WAVE_AFTER if wave < last else LOOK_AFTER))
