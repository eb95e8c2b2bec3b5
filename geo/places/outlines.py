"""Outlines for a map without tiles: GeoJSON in, a small JSON of rounded lines and areas out.

The page that draws it fetches it once from us, so nobody else learns where one looks. Rounding to
a hundred metres for a country, ten for a town, makes it small enough for a telephone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, hypot, radians

import msgspec

from geo.errors import FileCutShort, NotGeoJson, NothingToLoad
from geo.places.files import decoded
from geo.places.rows import Reason, Refusals, Refused

#: Wider than this, in degrees, three decimals are enough; below, four.
WIDE = 5.0
LONGEST_TEXT = 80
_COLOUR = re.compile(r"[0-9a-fA-F]{6}\Z")
#: Where the files that we know keep an id, a name and a colour.
_IDS = ("code", "c_arinsee", "idrefligc", "id")
_NAMES = ("nom", "l_aroff", "res_com", "name")
_COLOURS = ("colourweb_hexa", "colour")

#: A line: longitude, latitude, longitude, latitude…
Path = list[float]
_Line = list[list[float]]
_Spot = tuple[float, float]


class Shape(msgspec.Struct, omit_defaults=True):
    paths: list[Path]
    #: Whether the paths are areas, to be closed and filled.
    closed: bool = False
    id: str = ""
    name: str = ""
    colour: str = ""


class Outline(msgspec.Struct):
    #: West, south, east, north.
    box: tuple[float, float, float, float]
    shapes: list[Shape]


@dataclass(frozen=True, slots=True)
class Drawn:
    outline: Outline
    refusals: Refusals


class _Geometry(msgspec.Struct):
    type: str = ""
    coordinates: object = None


class _Feature(msgspec.Struct):
    type: str = ""
    geometry: _Geometry | None = None
    properties: dict[str, object] | None = None


class _File(_Feature):
    features: list[_Feature] | None = None


def read(raw: bytes) -> Drawn:
    """The outline of a GeoJSON file. A refusal's line is the place of the feature in the file."""
    refusals = Refusals()
    kept: list[tuple[int, _Feature, list[_Line], bool]] = []
    for place, feature in enumerate(_features(raw), start=1):
        try:
            lines, closed = _lines(feature.geometry)
        except Refused as refused:
            refusals.add(refused.reason, place)
        else:
            kept.append((place, feature, lines, closed))
    box = _box(line for _, _, lines, _ in kept for line in lines)
    digits = 3 if max(box[2] - box[0], box[3] - box[1]) > WIDE else 4
    shapes: list[Shape] = []
    for place, feature, lines, closed in kept:
        paths = [path for line in lines if (path := _rounded(line, digits, closed=closed))]
        if paths:
            shapes.append(_shape(feature.properties or {}, paths, closed=closed))
        else:
            refusals.add(Reason.TOO_SMALL, place)
    if not shapes:
        raise NothingToLoad
    west, south, east, north = (round(edge, digits) for edge in box)
    return Drawn(Outline((west, south, east, north), shapes), refusals)


def encoded(outline: Outline) -> bytes:
    return msgspec.json.encode(outline)


def _features(raw: bytes) -> list[_Feature]:
    text = decoded(raw).removeprefix("\ufeff")
    try:
        file = msgspec.json.decode(text, type=_File)
    except (msgspec.DecodeError, RecursionError) as error:
        raise (FileCutShort if "truncated" in str(error) else NotGeoJson) from error
    if file.type == "FeatureCollection" and file.features is not None:
        return file.features
    if file.type == "Feature":
        return [file]
    raise NotGeoJson


