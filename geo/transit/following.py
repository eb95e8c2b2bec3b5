"""How well a trail follows a track: the chance of what a phone said, were it in a vehicle there.

A hidden position moves along the track, forwards only, no faster than such a vehicle can, and
stands mostly at stops; each fix tells in which box it is (``boxes.py``). Summing over all ways to
move gives the chance of the whole trail. The same sum for somebody who goes along the same track
without knowing of its stops, by car or on foot, is what it is compared with: it tells a tram from
the cars beside it.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, log

from geo.transit.boxes import Box, Passage, box_of
from geo.transit.rules import (
    LEAST_APART_S,
    MOST_FIXES,
    OUTLIER_CHANCE,
    ROAD_SPEED,
    SAMPLE_M,
    STANDS_ANYWHERE,
    STANDS_AT_STOP,
    STANDS_BETWEEN,
    STANDS_S,
    TRAIL,
)
from geo.transit.values import Fix

#: The chance of the hidden position at each sample, and where it then began, on average.
_Chances = dict[int, tuple[float, float]]
#: The chance that what is at a sample stands still for ``STANDS_S``.
_Stands = Callable[[int], float]


@dataclass(frozen=True, slots=True)
class Told:
    """One fix: seconds before now (negative), and the box."""

    at: float
    box: Box


@dataclass(frozen=True, slots=True)
class Followed:
    """A track that a trail may follow."""

    track: int
    #: Logarithm of the chance of the trail.
    fits: float
    #: Where on the track it begins and ends, in metres.
    start_m: float
    end_m: float

    @property
    def progress_m(self) -> float:
        return self.end_m - self.start_m


def told(trail: Sequence[Fix], now: datetime) -> list[Told]:
    """The fixes of the last 90 seconds, the oldest first, none too near in time to another."""
    found: list[Told] = []
    for fix in sorted(trail, key=lambda it: it.at, reverse=True):
        at = (fix.at - now).total_seconds()
        if (
            -TRAIL.total_seconds() <= at <= 0
            and len(found) < MOST_FIXES
            and (not found or found[-1].at - at >= LEAST_APART_S)
        ):
            found.append(Told(at, box_of(fix.lat, fix.lon)))
    return found[::-1]


def in_vehicle(stops: Collection[int]) -> _Stands:
    """Stands mostly at its stops (these samples)."""
    return lambda sample: STANDS_AT_STOP if sample in stops else STANDS_BETWEEN


def by_road(sample: int) -> float:
    """Stands anywhere alike."""
    return STANDS_ANYWHERE


def followed(
    track: int,
    fixes: Sequence[Told],
    passages: Sequence[Passage | None],
    stands: _Stands,
    top_speed: float = ROAD_SPEED,
) -> Followed:
    """How well a trail follows a track. At least one passage is known."""
    fits, before, used = 0.0, 0.0, 0
    chances: _Chances = {}
    for fix, passage in zip(fixes, passages, strict=True):
        if passage is None:
            fits += log(OUTLIER_CHANCE)
            continue
        if used:
            moved, chance = _moved(chances, passage, stands, top_speed, fix.at - before)
        else:
            moved, chance = _anywhere(passage)
        if chance < OUTLIER_CHANCE:
            fits += log(OUTLIER_CHANCE)
            if used != 1:
                continue
            # Nothing follows from the first fix alone: it may be the one that is wrong.
            moved, _ = _anywhere(passage)
            used = 0
        else:
            fits += log(chance)
        chances, before, used = moved, fix.at, used + 1
    end = sum(sample * chance for sample, (chance, _) in chances.items())
    start = sum(start * chance for chance, start in chances.values())
    return Followed(track, fits, start * SAMPLE_M, end * SAMPLE_M)


def _anywhere(passage: Passage) -> tuple[_Chances, float]:
    total = sum(chance for _, chance in passage)
    chances = {sample: (chance / total, float(sample)) for sample, chance in passage}
    return chances, total / len(passage)


def _moved(
    before: _Chances, passage: Passage, stands: _Stands, top_speed: float, seconds: float
) -> tuple[_Chances, float]:
    """Where it may be now: it has stood all the time, or gone on, no faster than it can."""
    most = ceil(top_speed * seconds / SAMPLE_M)
    times = seconds / STANDS_S
    steps = [
        (sample, chance * stays, chance * (1 - stays) / most, start)
        for sample, (chance, start) in before.items()
        for stays in (stands(sample) ** times,)
    ]
    moved: _Chances = {}
    total = 0.0
    for sample, says in passage:
        here = began = 0.0
        for old, stood, gone, start in steps:
            if 0 <= sample - old <= most:
                chance = gone if sample > old else stood
                here += chance
                began += chance * start
        if here:
            moved[sample] = (here * says, began / here)
            total += here * says
    return {it: (chance / total, start) for it, (chance, start) in moved.items()}, total
