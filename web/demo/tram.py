"""Tram T1 of Villeneuve-l’Entraide: its stops, its track, and where each vehicle is. Pure.

It runs at the speed of real trams: what a server makes of the places that phones say is made for
people, and must hold here as it does there. Time is seconds since 1970; every vehicle goes there
and back for ever, one headway behind the other, so that a page needs no more than one round.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from web.demo.city import CITY, Spot

NETWORK, ROUTE, NAME, COLOUR = "demo", "T1", "T1", "7A4E9F"
#: The route as the server names it: network and route.
LINE = f"{NETWORK}:{ROUTE}"
#: Metres a second between stops: among houses 29 km/h, outside 58 km/h, as trams with and without
#: a track of their own do.
TOWN_SPEED, OPEN_SPEED = 8.0, 16.0
#: Seconds at a stop.
DWELL_S = 20.0
#: From leaving one end to leaving the other, the pause at the end included.
HALF_S = 840.0
ROUND_S = 2 * HALF_S
#: Between one vehicle and the next.
HEADWAY_S = 280.0
VEHICLES = int(ROUND_S / HEADWAY_S)
#: The one on which a visitor's phone is put.
VISITORS = 0
#: Another one, far from it: what is reported there has nothing to do with the visitor.
OTHERS = 3


@dataclass(frozen=True, slots=True)
class Bend:
    """A point of the track, from the town to the hills."""

    at: Spot
    #: The stop there, if there is one.
    stop: str = ""


TRACK = (
    Bend(Spot(-1050.0, -520.0), "Quai du Matin"),
    Bend(Spot(-800.0, -450.0)),
    Bend(Spot(-520.0, -260.0), "Jardin Clair"),
    Bend(Spot(-230.0, -170.0)),
    Bend(Spot(40.0, 30.0), "Place de l’Entraide"),
    Bend(Spot(330.0, 120.0)),
    Bend(Spot(560.0, 330.0), "Passage des Lanternes"),
    Bend(Spot(850.0, 480.0)),
    Bend(Spot(1120.0, 760.0), "Le Relais"),
    Bend(Spot(1500.0, 1250.0)),
    Bend(Spot(2100.0, 1650.0)),
    Bend(Spot(2500.0, 2050.0), "La Clairière"),
    Bend(Spot(3100.0, 2350.0)),
    Bend(Spot(3700.0, 2950.0)),
    Bend(Spot(4300.0, 3400.0), "Bois des Amies"),
    Bend(Spot(4700.0, 3780.0)),
    Bend(Spot(5200.0, 4100.0), "Les Hauts"),
)
#: Their names, from the town to the hills.
STOPS = tuple(it.stop for it in TRACK if it.stop)
#: Where each of them is.
PLATFORMS = tuple(it.at for it in TRACK if it.stop)
#: The last stop before the houses end.
_EDGE = STOPS.index("Le Relais")


@dataclass(frozen=True, slots=True)
class Knot:
    """One moment of a round: between two of them a vehicle moves straight on, at one speed."""

    seconds: float
    at: Spot
    #: 0 towards the hills, 1 towards the town.
    direction: int
    #: Metres from the first stop of that direction.
    along_m: float
    #: How many stops have been left behind or reached, in the order of the track.
    stop: int


def _there(track: Sequence[Bend], begins: float, direction: int) -> list[Knot]:
    """One way, from the moment of leaving."""
    last = sum(1 for it in track if it.stop) - 1
    seconds, along, passed = begins, 0.0, 0
    knots = [Knot(seconds, track[0].at, direction, along, passed)]
    for here, there in pairwise(track):
        metres = here.at.distance_to(there.at)
        # Numbered from the town, whichever way it goes.
        left = passed if direction == 0 else last - passed - 1
        seconds += metres / (TOWN_SPEED if left < _EDGE else OPEN_SPEED)
        along += metres
        passed += bool(there.stop)
        knots.append(Knot(seconds, there.at, direction, along, passed))
        if there.stop and passed < last:
            seconds += DWELL_S
            knots.append(Knot(seconds, there.at, direction, along, passed))
    return knots


#: A whole round, beginning when the vehicle leaves the town's end.
KNOTS = (*_there(TRACK, 0.0, 0), *_there(TRACK[::-1], HALF_S, 1))
_TIMES = [it.seconds for it in KNOTS]
#: From one end of the line to the other.
LENGTH_M = KNOTS[len(KNOTS) // 2 - 1].along_m


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """Where one vehicle is."""

    at: Spot
    direction: int
    along_m: float
    #: At this platform, doors open; the number of the stop from the town.
    stop: int | None


def phase(number: int, seconds: float) -> float:
    """How far the vehicle is in its round, in seconds.

    >>> phase(0, 0.0), phase(1, 280.0), phase(0, 1680.0 + 5)
    (0.0, 0.0, 5.0)
    """
    return (seconds - number * HEADWAY_S) % ROUND_S


def vehicle(number: int, seconds: float) -> Vehicle:
    """Where it is at that moment.

    >>> vehicle(0, 0.0)
    Vehicle(at=Spot(east=-1050.0, north=-520.0), direction=0, along_m=0.0, stop=None)
    >>> STOPS[vehicle(0, HALF_S - 1).stop or 0]
    'Les Hauts'
    """
    now = phase(number, seconds)
    which = bisect_right(_TIMES, now) - 1
    here = KNOTS[which]
    there = KNOTS[which + 1] if which + 1 < len(KNOTS) else here
    if here.at == there.at:
        last = len(STOPS) - 1
        stop = here.stop if here.direction == 0 else last - here.stop
        return Vehicle(at=here.at, direction=here.direction, along_m=here.along_m, stop=stop)
    part = (now - here.seconds) / (there.seconds - here.seconds)
    metres = (there.along_m - here.along_m) * part
    return Vehicle(
        at=here.at.towards(there.at, metres),
        direction=here.direction,
        along_m=here.along_m + metres,
        stop=None,
    )


def next_stop(number: int, seconds: float) -> int:
    """The stop that it comes to, or stands at; numbered from the town."""
    here = vehicle(number, seconds)
    if here.stop is not None:
        return here.stop
    passed = KNOTS[bisect_right(_TIMES, phase(number, seconds)) - 1].stop
    return passed + 1 if here.direction == 0 else len(STOPS) - 2 - passed


@dataclass(frozen=True, slots=True)
class Ride:
    """Somebody's way to and fro on one vehicle: gets on at ``first``, off at ``last``, and back.

    Waits at ``last`` until the same vehicle returns; at the two ends of the line stays on board.
    """

    vehicle: int
    first: int = 0
    last: int = len(STOPS) - 1

    def aboard(self, seconds: float) -> bool:
        """Whether she is on the vehicle; otherwise she stands at the platform where she got off.

        >>> all(Ride(0).aboard(it) for it in range(0, 1680, 10))
        True
        """
        return self.first <= _place(self.vehicle, seconds) <= self.last

    def at(self, seconds: float) -> Spot:
        """Where her phone is."""
        if self.aboard(seconds):
            return vehicle(self.vehicle, seconds).at
        beyond = _place(self.vehicle, seconds) >= self.last
        return PLATFORMS[self.last if beyond else self.first]


def _place(number: int, seconds: float) -> float:
    """Its place among the stops, numbered from the town: 2.5 between the third and the next."""
    here = vehicle(number, seconds)
    if here.stop is not None:
        return float(here.stop)
    coming = next_stop(number, seconds)
    return coming - 0.5 if here.direction == 0 else coming + 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One direction, as a timetable says it."""

    direction: int
    #: Where it goes: its last stop.
    headsign: str
    #: In order of travel, numbered from the town; and metres along the path to each.
    stops: tuple[int, ...]
    at_m: tuple[int, ...]
    #: In order of travel: latitude, longitude.
    path: tuple[tuple[float, float], ...]


