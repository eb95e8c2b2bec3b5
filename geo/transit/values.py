"""What is known of transport, and what is thought of a phone that moves: plain values."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from geo.cells import Cell

#: A network's own short name: "idfm", "tam", "demo".
NetworkId = NewType("NetworkId", str)
#: "<network>:<id of the route>", as "idfm:C01376".
LineId = NewType("LineId", str)
#: "<network>:<id of the stop>".
StopId = NewType("StopId", str)

#: The line of who is on none that we know: only the cell says anything then.
NOWHERE = LineId("")

#: Latitude, longitude.
Spot = tuple[float, float]


def network_of(of: LineId | StopId) -> NetworkId:
    """The network whose line or stop this is.

    >>> network_of(LineId("idfm:C01376"))
    'idfm'
    """
    return NetworkId(of.partition(":")[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    id: StopId
    name: str
    lat: float
    lon: float
    #: The station or the place that this platform is a part of.
    parent: StopId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One way in which a line is travelled: of a line that forks there are several each way."""

    #: 0 or 1. All courses of one direction lead the same way where they share the track.
    direction: int
    #: Where it goes, as people read it on the front of the vehicle.
    headsign: str
    #: In order of travel.
    stops: tuple[StopId, ...]
    #: Where along the path each of them is, in metres: never falling.
    at_m: tuple[int, ...]
    #: In order of travel.
    path: tuple[Spot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    id: LineId
    network: NetworkId
    #: As people say it: "T1", "METRO 6".
    name: str
    #: "tram", "metro", "rail", "bus", "ferry", "cable", "funicular", "trolleybus", "monorail".
    mode: str
    #: Six hexadecimal digits, or nothing.
    colour: str = ""
    #: None where only the route's name is known: then nobody can be found to be on it.
    courses: tuple[Course, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """Where a phone says it was: it rounds to three decimals before sending."""

    lat: float
    lon: float
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """Where a phone seems to be. It is forgotten with the cell, ten minutes later."""

    line: LineId
    direction: int
    #: Which of the line's courses; those of one direction share most of the track.
    course: int
    #: Metres from the beginning of that course, rounded to a hundred.
    along_m: int
    #: How many of a hundred such claims are right, from 0 to 1 (the table of `transit-matched`).
    confidence: float
    #: Res 9.
    cell: Cell
    at: datetime
    #: Standing at that stop, and not known to be in a vehicle: direction and line are guesses then.
    stop: StopId | None = None
    #: The trip of the vehicle that fits, where the network tells where its vehicles are.
    trip: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A vehicle as the network's own feed says it is."""

    trip: str
    line: LineId
    #: None when the feed does not say it.
    direction: int | None
    lat: float
    lon: float
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A ride with what people read of it."""

    ride: Ride
    line: Line
    headsign: str
    next: tuple[Stop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """What is thought of a trail, the likeliest first; and the stop where it ends, if it is one."""

    candidates: tuple[Candidate, ...]
    stop: Stop | None