def _lines(geometry: _Geometry | None) -> tuple[list[_Line], bool]:
    """The lines of a geometry, and whether they are the rims of areas."""
    if geometry is None or geometry.coordinates is None:
        raise Refused(Reason.NO_PLACE)
    try:
        match geometry.type:
            case "LineString":
                lines = [msgspec.convert(geometry.coordinates, _Line)]
            case "MultiLineString" | "Polygon":
                lines = msgspec.convert(geometry.coordinates, list[_Line])
            case "MultiPolygon":
                areas = msgspec.convert(geometry.coordinates, list[list[_Line]])
                lines = [rim for area in areas for rim in area]
            case _:
                # Points are stations or hotels, and are imported as such.
                raise Refused(Reason.UNKNOWN_VALUE)
    except msgspec.ValidationError as error:
        raise Refused(Reason.BAD_PLACE) from error
    if not lines or not all(map(_is_on_earth, lines)):
        raise Refused(Reason.BAD_PLACE)
    return lines, geometry.type.endswith("Polygon")


def _is_on_earth(line: _Line) -> bool:
    return len(line) > 1 and all(
        len(spot) >= 2 and -180 <= spot[0] <= 180 and -90 <= spot[1] <= 90 for spot in line
    )


def _box(lines: Iterable[_Line]) -> tuple[float, float, float, float]:
    west, south, east, north = 180.0, 90.0, -180.0, -90.0
    for spot in (spot for line in lines for spot in line):
        west, east = min(west, spot[0]), max(east, spot[0])
        south, north = min(south, spot[1]), max(north, spot[1])
    return west, south, east, north


def _rounded(line: _Line, digits: int, *, closed: bool) -> Path:
    """Fewer decimals, no point twice in a row; empty when nothing is left to draw."""
    spots: list[_Spot] = []
    for spot in line:
        rounded = round(spot[0], digits), round(spot[1], digits)
        if not spots or rounded != spots[-1]:
            spots.append(rounded)
    if closed and spots[0] == spots[-1]:
        spots.pop()
    if len(spots) < (3 if closed else 2):
        return []
    # Areas keep all their points, so that two that touch still do.
    drawn = spots if closed else straightened(spots, 10.0**-digits)
    return [number for spot in drawn for number in spot]


def straightened(spots: list[_Spot], tolerance: float) -> list[_Spot]:
    """The fewest of these points from which none of them is further than ``tolerance``.

    Ramer, Douglas and Peucker's way, without recursion: a coast may have thousands of points.

    >>> straightened([(0, 0), (1, 0.01), (2, 0), (3, 5)], tolerance=0.1)
    [(0, 0), (2, 0), (3, 5)]
    """
    kept = {0, len(spots) - 1}
    stretches = [(0, len(spots) - 1)]
    while stretches:
        first, last = stretches.pop()
        away, furthest = max(
            ((_away(spots[it], spots[first], spots[last]), it) for it in range(first + 1, last)),
            default=(0.0, first),
        )
        if away > tolerance:
            kept.add(furthest)
            stretches += [(first, furthest), (furthest, last)]
    return [spots[it] for it in sorted(kept)]


def _away(spot: _Spot, start: _Spot, end: _Spot) -> float:
    """How far a point is from a segment, in degrees of latitude."""
    narrow = cos(radians(start[1]))
    dx, dy = (end[0] - start[0]) * narrow, end[1] - start[1]
    px, py = (spot[0] - start[0]) * narrow, spot[1] - start[1]
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, (px * dx + py * dy) / length)) if length else 0.0
    return hypot(px - along * dx, py - along * dy)


def _shape(known: Mapping[str, object], paths: list[Path], *, closed: bool) -> Shape:
    colour = _text(known, _COLOURS)
    return Shape(
        paths=paths,
        closed=closed,
        id=_text(known, _IDS),
        name=_text(known, _NAMES),
        colour=colour if _COLOUR.match(colour) else "",
    )


def _text(known: Mapping[str, object], columns: tuple[str, ...]) -> str:
    for column in columns:
        value = known.get(column)
        if isinstance(value, str | int):
            return " ".join(str(value).split())[:LONGEST_TEXT]
    return ""