def ways() -> list[Way]:
    """Both directions.

    >>> [(it.headsign, it.stops[:2], it.at_m[:2]) for it in ways()]
    [('Les Hauts', (0, 1), (0, 598)), ('Quai du Matin', (7, 6), (0, 1145))]
    """
    numbers = range(len(STOPS))
    return [_way(TRACK, 0, numbers), _way(TRACK[::-1], 1, numbers[::-1])]


def _way(track: Sequence[Bend], direction: int, numbers: Sequence[int]) -> Way:
    # The first moment of each counts.
    metres = {it.stop: it.along_m for it in reversed(KNOTS) if it.direction == direction}
    return Way(
        direction=direction,
        headsign=track[-1].stop,
        stops=tuple(numbers),
        at_m=tuple(round(metres[number]) for number in range(len(numbers))),
        path=tuple(_degrees(it.at) for it in track),
    )


def _degrees(spot: Spot) -> tuple[float, float]:
    """To a metre."""
    lat, lon = CITY.degrees(spot)
    return round(lat, 5), round(lon, 5)


def round_trip() -> list[tuple[float, float, float]]:
    """One round for a page: seconds from its start, latitude, longitude; straight in between."""
    points = [(round(it.seconds, 1), *_degrees(it.at)) for it in KNOTS]
    return [*points, (ROUND_S, *_degrees(TRACK[0].at))]
