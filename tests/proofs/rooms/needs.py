"""Needs all over the country: households of every shape, with zones about them."""

from collections.abc import Sequence
from datetime import timedelta
from math import cos, radians, sin
from random import Random

from geo.cells import cell_of, centre
from geo.point import Point
from matching.shelter.values import Hotel, Household, Inside, Near, Wanted, Zone
from tests.proofs.rooms.world import TONIGHT

#: Metres of a degree of latitude.
_DEGREE = 111_200.0


def needs(dice: Random, hotels: Sequence[Hotel], number: int) -> list[Wanted]:
    return [_need(dice, hotels) for _ in range(number)]


def _need(dice: Random, hotels: Sequence[Hotel]) -> Wanted:
    there = centre(dice.choice(hotels).cell)
    # In a town that has hotels, near one, or far from all.
    lat, lon = moved(there, dice.gauss(0, dice.choice((800, 8_000, 40_000))), dice.uniform(0, 360))
    here = Point(lat=lat, lon=lon)
    children = tuple(dice.choice((0, 1, 4, 9, 16)) for _ in range(dice.choice((0, 0, 0, 1, 2, 3))))
    return Wanted(
        household=Household(
            adults=dice.choice((1, 1, 1, 2)),
            children=children,
            pets=int(dice.random() < 0.1),
            wheelchair=dice.random() < 0.08,
        ),
        first=TONIGHT + timedelta(days=dice.choice((0, 0, 0, 1, 2))),
        nights=dice.choice((1, 1, 1, 2, 3, 7, 14)),
        cell=cell_of(here),
        zones=tuple(_zone(dice, here) for _ in range(dice.choice((0, 1, 1, 2, 3)))),
        bearing=dice.uniform(0, 360) if dice.random() < 0.4 else None,
        most_cents=dice.choice((None, None, 6_000, 9_000, 13_000)),
    )


def _zone(dice: Random, here: Point) -> Zone:
    lat, lon = moved(here, abs(dice.gauss(0, 6_000)), dice.uniform(0, 360))
    size = dice.choice((200.0, 1_000.0, 4_000.0, 15_000.0))
    if dice.random() < 0.5:
        return Near(lat=lat, lon=lon, radius_m=size)
    angles = sorted(dice.uniform(0, 360) for _ in range(dice.randint(3, 9)))
    middle = Point(lat=lat, lon=lon)
    return Inside([moved(middle, size * dice.uniform(0.3, 1), it) for it in angles])


def moved(place: Point, metres: float, towards: float) -> tuple[float, float]:
    """Roughly so far that way; degrees from north."""
    north, east = metres * cos(radians(towards)), metres * sin(radians(towards))
    return (
        place.lat + north / _DEGREE,
        place.lon + east / (_DEGREE * cos(radians(place.lat))),
    )
