"""One pass over each table of a feed: its lines, courses and stops; blocking, for a thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from geo.errors import FileTooLarge, NothingToLoad
from geo.places.rows import Reason, Refusals, Refused, point
from geo.transit.grid import StopGrid
from geo.transit.gtfs import routes
from geo.transit.gtfs.archive import Feed, ZippedFeed, open_feed
from geo.transit.gtfs.drawn import oriented
from geo.transit.gtfs.routes import Trip
from geo.transit.gtfs.tables import Rows
from geo.transit.gtfs.ways import Ways, by_route, path_of, snapped, timed, without_repeats
from geo.transit.rules import MOST_CORNERS, MOST_LINES, MOST_STOPS
from geo.transit.values import Course, Line, NetworkId, Spot, Stop, StopId

#: Told how many bytes have been read, and how many there are.
Progress = Callable[[int, int], None]
_Columns = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(slots=True)
class Found:
    """What a feed, or a file of traces, came to."""

    lines: list[Line] = field(default_factory=list)
    stops: dict[StopId, Stop] = field(default_factory=dict)
    #: By file.
    refusals: dict[str, Refusals] = field(default_factory=dict)


def read(path: Path, network: NetworkId, progress: Progress) -> Found:
    """All that a feed says of a network. ``BadFile`` when it is no feed."""
    feed = open_feed(path)
    try:
        return _Reading(feed, network, progress).found()
    finally:
        feed.close()


class _Reading:
    def __init__(self, feed: Feed | ZippedFeed, network: NetworkId, progress: Progress) -> None:
        self._feed = feed
        self._network = network
        self._progress = progress
        self._done, self._size = 0, feed.size
        self._found = Found()

    def found(self) -> Found:
        stops = self._found.stops
        self._each("stops.txt", routes.STOPS, self._stop)
        if not stops:
            raise NothingToLoad
        lines: dict[str, Line] = {}
        ways = Ways()
        self._each("routes.txt", routes.ROUTES, lambda cells: self._route(lines, cells))
        self._each("trips.txt", routes.TRIPS, lambda cells: self._trip(lines, ways, cells))
        trips = ways.chosen()
        times = self._times(trips)
        shapes = self._shapes({it.shape for it in trips if it.shape})
        courses = by_route(trips, self._courses(trips, times, shapes))
        self._found.lines = [
            replace(line, courses=without_repeats(courses.get(route, ())))
            for route, line in lines.items()
        ]
        return self._found

    def _stop(self, cells: list[str]) -> None:
        stop = routes.stop(cells, self._network)
        if stop is not None:
            if stop.id in self._found.stops:
                raise Refused(Reason.DUPLICATE)
            if len(self._found.stops) >= MOST_STOPS:
                raise FileTooLarge
            self._found.stops[stop.id] = stop

    def _route(self, lines: dict[str, Line], cells: list[str]) -> None:
        if cells[0] in lines:
            raise Refused(Reason.DUPLICATE)
        if len(lines) >= MOST_LINES:
            raise FileTooLarge
        lines[cells[0]] = routes.route(cells, self._network)

    def _trip(self, lines: dict[str, Line], ways: Ways, cells: list[str]) -> None:
        trip = routes.trip(cells)
        if trip.route not in lines:
            raise Refused(Reason.UNKNOWN_ID)
        ways.add(trip)

    def _times(self, trips: Sequence[Trip]) -> dict[str, list[Stop]]:
        """The stops of the chosen trips, in their order."""
        order: dict[str, list[tuple[int, StopId]]] = {it.id: [] for it in trips}

        def each(cells: list[str]) -> None:
            trip, stop, sequence = cells
            if trip in order:
                of = StopId(f"{self._network}:{stop}")
                if of not in self._found.stops:
                    raise Refused(Reason.UNKNOWN_ID)
                order[trip].append((routes.sequence(sequence), of))

        self._each("stop_times.txt", routes.TIMES, each)
        return {
            trip: [self._found.stops[stop] for _, stop in sorted(them)]
            for trip, them in order.items()
        }

    def _shapes(self, wanted: set[str]) -> dict[str, tuple[Spot, ...]]:
        points: dict[str, list[tuple[int, Spot]]] = {}

        def each(cells: list[str]) -> None:
            shape, lat, lon, sequence = cells
            if shape in wanted:
                place = point(lat, lon)
                there = points.setdefault(shape, [])
                if len(there) >= MOST_CORNERS:
                    raise FileTooLarge
                there.append((routes.sequence(sequence), (place.lat, place.lon)))

        self._each("shapes.txt", routes.SHAPES, each)
        return {shape: path_of(them) for shape, them in points.items()}

    def _courses(
        self,
        trips: Sequence[Trip],
        times: dict[str, list[Stop]],
        shapes: dict[str, tuple[Spot, ...]],
    ) -> dict[str, Course]:
        grid = StopGrid(self._found.stops.values())
        found: dict[str, Course] = {}
        drawn = oriented([it for it in trips if not times[it.id]], shapes, grid)
        for trip in trips:
            stops = times[trip.id]
            if stops:
                course = timed(trip, stops, shapes.get(trip.shape, ()))
            else:
                course = snapped(trip, drawn.get(trip.id, ()), grid)
            if course is not None:
                found[trip.id] = course
        return found

    def _each(self, name: str, columns: _Columns, use: Callable[[list[str]], None]) -> None:
        """Use every row of a table, if the feed has it."""
        if name not in self._feed:
            return
        with self._feed.open(name) as file:
            rows = Rows(file, *columns, self._reads)
            for cells in rows:
                try:
                    use(cells)
                except Refused as refused:
                    rows.refuse(refused.reason)
        if rows.refusals.total:
            self._found.refusals[name] = rows.refusals

    def _reads(self, many: int) -> None:
        self._done += many
        self._progress(self._done, self._size)
