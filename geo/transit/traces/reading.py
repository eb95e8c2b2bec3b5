"""Rail traces as Île-de-France Mobilités publishes them: GeoJSON of pieces, each of a line.

A piece says which line it is of, and no more; the stations of that line, which another file lists,
lie at the ends of pieces. A line with fewer than two stations on its track says nothing of where it
goes, and is refused: regional trains (TER) that only pass through.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from geo.errors import FileCutShort, NotGeoJson, NothingToLoad
from geo.places.files import decoded
from geo.places.rows import LONGEST_TEXT, Reason, Refusals
from geo.places.stations import Station
from geo.transit.plane import apart
from geo.transit.rules import AT_TRACK_M, MOST_PIECES
from geo.transit.traces.assembling import courses
from geo.transit.traces.graph import Graph, Node
from geo.transit.values import Line, LineId, NetworkId, Spot, Stop, StopId

MODES: Mapping[str, str] = {
    "METRO": "metro", "RER": "rail", "TRAIN": "rail", "TER": "rail", "TRAMWAY": "tram",
    "VAL": "metro", "CABLE": "cable",
}  # fmt: skip


class _Geometry(msgspec.Struct):
    type: str
    coordinates: list[tuple[float, float]]


class _Properties(msgspec.Struct):
    res_com: str
    idrefligc: str
    mode: str
    colourweb_hexa: str | None = None


class _Feature(msgspec.Struct):
    geometry: msgspec.Raw
    properties: msgspec.Raw


class _File(msgspec.Struct):
    type: str
    features: list[_Feature]


@dataclass(slots=True)
class Traced:
    """What a file of traces came to."""

    lines: list[Line] = field(default_factory=list)
    stops: dict[StopId, Stop] = field(default_factory=dict)
    refusals: Refusals = field(default_factory=Refusals)


@dataclass(slots=True)
class _Pieces:
    ids: Counter[str] = field(default_factory=Counter)
    modes: Counter[str] = field(default_factory=Counter)
    colour: str = ""
    paths: list[list[Spot]] = field(default_factory=list)
    #: Places in the file, for what is refused.
    places: list[int] = field(default_factory=list)


def read(raw: bytes, stations: Sequence[Station], network: NetworkId) -> Traced:
    """Every line of a file that has stations."""
    traced = Traced()
    served: dict[str, list[Station]] = {}
    for station in stations:
        served.setdefault(station.line_name, []).append(station)
        stop = _stop(station, network)
        traced.stops.setdefault(stop.id, stop)
    for name, pieces in _by_line(_features(raw), traced.refusals).items():
        line = _line(name, pieces, served.get(name, ()), network, traced.refusals)
        if line is not None:
            traced.lines.append(line)
    if not traced.lines:
        raise NothingToLoad
    return traced


def _features(raw: bytes) -> list[_Feature]:
    try:
        file = msgspec.json.decode(decoded(raw).removeprefix("\ufeff"), type=_File)
    except (msgspec.DecodeError, RecursionError) as error:
        raise (FileCutShort if "truncated" in str(error) else NotGeoJson) from error
    if file.type != "FeatureCollection" or len(file.features) > MOST_PIECES:
        raise NotGeoJson
    return file.features


def _by_line(features: Iterable[_Feature], refusals: Refusals) -> dict[str, _Pieces]:
    """Pieces by the line's name: its id is cut short in some of them."""
    lines: dict[str, _Pieces] = {}
    for place, feature in enumerate(features, start=1):
        try:
            geometry = msgspec.json.decode(feature.geometry, type=_Geometry)
            said = msgspec.json.decode(feature.properties, type=_Properties)
        except (msgspec.DecodeError, RecursionError):
            refusals.add(Reason.UNREADABLE, place)
            continue
        path = _path(geometry.coordinates)
        if geometry.type != "LineString" or len(path) < 2:
            refusals.add(Reason.NO_PLACE, place)
        elif any(not (-90 <= lat <= 90 and -180 <= lon <= 180) for lat, lon in path):
            refusals.add(Reason.BAD_PLACE, place)
        elif said.mode not in MODES:
            refusals.add(Reason.UNKNOWN_VALUE, place)
        elif not (said.res_com.isprintable() and 0 < len(said.res_com) <= LONGEST_TEXT):
            refusals.add(Reason.NO_NAME, place)
        else:
            of = lines.setdefault(said.res_com, _Pieces())
            of.ids[said.idrefligc] += 1
            of.modes[said.mode] += 1
            of.colour = of.colour or _colour(said.colourweb_hexa)
            of.paths.append(path)
            of.places.append(place)
    return lines


def _line(
    name: str,
    pieces: _Pieces,
    stations: Sequence[Station],
    network: NetworkId,
    refusals: Refusals,
) -> Line | None:
    graph = Graph(pieces.paths)
    at: dict[Node, list[Stop]] = {}
    nodes = graph.nodes
    for station in stations:
        where = (station.lat, station.lon)
        node = min(nodes, key=lambda it: apart(it, where))
        if apart(node, where) <= AT_TRACK_M:
            at.setdefault(node, []).append(_stop(station, network))
    graph.join_stubs(at)
    found = courses(graph, at)
    if not found:
        for place in pieces.places:
            refusals.add(Reason.NO_STATIONS, place)
        return None
    return Line(
        id=LineId(f"{network}:{pieces.ids.most_common(1)[0][0]}"),
        network=network,
        name=name,
        mode=MODES[pieces.modes.most_common(1)[0][0]],
        colour=pieces.colour,
        courses=found,
    )


def _stop(station: Station, network: NetworkId) -> Stop:
    return Stop(
        id=StopId(f"{network}:{station.stop}"), name=station.name, lat=station.lat, lon=station.lon
    )


def _path(coordinates: Sequence[tuple[float, float]]) -> list[Spot]:
    """Latitude first, and no corner twice in a row."""
    path: list[Spot] = []
    for lon, lat in coordinates:
        if not path or path[-1] != (lat, lon):
            path.append((lat, lon))
    return path


def _colour(text: str | None) -> str:
    value = (text or "").removeprefix("#").lower()
    return value if len(value) == 6 and set(value) <= set("0123456789abcdef") else ""
