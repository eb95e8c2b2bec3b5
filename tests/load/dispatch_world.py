"""Who is where in the dispatch bench: people over France, and those with an open page where needed.

Requests come from a few places, drawn as people live; those whose page is open are around them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from random import Random

from geo.point import Point
from tests.load.france import communes, homes

#: How far from one of the places its people are, and those who ask: one deviation.
AROUND_M, ASKING_M = 300.0, 150.0
METRES_A_DEGREE = 111_200.0


@dataclass(frozen=True, slots=True)
class Spot:
    lat: float
    lon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How big a run is."""

    #: On duty and placed within ten minutes, those with an open page included.
    helpers: int
    #: Their page is open.
    sockets: int
    places: int
    #: Requests whose offers are answered by people, then those that only come, so many a second.
    answered: int
    requests: int
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    sockets: Sequence[Spot]
    #: Where it is asked from: the answered requests first.
    asking: Sequence[Spot]


def draw(size: Size, seed: int) -> World:
    """The same seed gives the same world, in every process."""
    random = Random(seed)
    places = homes(communes(), size.places, random)

    def around(many: int, spread_m: float) -> list[Spot]:
        return [near(places[number % len(places)], spread_m, random) for number in range(many)]

    return World(
        sockets=around(size.sockets, AROUND_M),
        asking=around(size.answered + size.requests, ASKING_M),
    )


def others(size: Size, seed: int) -> Iterator[Point]:
    """Everybody else, as people live."""
    random = Random(f"{seed} others")
    yield from homes(communes(), size.helpers - size.sockets, random)


def near(spot: Point | Spot, spread_m: float, random: Random) -> Spot:
    """Rounded to three decimals, as the phones do."""
    north, east = random.gauss(0, spread_m), random.gauss(0, spread_m)
    return Spot(
        round(spot.lat + north / METRES_A_DEGREE, 3),
        round(spot.lon + east / (METRES_A_DEGREE * cos(radians(spot.lat))), 3),
    )


def metres(one: Spot, other: Spot) -> float:
    north = (one.lat - other.lat) * METRES_A_DEGREE
    east = (one.lon - other.lon) * METRES_A_DEGREE * cos(radians(one.lat))
    return hypot(north, east)
