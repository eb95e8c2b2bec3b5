"""How often a phone says where it is, and goes into another cell, by how its bearer moves.

The page's own rule (``helper/duty.ts``) is played, minute by minute: it looks, and tells when it
has moved or has been silent for long. Nothing here waits.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from random import Random

from geo.cells import Index, cell_of, to_index
from geo.point import Point
from tests.load.country.product import Rhythm
from tests.simulation.policy.people import DRIVES, WALKS

#: From one fix of a phone that lies still to the next, and how much its timers are late by: what
#: phones do, an assumption.
FIX_M, LATE_S = 8.0, 0.005
#: How much somebody who moves turns in a minute, in radians. An assumption.
TURNS = 0.4
_METRES_A_DEGREE = 111_200.0


class Moves(Enum):
    STILL = "at one place"
    WALKS = "walking"
    DRIVES = "driving"
    RIDES = "in trains and metros"


#: Metres a second; trains and metros, stops included, as fast as a car in town.
SPEED = {Moves.STILL: 0.0, Moves.WALKS: WALKS, Moves.DRIVES: DRIVES, Moves.RIDES: DRIVES}


@dataclass(frozen=True, slots=True)
class Cadence:
    """Of one phone, a second."""

    tells: float
    #: Of those, the ones from another cell than the last.
    crossings: float


def cadence(
    how: Moves, rhythm: Rhythm, dice: Random, *, phones: int = 20, hours: float = 2.0
) -> Cadence:
    """Seen on so many phones over so many hours."""
    tells = crossings = 0
    for _ in range(phones):
        told, crossed = _played(how, rhythm, dice, hours * 3600)
        tells, crossings = tells + told, crossings + crossed
    seconds = phones * hours * 3600
    return Cadence(tells / seconds, crossings / seconds)


def _played(how: Moves, rhythm: Rhythm, dice: Random, lasts_s: float) -> tuple[int, int]:
    here, heading = (dice.uniform(0, 5000), dice.uniform(0, 5000)), dice.uniform(0, 2 * math.pi)
    sent, sent_at, cell = (math.inf, math.inf), -math.inf, Index()
    tells = crossings = 0
    at = dice.uniform(0, rhythm.looks_s)
    while at < lasts_s:
        fix = (here[0] + dice.gauss(0, FIX_M), here[1] + dice.gauss(0, FIX_M))
        now = at + abs(dice.gauss(0, LATE_S))
        if math.dist(fix, sent) > rhythm.moved_m or now - sent_at > rhythm.still_s:
            was, cell = cell, _cell(fix)
            tells, crossings = tells + 1, crossings + (was not in (0, cell))
            sent, sent_at = fix, now
        step, at = SPEED[how] * rhythm.looks_s, at + rhythm.looks_s
        heading += dice.gauss(0, TURNS)
        here = (here[0] + step * math.cos(heading), here[1] + step * math.sin(heading))
    return tells, crossings


def _cell(metres: tuple[float, float]) -> Index:
    """Around Paris; rounded as the phone does."""
    lat = 48.8 + metres[0] / _METRES_A_DEGREE
    lon = 2.3 + metres[1] / _METRES_A_DEGREE / math.cos(math.radians(48.8))
    return to_index(cell_of(Point(lat=round(lat, 3), lon=round(lon, 3))))


def cadences(rhythm: Rhythm, dice: Random, *, phones: int = 20) -> Mapping[Moves, Cadence]:
    return {how: cadence(how, rhythm, dice, phones=phones) for how in Moves}
