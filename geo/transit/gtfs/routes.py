"""What the rows of a feed mean: a stop, a route, a trip; or the reason why not."""

from dataclasses import dataclass

from geo.places.rows import Reason, Refused, point, text
from geo.transit.values import Line, LineId, NetworkId, Stop, StopId

STOPS = ("stop_id", "stop_lat", "stop_lon", "stop_name"), ("location_type", "parent_station")
ROUTES = ("route_id", "route_type"), ("route_short_name", "route_long_name", "route_color")
TRIPS = ("route_id", "trip_id"), ("direction_id", "shape_id", "trip_headsign")
TIMES = ("trip_id", "stop_id", "stop_sequence"), ()
SHAPES = ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"), ()

LONGEST_ID = 80
#: GTFS's route types, and hundreds of the extended ones.
_MODES = {
    0: "tram", 1: "metro", 2: "rail", 3: "bus", 4: "ferry", 5: "cable", 6: "cable",
    7: "funicular", 11: "trolleybus", 12: "monorail",
}  # fmt: skip
_EXTENDED = {
    1: "rail", 2: "bus", 4: "metro", 7: "bus", 8: "trolleybus", 9: "tram", 10: "ferry",
    13: "cable", 14: "funicular",
}  # fmt: skip
#: Entrances, nodes of corridors and places on a platform are no stops.
_NO_STOPS = {"2", "3", "4"}


@dataclass(frozen=True, slots=True)
class Trip:
    id: str
    route: str
    direction: int
    shape: str
    headsign: str


def stop(cells: list[str], network: NetworkId) -> Stop | None:
    """A stop or a station; None for what is neither."""
    of, lat, lon, name, kind, parent = cells
    if kind in _NO_STOPS:
        return None
    place = point(lat, lon)
    return Stop(
        id=StopId(f"{network}:{_id(of)}"),
        name=text({"name": name}, "name"),
        lat=place.lat,
        lon=place.lon,
        parent=StopId(f"{network}:{_id(parent)}") if parent else None,
    )


def route(cells: list[str], network: NetworkId) -> Line:
    """A line, without its courses yet."""
    of, kind, short, long, colour = cells
    return Line(
        id=LineId(f"{network}:{_id(of)}"),
        network=network,
        name=text({"name": short or long}, "name"),
        mode=_mode(kind),
        colour=colour.lower() if _is_colour(colour) else "",
    )


def trip(cells: list[str]) -> Trip:
    route_id, of, direction, shape, headsign = cells
    if direction not in {"", "0", "1"}:
        raise Refused(Reason.UNKNOWN_VALUE)
    return Trip(
        id=_id(of),
        route=_id(route_id),
        direction=int(direction or 0),
        shape=_id(shape) if shape else "",
        headsign=text({"name": headsign}, "name", missing=None),
    )


def sequence(value: str) -> int:
    """Where in its trip or shape a row stands."""
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise Refused(Reason.BAD_NUMBER)
    return int(value)


def _mode(kind: str) -> str:
    number = sequence(kind)
    mode = _MODES.get(number) or _EXTENDED.get(number // 100)
    if mode is None:
        raise Refused(Reason.UNKNOWN_VALUE)
    return mode


def _id(value: str) -> str:
    if not value:
        raise Refused(Reason.NO_ID)
    # Ids become parts of ours, of channels' bodies and of addresses of pages.
    if len(value) > LONGEST_ID or not value.isprintable():
        raise Refused(Reason.BAD_TEXT)
    return value


def _is_colour(value: str) -> bool:
    return len(value) == 6 and set(value.lower()) <= set("0123456789abcdef")
