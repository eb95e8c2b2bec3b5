"""Where a report is, of what its phone says and what is said by hand. Pure.

A line chosen by hand stands, whatever the phone's places look like: she knows what she is in. It is
*placed* when they fit it better than not; only then is the vehicle known.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.witness.rules import (
    FOLLOWED_FOR,
    MATES_FOR,
    PLACED_FROM,
    SPEED_MS,
    SPEED_USUAL_MS,
)
from alerts.witness.values import Event, Where
from geo.cells import Cell, cell_of, parent
from geo.point import Point
from geo.transit.network import Network
from geo.transit.values import Candidate, Fix, LineId, Located, Ride, StopId, network_of

#: A neighbourhood in which two reports without line or stop may be of one event: H3, about 460 m.
AREA_RES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What is said by hand."""

    line: LineId | None = None
    direction: int | None = None
    stop: StopId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    network: str
    line: LineId | None
    direction: int | None
    stop: StopId | None
    ahead: StopId | None
    where: Where | None
    #: The phone's places fit the line.
    placed: bool
    mode: str

    @property
    def area(self) -> str | None:
        """The neighbourhood, where no more is known than that."""
        cell = self.where.cell if self.where else None
        return None if cell is None else parent(cell, AREA_RES)


def placed(
    network: Network, spoken: Spoken, trail: Sequence[Fix], located: Located, now: datetime
) -> Placed:
    chosen = _chosen(spoken, located)
    line = spoken.line or (chosen.line.id if chosen else None)
    direction = spoken.direction
    if direction is None and chosen is not None:
        direction = chosen.ride.direction
    stop = spoken.stop or (located.stop.id if located.stop and not chosen else None)
    fits = chosen is not None
    ride = chosen.ride if chosen else _at_stop(network, line, direction, stop, now)
    last = max(trail, key=lambda it: it.at, default=None)
    cell = None if last is None else cell_of(Point(lat=last.lat, lon=last.lon))
    ahead = _ahead(network, ride, located)
    named = line or stop or ahead
    known = network.line(line) if line else None
    return Placed(
        network="" if named is None else network_of(named),
        line=line,
        direction=direction,
        stop=stop,
        ahead=ahead,
        where=None if ride is None and cell is None else Where(at=now, cell=cell, ride=ride),
        # At a stop without a line, the phone stands where it says.
        placed=fits or (line is None and stop is not None and _stands(located, stop)),
        mode=known.mode if known else "",
    )


def _chosen(spoken: Spoken, located: Located) -> Candidate | None:
    """The ride that fits what is said by hand, or the likeliest; None: none does well enough."""
    likely = [
        it
        for it in located.candidates
        if it.ride.confidence >= PLACED_FROM
        and it.ride.stop is None
        and spoken.line in (None, it.line.id)
        and spoken.direction in (None, it.ride.direction)
    ]
    return likely[0] if likely else None


def _stands(located: Located, stop: StopId) -> bool:
    return located.stop is not None and stop in (located.stop.id, located.stop.parent)


def _at_stop(
    network: Network,
    line: LineId | None,
    direction: int | None,
    stop: StopId | None,
    now: datetime,
) -> Ride | None:
    """A ride of no confidence at the stop that is said, to be compared with others'."""
    found = network.stop(stop) if stop else None
    if line is None or direction is None or found is None:
        return None
    for number, course in network.courses(line, direction):
        if found.id in course.stops:
            return Ride(
                line=line,
                direction=direction,
                course=number,
                along_m=round(course.at_m[course.stops.index(found.id)], -2),
                confidence=0.0,
                cell=cell_of(Point(lat=found.lat, lon=found.lon)),
                at=now,
            )
    return None


def _ahead(network: Network, ride: Ride | None, located: Located) -> StopId | None:
    """The next stop, or the one that is near."""
    if ride is not None:
        nexts = network.next_stops(
            ride.line, ride.direction, along_m=ride.along_m, course=ride.course, count=1
        )
        if nexts:
            return nexts[0].id
    return located.stop.id if located.stop else None


def now_at(network: Network, ride: Ride, mates: Sequence[Ride], now: datetime) -> Ride | None:
    """Where the vehicle of a ride is by now; None: that is not known any more.

    ``mates``: where those are who were told in it, of late: the middle one of them shows it.
    Otherwise it has gone on as its kind goes, to the terminus at most.
    """
    line = network.line(ride.line)
    aboard = [
        it
        for it in mates
        if (it.line, it.direction, it.course) == (ride.line, ride.direction, ride.course)
        and it.stop is None
        and now - it.at <= MATES_FOR
    ]
    if aboard:
        return sorted(aboard, key=lambda it: it.along_m)[len(aboard) // 2]
    if ride.stop is not None or not ride.confidence or line is None:
        # At a stop, or by the word of somebody: it is where it was said to be.
        return ride
    if now - ride.at > FOLLOWED_FOR:
        return None
    gone = SPEED_MS.get(line.mode, SPEED_USUAL_MS) * (now - ride.at).total_seconds()
    track = network.track(ride.line, ride.course)
    along = min(ride.along_m + gone, track.length)
    lat, lon = track.spot(along)
    cell = cell_of(Point(lat=lat, lon=lon))
    return replace(ride, along_m=round(along / 100) * 100, cell=cell, at=now)


def trip_left_s(network: Network, where: Where | None) -> float | None:
    """Seconds until the terminus, at the speed of its kind; None: no vehicle is known."""
    ride = where.ride if where else None
    if ride is None or ride.confidence < PLACED_FROM:
        return None
    line = network.line(ride.line)
    if line is None:
        return None
    left = network.metres_left(ride.line, ride.direction, ride.along_m, ride.course)
    return left / SPEED_MS.get(line.mode, SPEED_USUAL_MS)


def cell_about(network: Network, event: Event, where: Where | None) -> Cell | None:
    """The cell where it was last known to be; where only a stop is known, the stop's."""
    if where is not None and where.cell is not None:
        return where.cell
    stop = network.stop(event.at_stop) if event.at_stop else None
    return None if stop is None else cell_of(Point(lat=stop.lat, lon=stop.lon))
