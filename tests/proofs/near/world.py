"""An invented world, and questions aimed at where answers go wrong.

Rosettes: places around a centre at almost the same distance, so that the last of k is decided by
what a sphere gets wrong. Poles, where every longitude meets, and the antimeridian, where two do.
Ties: places at the same distance to the last bit, or at the same place.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2
from random import Random

from pyproj import Geod

from geo.point import Point

_EARTH = Geod(ellps="WGS84")
#: Names of places begin with one of these: a language orders them otherwise than their bytes.
STARTS = ("a", "A", "b", "B", "é", "z", "Z", "1", "-", " ")
PETALS = 12
#: Metres of a degree of latitude, where they are fewest.
DEGREE_AT_LEAST = 110_500


@dataclass(frozen=True, slots=True)
class Place:
    key: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Question:
    aim: str
    kind: str
    point: Point
    k: int


class World:
    """Places with their questions; the same for the same dice."""

    def __init__(self, dice: Random, *, questions: int) -> None:
        self._dice = dice
        self.places: list[Place] = []
        self.questions: list[Question] = []
        for aim, share in (
            (self._rosette, 0.3), (self._pole, 0.15), (self._antimeridian, 0.15),
            (self._tie, 0.15), (self._anywhere, 0.05),
        ):  # fmt: skip
            for _ in range(round(questions * share)):
                aim()

    def _rosette(self) -> None:
        lat = self._dice.choice((0.0, self._dice.uniform(-85, 85), self._dice.uniform(-5, 5)))
        lon = self._dice.uniform(-180, 180)
        reach = self._between(10, 3_000_000)
        first = self._dice.uniform(0, 360)
        for petal in range(PETALS):
            # A sphere is wrong by up to 0.7 %, north and south against east and west.
            metres = reach * self._dice.uniform(0.996, 1.004)
            self._add(*_there(lat, lon, first + petal * 360 / PETALS, metres))
        self._ask("the rim of k", lat, lon, self._dice.randint(1, PETALS))

    def _pole(self) -> None:
        pole = self._dice.choice((-90.0, 90.0))
        lat = self._dice.choice((pole, pole * (1 - self._between(1e-9, 1e-3))))
        lon = self._dice.choice((-180.0, 0.0, 180.0, self._dice.uniform(-180, 180)))
        self._add(lat, lon)
        near = pole * (1 - self._between(1e-9, 1e-3))
        self._ask("the poles", self._dice.choice((pole, near)), self._dice.uniform(-180, 180))

    def _antimeridian(self) -> None:
        lat = self._dice.choice((0.0, self._dice.uniform(-85, 85)))
        for _ in range(3):
            self._add(lat + self._dice.uniform(-0.01, 0.01), self._by_the_line())
        self._ask("the antimeridian", lat, self._by_the_line())

    def _tie(self) -> None:
        lat = self._dice.randint(-80, 80) / 1.0
        lon = self._dice.randint(-170, 170) / 1.0
        # Steps that a number holds exactly, so that east and west are as far to the last bit.
        step = 2.0 ** -self._dice.randint(1, 20)
        for _ in range(3):
            self._add(lat, lon + step)
            self._add(lat, lon - step)
        self._ask("ties", lat, lon, self._dice.randint(1, 6))

    def _anywhere(self) -> None:
        point = Point(lat=self._dice.uniform(-90, 90), lon=self._dice.uniform(-180, 180))
        self._add(point.lat, point.lon)
        self._ask("anywhere", self._dice.uniform(-90, 90), self._dice.uniform(-180, 180))

    def _by_the_line(self) -> float:
        beside = 180 - self._between(1e-7, 0.3)
        return self._dice.choice((180.0, -180.0, beside, -beside))

    def _add(self, lat: float, lon: float) -> None:
        number = len(self.places)
        self.places.append(Place(f"{self._dice.choice(STARTS)}{number}", lat, lon))

    def _ask(self, aim: str, lat: float, lon: float, k: int | None = None) -> None:
        point = Point(lat=lat, lon=lon)
        self.questions.append(Question(aim, "communes", point, k or self._dice.randint(1, 20)))

    def _between(self, least: float, most: float) -> float:
        """As often from 1 to 10 as from 10 to 100."""
        return float(2 ** self._dice.uniform(log2(least), log2(most)))


def hotel_questions(dice: Random, hotels: Sequence[Place], number: int) -> Iterator[Question]:
    """From a hotel itself (many stand on the middle of their commune), beside one, from afar."""
    for turn in range(number):
        hotel = dice.choice(hotels)
        match turn % 10:
            case 0 | 1 | 2:
                lat, lon = hotel.lat, hotel.lon
            case 9:
                lat, lon = dice.uniform(-60, 75), dice.uniform(-180, 180)
            case _:
                lat, lon = hotel.lat + dice.gauss(0, 0.2), hotel.lon + dice.gauss(0, 0.3)
        point = Point(lat=lat, lon=lon)
        yield Question("real hotels", "hotels", point, dice.randint(1, 20))


class Measuring:
    """What is nearest, by measuring every place that is not too far north or south to count."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = sorted(places, key=lambda it: it.lat)
        self._lats = [it.lat for it in self._places]

    def answer(self, question: Question) -> list[tuple[str, float]]:
        """In the order of whole millimetres, then of keys; metres."""
        here, band = question.point.lat, 0.1
        while True:
            first = bisect_left(self._lats, here - band)
            last = bisect_right(self._lats, here + band)
            ranked = _measured(question.point, self._places[first:last])[: question.k]
            # Whoever is outside of the band is further away than it is wide.
            if band > 180 or (
                len(ranked) == question.k and ranked[-1][0] < band * DEGREE_AT_LEAST * 1000
            ):
                return [(key, far / 1000) for far, key in ranked]
            band *= 2


def _measured(here: Point, places: Sequence[Place]) -> list[tuple[int, str]]:
    number = len(places)
    if not number:
        return []
    _, _, metres = _EARTH.inv(
        [here.lon] * number,
        [here.lat] * number,
        [it.lon for it in places],
        [it.lat for it in places],
    )
    return sorted((round(far * 1000), it.key) for far, it in zip(metres, places, strict=True))


def _there(lat: float, lon: float, towards: float, metres: float) -> tuple[float, float]:
    east, north, _ = _EARTH.fwd(lon, lat, towards, metres)
    return north, east
