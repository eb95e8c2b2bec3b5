"""Where the nights are: three settings made of real communes, and a seeded place in each.

Communes are ``../shared/data/communes``; as in ``tests/load/france.py``, each is given a disc
of so many people a square kilometre, 1.5 km wide at least.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from geo.point import Point
from tests.load.france import LEAST_RADIUS_KM, PEOPLE_A_KM2, Commune
from tests.load.france import communes as all_communes

KM_A_DEGREE = 111.2
#: INSEE, 2021: 2.13 million people on 105 km², the two woods included.
PARIS_A_KM2 = 20_200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A kind of country: who lives there, how closely, and who has what to come with."""

    name: str
    departement: str
    #: Only what lies that near to a middle, or the whole département.
    middle: Point | None = None
    within_km: float = 0.0
    people_a_km2: float = PEOPLE_A_KM2
    #: Shares of helpers who have a bicycle, and a car, at hand in the evening.
    cycles: float
    drives: float
    #: Requests in one night. More than would come in a quiet place, so that nights weigh alike.
    requests: int
    nights: int


#: Cars: about a third of the households of Paris have one, four in five or more elsewhere (INSEE,
#: census); fewer are at hand at once. Bicycles: an assumption.
PARIS = Setting(
    name="Paris",
    departement="75",
    people_a_km2=PARIS_A_KM2,
    cycles=0.25,
    drives=0.05,
    requests=12,
    nights=20,
)
TOWN = Setting(
    name="Bourges and around",
    departement="18",
    middle=Point(lat=47.075, lon=2.404),
    within_km=12.0,
    cycles=0.25,
    drives=0.4,
    requests=10,
    nights=24,
)
CREUSE = Setting(
    name="the Creuse", departement="23", cycles=0.1, drives=0.7, requests=10, nights=24
)
SETTINGS = (PARIS, TOWN, CREUSE)


def communes_of(setting: Setting) -> list[Commune]:
    middle = setting.middle
    return [
        it
        for it in all_communes()
        if it.departement == setting.departement
        and (
            middle is None
            or metres(Point(lat=it.lat, lon=it.lon), middle) <= setting.within_km * 1e3
        )
    ]


def scattered(
    setting: Setting, communes: Sequence[Commune], many: int, dice: Random
) -> list[Point]:
    """So many places where people live, as near to one another as they do."""
    chosen = dice.choices(communes, [it.population for it in communes], k=many)
    return [_somewhere(it, setting.people_a_km2, dice) for it in chosen]


def _somewhere(commune: Commune, people_a_km2: float, dice: Random) -> Point:
    radius = math.sqrt(commune.population / people_a_km2 / math.pi)
    if people_a_km2 <= PEOPLE_A_KM2:
        radius = max(LEAST_RADIUS_KM, radius)
    away, angle = radius * math.sqrt(dice.random()), dice.random() * 2 * math.pi
    east = KM_A_DEGREE * math.cos(math.radians(commune.lat))
    return Point(
        lat=commune.lat + away * math.sin(angle) / KM_A_DEGREE,
        lon=commune.lon + away * math.cos(angle) / east,
    )


def metres(one: Point, other: Point) -> float:
    """As the crow flies; flat, which is right to a thousandth over a département."""
    north = (one.lat - other.lat) * KM_A_DEGREE
    east = (one.lon - other.lon) * KM_A_DEGREE * math.cos(math.radians(one.lat))
    return math.hypot(north, east) * 1e3
