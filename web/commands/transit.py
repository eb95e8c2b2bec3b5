"""Lines, stops, and where a trail leads: what a page needs to fill a report in.

Nothing here is kept: a trail is looked at and forgotten, and no answer says where anybody is.
"""

from datetime import timedelta
from typing import Annotated

from msgspec import Meta

from geo.errors import UnknownLine
from geo.transit.drawing import drawn
from geo.transit.values import Candidate, Fix, Line, LineId, NetworkId, Stop
from web.commands.fields import PRINTABLE, Answer, Asked, Latitude, Longitude, Nothing
from web.commands.registry import Lives, Living, Looking, Reads

#: An id of a network's own may hold anything that can be read.
TransitId = Annotated[str, Meta(min_length=3, max_length=120, pattern=PRINTABLE)]
NetworkName = Annotated[str, Meta(min_length=1, max_length=20, pattern=r"^[a-z0-9-]{1,20}\Z")]
Direction = Annotated[int, Meta(ge=0, le=1)]


class TrailFix(Asked, frozen=True):
    """Where the phone was, rounded to three decimals, so many seconds ago."""

    lat: Latitude
    lon: Longitude
    ago_s: Annotated[float, Meta(ge=0, le=3600)]


Trail = Annotated[list[TrailFix], Meta(max_length=30)]


class TrailAsked(Asked, frozen=True):
    trail: Trail


class StopNamed(Answer, frozen=True):
    id: str
    name: str


class CandidateShown(Answer, frozen=True):
    line: str
    name: str
    mode: str
    colour: str
    direction: int
    headsign: str
    confidence: float
    stop: StopNamed | None
    next: list[StopNamed]


class Placed(Answer, frozen=True):
    candidates: list[CandidateShown]
    stop: StopNamed | None


class CourseShown(Answer, frozen=True):
    direction: int
    headsign: str


class LineShown(Answer, frozen=True):
    line: str
    name: str
    mode: str
    colour: str
    courses: list[CourseShown]


class NetworkShown(Answer, frozen=True):
    network: str
    name: str
    lines: list[LineShown]


class LinesShown(Answer, frozen=True):
    networks: list[NetworkShown]


class StopsAsked(Asked, frozen=True):
    line: TransitId
    direction: Direction


class StopShown(Answer, frozen=True):
    stop: str
    name: str
    lat: float
    lon: float


class StopsShown(Answer, frozen=True):
    stops: list[StopShown]


class MapAsked(Asked, frozen=True):
    network: NetworkName


class LineDrawn(Answer, frozen=True):
    line: str
    name: str
    mode: str
    colour: str
    #: Latitude, longitude, latitude, longitude…
    paths: list[list[float]]


class NetworkDrawn(Answer, frozen=True):
    lines: list[LineDrawn]


async def place(call: Living, asked: TrailAsked) -> Placed:
    now = call.services.clock.now()
    trail = [
        # Phones are asked to round; one that does not is not told more than one that does.
        Fix(lat=round(it.lat, 3), lon=round(it.lon, 3), at=now - timedelta(seconds=it.ago_s))
        for it in asked.trail
    ]
    located = call.services.transit.place(trail, now)
    network = call.services.transit.network

    def shown(it: Candidate) -> CandidateShown:
        stop = None if it.ride.stop is None else network.stop(it.ride.stop)
        return CandidateShown(
            line=it.line.id,
            name=it.line.name,
            mode=it.line.mode,
            colour=it.line.colour,
            direction=it.ride.direction,
            headsign=it.headsign,
            confidence=round(it.ride.confidence, 2),
            stop=_named(stop),
            next=[StopNamed(id=stop.id, name=stop.name) for stop in it.next],
        )

    return Placed(candidates=[shown(it) for it in located.candidates], stop=_named(located.stop))


async def lines(call: Looking, asked: Nothing) -> LinesShown:
    known = await call.services.networks.list(call.reading)
    names = {it.network: it.name for it in known.networks}
    by_network: dict[NetworkId, list[Line]] = {}
    for line in call.services.transit.network.lines:
        by_network.setdefault(line.network, []).append(line)
    return LinesShown(
        networks=[
            NetworkShown(
                network=network, name=names.get(network, network), lines=[_line(it) for it in found]
            )
            for network, found in by_network.items()
        ]
    )


async def stops(call: Living, asked: StopsAsked) -> StopsShown:
    network = call.services.transit.network
    if network.line(LineId(asked.line)) is None:
        raise UnknownLine
    return StopsShown(
        stops=[
            StopShown(stop=it.id, name=it.name, lat=it.lat, lon=it.lon)
            for it in network.stops_of(LineId(asked.line), asked.direction)
        ]
    )


async def outline(call: Living, asked: MapAsked) -> NetworkDrawn:
    found = [it for it in call.services.transit.network.lines if it.network == asked.network]
    if not found:
        raise UnknownLine
    return NetworkDrawn(
        lines=[
            LineDrawn(line=it.id, name=it.name, mode=it.mode, colour=it.colour, paths=drawn(it))
            for it in found
        ]
    )


def _line(line: Line) -> LineShown:
    courses = dict.fromkeys((it.direction, it.headsign) for it in line.courses)
    return LineShown(
        line=line.id,
        name=line.name,
        mode=line.mode,
        colour=line.colour,
        courses=[CourseShown(direction=way, headsign=sign) for way, sign in courses],
    )


def _named(stop: Stop | None) -> StopNamed | None:
    return None if stop is None else StopNamed(id=stop.id, name=stop.name)


COMMANDS = (
    Lives(
        method="transit.place",
        title="Which lines a trail may be on, the likeliest first; nothing of it is kept.",
        takes=TrailAsked,
        gives=Placed,
        run=place,
    ),
    Reads(
        method="transit.lines",
        title="Every line, by network, with the ways in which it is travelled.",
        takes=Nothing,
        gives=LinesShown,
        run=lines,
    ),
    Lives(
        method="transit.stops",
        title="The stops of a line in a direction.",
        takes=StopsAsked,
        gives=StopsShown,
        errors=(UnknownLine,),
        run=stops,
    ),
    Lives(
        method="transit.map",
        title="A network's lines as paths, for a map without tiles.",
        takes=MapAsked,
        gives=NetworkDrawn,
        errors=(UnknownLine,),
        run=outline,
    ),
)
