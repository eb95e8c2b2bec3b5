"""The candidates' statement: rooms that fit, around a place, the most promising first.

It reckons with straight lines through the Earth, from columns that hold where each hotel stands in
metres, so it is the same on both engines and needs no geography but to look up what is around. What
it answers for a score is a *bound*: never above the score itself, and nearly it. Whoever reads
until the next bound is above the k-th score has the k best (``service.py``).

Rooms are counted for those alone that come out: what is free is a question of its own to each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from math import asin, cos, radians, sin

from sqlalchemy import (
    ColumnElement,
    Date,
    Float,
    FromClause,
    Integer,
    Row,
    Select,
    bindparam,
    case,
    func,
    literal,
    null,
    select,
    union_all,
)

from geo.cells import centre
from geo.places.near.solid import FARTHEST, Solid, solid
from geo.point import Point
from matching.shelter.inventory.store import (
    SEEN,
    as_hotel,
    as_kind,
    hold_night,
    hotel,
    kind,
    night,
    spot,
)
from matching.shelter.night import nights
from matching.shelter.rules import AGING_FOR, FRESH_FOR
from matching.shelter.search.far import Look
from matching.shelter.search.fences import UNKNOWN, Ball
from matching.shelter.search.rules import (
    AGING_KM,
    CENTS_A_KM,
    EMPTY_BED_KM,
    HAS_ACCEPTED,
    OF,
    REFUSALS_KM,
    ROUGHLY,
    STALE_KM,
    WRONG_WAY_KM,
)
from matching.shelter.values import Hotel, RoomKind, Wanted
from realtime.ledger import Reading
from realtime.sql import Instant
from realtime.sql_point import GeoPoint, Spot

#: PostGIS looks around on a sphere, which is up to 0.73 % wrong (``geo/places/near``).
_SPHERE = 1.01
_EARTH_RADIUS = 6_371_000.0
_DEGREES = 57.29577951308232
#: As many balls as zones may need: statements of so many are prepared, and no others.
_BALLS = (0, 1, 2, 4, 8, 16, 32, 64, 128)


@dataclass(frozen=True, slots=True)
class Found:
    """A room that fits, with what is free of it and the least that its score can be.

    Only what most are dropped for is read from its row at once.
    """

    row: Row[tuple[object, ...]]
    margin_m: float
    where: Solid
    free: int
    bound: float

    @property
    def hotel(self) -> Hotel:
        return as_hotel(self.row)

    @property
    def kind(self) -> RoomKind:
        return as_kind(self.row)

    @property
    def place(self) -> Point:
        return centre(self.row.cell)


async def candidates(
    reading: Reading, wanted: Wanted, look: Look, balls: Sequence[Ball], now: datetime
) -> list[Found]:
    """The rooms that fit with the lowest bounds, the lowest first, in no order where they tie."""
    shape = Shape(
        postgres=reading.db.dialect.name == "postgresql",
        accessible=wanted.household.wheelchair,
        pets=wanted.household.pets > 0,
        priced=wanted.most_cents is not None,
        towards=wanted.bearing is not None,
        fenced=bool(wanted.zones),
        balls=next(number for number in _BALLS if number >= len(balls)),
        one_night=wanted.nights == 1,
        counted=look.counted,
    )
    found = await reading.db.execute(statement(shape), values(shape, wanted, look, balls, now))
    return [Found(row, row.margin_m, Solid(row.x, row.y, row.z), row.free, row.km) for row in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What makes one statement another: few, so that each is built and prepared once."""

    postgres: bool
    accessible: bool
    pets: bool
    priced: bool
    towards: bool
    fenced: bool
    balls: int
    one_night: bool
    counted: bool


