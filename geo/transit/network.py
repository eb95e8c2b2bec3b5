"""All lines and stops of the imports, in memory, never changed: what is where, and what is next."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from math import ceil, floor

from geo.point import Point
from geo.transit.boxes import Boxes
from geo.transit.grid import StopGrid
from geo.transit.plane import apart
from geo.transit.rules import AT_STOP_M, NEXT_STOPS, SAMPLE_M, STOP_REACH_M
from geo.transit.track import Track
from geo.transit.values import Course, Line, LineId, Ride, Stop, StopId


class Network:
    """Immutable. A new import makes a new one, and whoever holds the old one goes on with it."""

    def __init__(self, lines: Iterable[Line] = (), stops: Iterable[Stop] = ()) -> None:
        self._lines = {line.id: line for line in lines}
        self._stops = {stop.id: stop for stop in stops}
        self._grid = StopGrid(self._stops.values())
        self._tracks: dict[tuple[LineId, int], Track] = {}
        self._stop_samples: dict[int, frozenset[int]] = {}
        at: dict[StopId, dict[LineId, None]] = {}
        for line in self._lines.values():
            for course in line.courses:
                for stop in course.stops:
                    at.setdefault(stop, {})[line.id] = None
        self._lines_at = {stop: tuple(lines) for stop, lines in at.items()}

    @property
    def lines(self) -> Sequence[Line]:
        """In the order of their import."""
        return tuple(self._lines.values())

    @cached_property
    def many_stops(self) -> int:
        return len(self._stops)

    def line(self, of: LineId) -> Line | None:
        return self._lines.get(of)

    def stop(self, of: StopId) -> Stop | None:
        return self._stops.get(of)

    def nearest(self, point: Point) -> Stop | None:
        """The nearest stop within a kilometre."""
        return self._grid.nearest(point.lat, point.lon)

    def stops_near(self, point: Point, metres: float = AT_STOP_M) -> list[Stop]:
        """Every stop within so many metres, the nearest first."""
        return [stop for _, stop in self._grid.near(point.lat, point.lon, metres)]

    def lines_at(self, stop: StopId) -> Sequence[LineId]:
        """The lines that stop there; those of its platforms are their own."""
        return self._lines_at.get(stop, ())

    def together(self, stop: StopId) -> list[StopId]:
        """The stops that are one place with it for who stands there, itself first.

        A station has a stop for each mode, a stop one for each side of the street.
        """
        here = self._stops.get(stop)
        if here is None:
            return []
        near = self._grid.near(here.lat, here.lon, AT_STOP_M)
        return [stop, *(it.id for _, it in near if it.id != stop)]

    def courses(self, line: LineId, direction: int) -> list[tuple[int, Course]]:
        """The courses of a line in a direction, with their numbers among all of its courses."""
        found = self._lines.get(line)
        courses = enumerate(found.courses) if found else ()
        return [(number, it) for number, it in courses if it.direction == direction]

    def next_stops(
        self,
        line: LineId,
        direction: int,
        *,
        along_m: float | None = None,
        stop: StopId | None = None,
        course: int | None = None,
        count: int = NEXT_STOPS,
    ) -> list[Stop]:
        """The stops ahead, ``count`` on each way that the line can go from there.

        From a place on one course (``along_m``, and ``course`` unless the line has one each way)
        or from a stop, which itself is not ahead. Where the line forks ahead, those of all ways.
        """
        first = stop or self._first_ahead(line, direction, along_m or 0.0, course)
        ahead: dict[StopId, None] = {}
        for _, it in self.courses(line, direction):
            if first is not None and first in it.stops:
                here = it.stops.index(first) + (stop is not None)
                ahead.update(dict.fromkeys(it.stops[here : here + count]))
        return [found for it in ahead if (found := self._stops.get(it))]

    def stops_of(self, line: LineId, direction: int) -> list[Stop]:
        """The stops of a line in a direction: those of its main course, then those of its ways.

        Where it forks, what only another course serves comes after the stop that it leaves by.
        """
        order: list[StopId] = []
        for _, course in self.courses(line, direction):
            place = 0
            for stop in course.stops:
                if stop in order:
                    place = order.index(stop) + 1
                else:
                    order.insert(place, stop)
                    place += 1
        return [found for it in order if (found := self._stops.get(it))]

    def metres_left(
        self, line: LineId, direction: int, along_m: float, course: int | None = None
    ) -> float:
        """Metres to the terminus of that course; of the first one that leads there, unless told."""
        for number, _ in self.courses(line, direction):
            if course in (None, number):
                return max(0.0, self.track(line, number).length - along_m)
        return 0.0

    def apart_m(self, one: Ride, other: Ride) -> float | None:
        """Metres between two rides of one line and direction; None of two different ones.

        Courses of one direction begin at different ends, so metres along them say nothing of each
        other: the places themselves are compared.
        """
        if (one.line, one.direction) != (other.line, other.direction):
            return None
        if one.course == other.course:
            return float(abs(one.along_m - other.along_m))
        places = [self.track(it.line, it.course).spot(it.along_m) for it in (one, other)]
        return apart(*places)

    def headsign(self, ride: Ride) -> str:
        """Where it goes: every terminus of the ways that still lie ahead, as on a platform."""
        line = self._lines[ride.line]
        ahead = self._first_ahead(ride.line, ride.direction, ride.along_m, ride.course)
        signs = {line.courses[ride.course].headsign: None}
        for _, it in self.courses(ride.line, ride.direction):
            if ahead is not None and ahead in it.stops:
                signs[it.headsign] = None
        return " / ".join(signs)

    def prepare(self) -> None:
        """Make what the first question would make, while nobody waits: a third of a second."""
        _ = self.boxes

    @cached_property
    def boxes(self) -> Boxes:
        """Which tracks a rounded fix may be on; tracks are numbered as ``course_of`` says."""
        return Boxes([self.track(line, course) for line, course in self._numbered])

    @cached_property
    def _numbered(self) -> Sequence[tuple[LineId, int]]:
        return [(it.id, number) for it in self.lines for number in range(len(it.courses))]

    def course_of(self, track: int) -> tuple[Line, int]:
        """The line and the course of a track of ``boxes``."""
        line, course = self._numbered[track]
        return self._lines[line], course

    def stop_samples(self, track: int) -> frozenset[int]:
        """The samples of a track at which its vehicles stop."""
        known = self._stop_samples.get(track)
        if known is None:
            line, course = self.course_of(track)
            known = frozenset(
                sample
                for at in line.courses[course].at_m
                for sample in range(
                    ceil((at - STOP_REACH_M) / SAMPLE_M), floor((at + STOP_REACH_M) / SAMPLE_M) + 1
                )
            )
            self._stop_samples[track] = known
        return known

    def track(self, line: LineId, course: int) -> Track:
        """A course's path, measured."""
        known = self._tracks.get((line, course))
        if known is None:
            known = Track(self._lines[line].courses[course].path)
            self._tracks[line, course] = known
        return known

    def _first_ahead(
        self, line: LineId, direction: int, along_m: float, course: int | None
    ) -> StopId | None:
        """The next stop of that course; of the first that leads there, unless told."""
        for number, it in self.courses(line, direction):
            if course in (None, number):
                here = bisect_right(it.at_m, along_m)
                return it.stops[here] if here < len(it.stops) else None
        return None