def values(
    shape: Shape, wanted: Wanted, look: Look, balls: Sequence[Ball], now: datetime
) -> dict[str, object]:
    """What is filled into a statement of that shape."""
    here = centre(wanted.cell)
    x, y, z = solid(lat=here.lat, lon=here.lon)
    filled: dict[str, object] = {
        "x": x,
        "y": y,
        "z": z,
        "reach": look.reach,
        "most": look.most,
        "beds": wanted.household.beds,
        "cots": wanted.household.cots,
        "fresh": now - FRESH_FOR,
        "aging": now - AGING_FOR,
    }
    if shape.postgres:
        filled["here"] = Spot(lat=here.lat, lon=here.lon)
        filled["around"] = _along_the_ground(look.reach)
    if shape.priced:
        filled["cents"] = wanted.most_cents
    if wanted.bearing is not None:
        filled |= _directions(here.lat, here.lon, wanted.bearing)
    filled["first"] = wanted.first
    if not shape.one_night:
        filled |= {"last": nights(wanted.first, wanted.nights)[-1], "nights": wanted.nights}
    # The last one again and again: it drops nothing that it has not dropped already.
    for number in range(shape.balls):
        ball = balls[min(number, len(balls) - 1)]
        filled |= {f"{axis}{number}": it for axis, it in zip("xyzr", ball, strict=True)}
    return filled


@lru_cache(maxsize=512)
def statement(shape: Shape) -> Select[tuple[object, ...]]:
    promising = (
        select(
            hotel.c.hotel.label("of_hotel"), kind.c.kind.label("of_kind"), _bound(shape).label("km")
        )
        .select_from(_around(shape))
        .where(*_conditions(shape))
        .order_by("km")
        .limit(bindparam("most", type_=Integer))
        .subquery()
    )
    return (
        select(
            *SEEN,
            *(hotel.c[axis] for axis in "xyz"),
            *(it for it in kind.c if it is not kind.c.hotel),
            _free(shape).label("free"),
            promising.c.km,
        )
        .select_from(promising)
        .join(hotel, hotel.c.hotel == promising.c.of_hotel)
        .join(kind, kind.c.kind == promising.c.of_kind)
        .order_by(promising.c.km)
    )


def _around(shape: Shape) -> FromClause:
    hotels = hotel if shape.postgres else spot.join(hotel, hotel.c.hotel == spot.c.of)
    return hotels.join(kind, kind.c.hotel == hotel.c.hotel)


def _conditions(shape: Shape) -> Iterator[ColumnElement[bool]]:
    """Which hotels, then which of their rooms."""
    if shape.postgres:
        here = bindparam("here", type_=GeoPoint)
        yield func.ST_DWithin(hotel.c.place, here, _number("around"), False)
    else:
        for axis in "xyz":
            yield spot.c[axis] <= _number(axis) + _number("reach")
            yield spot.c[f"{axis}_end"] >= _number(axis) - _number("reach")
    yield hotel.c.active
    # It does not exist: nobody is sent there.
    yield ~hotel.c.canary
    if shape.fenced:
        yield hotel.c.margin_m <= UNKNOWN
    for number in range(shape.balls):
        yield _straight(number) > hotel.c.margin_m + _number(f"r{number}")
    yield from _fitting(shape)


def _fitting(shape: Shape) -> Iterator[ColumnElement[bool]]:
    yield kind.c.people >= _whole("beds")
    yield kind.c.cots >= _whole("cots")
    if shape.accessible:
        yield kind.c.accessible
    if shape.pets:
        yield kind.c.pets
    if shape.priced:
        yield kind.c.price_cents <= _whole("cents")
    if shape.counted:
        yield _free(shape) > 0


def _bound(shape: Shape) -> ColumnElement[float]:
    """``score.parts``, with the straight way for the one along the ground."""
    asked = hotel.c.accepted + hotel.c.refused + float(OF)
    km = (
        _straight() / 1_000.0
        + case(
            (hotel.c.spoken > bindparam("fresh", type_=Instant), 0.0),
            (hotel.c.spoken > bindparam("aging", type_=Instant), AGING_KM),
            else_=STALE_KM,
        )
        + REFUSALS_KM * (1.0 - (hotel.c.accepted + float(HAS_ACCEPTED)) / asked)
        + kind.c.price_cents / float(CENTS_A_KM)
        + EMPTY_BED_KM * (kind.c.people - _whole("beds"))
    )
    if not shape.towards:
        return km
    aside = func.atan2(func.abs(_along("e")), _along("b")) * _DEGREES - ROUGHLY
    # What SQLite calls max, of two numbers.
    at_least = func.greatest if shape.postgres else func.max
    return km + WRONG_WAY_KM / (180.0 - ROUGHLY) * at_least(aside, 0.0)


def _straight(ball: int | str = "") -> ColumnElement[float]:
    """Metres through the Earth from a hotel to her, or to the middle of a ball."""
    away = [hotel.c[axis] - _number(f"{axis}{ball}") for axis in "xyz"]
    return func.sqrt(sum((it * it for it in away[1:]), away[0] * away[0]), type_=Float)


def _along(direction: str) -> ColumnElement[float]:
    """Metres from her to a hotel along one of her two directions."""
    parts = [(hotel.c[axis] - _number(axis)) * _number(f"{direction}{axis}") for axis in "xyz"]
    return sum(parts[1:], parts[0])


def _free(shape: Shape) -> ColumnElement[int]:
    """Rooms of a kind that are free on each night: the fewest that are on any."""
    if shape.one_night:
        return _free_on(bindparam("first", type_=Date))
    # Only nights of which something is known are looked at, however long the stay: on any other,
    # there are as many as usual.
    stay = (bindparam("first", type_=Date), bindparam("last", type_=Date))
    said = select(
        night.c.night, (night.c.total - night.c.occupied).label("given"), literal(0).label("held")
    ).where(night.c.kind == kind.c.kind, night.c.night.between(*stay))
    held = select(hold_night.c.night, null(), literal(1)).where(
        hold_night.c.kind == kind.c.kind, hold_night.c.night.between(*stay)
    )
    known = union_all(said.correlate(kind), held.correlate(kind)).subquery("known")
    left = func.coalesce(func.max(known.c.given), kind.c.usual) - func.sum(known.c.held)
    each = select(left.label("left")).group_by(known.c.night).correlate(kind).subquery("each")
    fewest = func.coalesce(func.min(each.c.left), kind.c.usual)
    least = func.least if shape.postgres else func.min
    of_all = case((func.count() < _whole("nights"), least(fewest, kind.c.usual)), else_=fewest)
    return select(of_all).select_from(each).correlate(kind).scalar_subquery()


def _free_on(on: ColumnElement[date]) -> ColumnElement[int]:
    """As many as usual without a word from the desk, less what is occupied and what is held."""
    said = (night.c.kind == kind.c.kind, night.c.night == on)
    given = select(night.c.total - night.c.occupied).where(*said).correlate_except(night)
    held = (
        select(func.count())
        .select_from(hold_night)
        .where(hold_night.c.kind == kind.c.kind, hold_night.c.night == on)
        .correlate_except(hold_night)
    )
    return func.coalesce(given.scalar_subquery(), kind.c.usual) - held.scalar_subquery()


def _number(name: str) -> ColumnElement[float]:
    return bindparam(name, type_=Float)


def _whole(name: str) -> ColumnElement[int]:
    return bindparam(name, type_=Integer)


def _directions(lat: float, lon: float, bearing: float) -> dict[str, object]:
    """Two directions on the ground at her place: where she is safer, and a right angle from it."""
    up, right, turned = radians(lat), radians(lon), radians(bearing)
    east = (-sin(right), cos(right), 0.0)
    north = (-sin(up) * cos(right), -sin(up) * sin(right), cos(up))
    filled: dict[str, object] = {}
    for axis, a, b in zip("xyz", east, north, strict=True):
        filled[f"b{axis}"] = a * sin(turned) + b * cos(turned)
        filled[f"e{axis}"] = a * cos(turned) - b * sin(turned)
    return filled


def _along_the_ground(reach: float) -> float:
    """What PostGIS must look for, to find all that is so near straight through the Earth."""
    half = min(1.0, reach / (2 * _EARTH_RADIUS))
    return min(2 * _EARTH_RADIUS * asin(half), FARTHEST) * _SPHERE
