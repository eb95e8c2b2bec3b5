"""Small worlds of hotels where answers go wrong: ties, touching zones, full nights, odd places."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import delete, insert

from geo.cells import Cell, cell_of, centre
from geo.point import Point
from matching.shelter.inventory import store
from matching.shelter.inventory.store import NewHotel
from matching.shelter.values import (
    Hotel,
    HotelId,
    Household,
    Inside,
    KindId,
    Near,
    RoomKind,
    Wanted,
    Zone,
)
from realtime.ledger import Transaction
from tests.proofs.rooms.needs import moved
from tests.proofs.rooms.world import NOW, TONIGHT, World

#: A language orders these otherwise than their bytes do.
LETTERS = ("a", "A", "b", "B", "é", "e", "z", "Z", "1", "-", "_")
#: Where towns are: France, both sides of the antimeridian, beside a pole and on the equator.
TOWNS = ((48.85, 2.35), (45.76, 4.84), (-16.9, 179.999), (89.95, 10.0), (0.0, -60.0))


@dataclass(frozen=True, slots=True)
class Town:
    """A world, and questions about it."""

    world: World
    needs: Sequence[Wanted]


def town(dice: Random) -> Town:
    lat, lon = dice.choice(TOWNS[:2] if dice.random() < 0.6 else TOWNS)
    middle, width = Point(lat=lat, lon=lon), dice.choice((300.0, 3_000.0, 40_000.0, 900_000.0))
    # Few places for many hotels: several are equally far.
    places = [_beside(dice, middle, width) for _ in range(dice.randint(1, 8))]
    hotels = [_hotel(dice, number, dice.choice(places)) for number in range(dice.randint(1, 30))]
    kinds = [it for hotel in hotels for it in _kinds(dice, hotel)]
    empty = dice.random() < 0.1
    said = {}
    for kind in kinds:
        for day in range(5):
            if empty or dice.random() < 0.5:
                total = dice.randint(0, 3)
                taken = total if empty or dice.random() < 0.3 else dice.randint(0, total)
                said[kind.kind, TONIGHT + timedelta(days=day)] = (total, taken)
    held = {
        (kind.kind, TONIGHT + timedelta(days=day)): dice.randint(1, 3)
        for kind in kinds
        for day in range(5)
        if dice.random() < 0.15
    }
    here = [cell_of(it) for it in places] + [cell_of(_beside(dice, middle, width))]
    needs = [_need(dice, hotels, dice.choice(here), width) for _ in range(6)]
    return Town(World(hotels, kinds, said, held), needs)


async def settle(tx: Transaction, world: World) -> None:
    """Make this the whole world."""
    tables = [store.hotel, store.kind, store.night, store.hold_night]
    if tx.db.dialect.name == "sqlite":
        tables.append(store.spot)
    for table in tables:
        await tx.db.execute(delete(table))
    await store.add(tx, [NewHotel(it, None, b"") for it in world.hotels], world.kinds)
    # Neither of them is ever an answer, however near it is.
    unreal = [replace(it, hotel=HotelId(f"{it.hotel} unreal"), canary=True) for it in world.hotels]
    idle = [replace(it, hotel=HotelId(f"{it.hotel} idle")) for it in world.hotels]
    rooms = [
        replace(it, kind=KindId(f"{it.kind} {why}"), hotel=HotelId(f"{it.hotel} {why}"))
        for it in world.kinds
        for why in ("unreal", "idle")
    ]
    others = [NewHotel(it, None, b"") for it in unreal]
    await store.add(tx, [*others, *(NewHotel(it, None, b"", active=False) for it in idle)], rooms)
    of = {it.kind: it.hotel for it in world.kinds}
    nights = [
        {"kind": kind, "night": on, "hotel": of[kind], "total": total, "occupied": occupied}
        for (kind, on), (total, occupied) in world.said.items()
    ]
    holds = [
        {"hold": f"{kind} {one}", "night": on, "kind": kind, "hotel": of[kind]}
        for (kind, on), many in world.held.items()
        for one in range(many)
    ]
    for table, rows in ((store.night, nights), (store.hold_night, holds)):
        if rows:
            await tx.db.execute(insert(table), rows)


def _beside(dice: Random, middle: Point, width: float) -> Point:
    lat, lon = moved(middle, abs(dice.gauss(0, width)), dice.uniform(0, 360))
    return Point(lat=max(-90.0, min(90.0, lat)), lon=(lon + 180) % 360 - 180)


def _hotel(dice: Random, number: int, place: Point) -> Hotel:
    asked = dice.choice((0, 0, 4))
    accepted = dice.randint(0, asked)
    return Hotel(
        hotel=HotelId(f"{dice.choice(LETTERS)}{dice.choice(LETTERS)}{number}"),
        commune="75056",
        commune_name="Paris",
        lat=place.lat,
        lon=place.lon,
        cell=cell_of(place),
        margin_m=dice.choice((0.0, 200.0, 5_000.0, 5_000.0, 20_004_000.0)),
        desk_24h=True,
        canary=False,
        spoken_at=_spoken(dice),
        accepted=accepted,
        refused=asked - accepted,
    )


def _spoken(dice: Random) -> datetime | None:
    # To the millisecond where fresh ends, and where ageing does.
    hours = dice.choice((None, 0, 1, 2, 2, 8, 8, 50))
    if hours is None:
        return None
    return NOW - timedelta(hours=hours, milliseconds=dice.choice((-1, 0, 1)))


def _kinds(dice: Random, hotel: Hotel) -> list[RoomKind]:
    return [
        RoomKind(
            kind=KindId(f"{dice.choice(LETTERS)}{hotel.hotel}{number}"),
            hotel=hotel.hotel,
            people=dice.randint(1, 4),
            cots=dice.choice((0, 0, 1)),
            accessible=dice.random() < 0.6,
            pets=dice.random() < 0.6,
            ground_floor=False,
            price_cents=dice.choice((5_000, 5_000, 7_000, 20_000)),
            usual=dice.choice((0, 1, 2)),
        )
        for number in range(dice.randint(0, 3))
    ]


def _need(dice: Random, hotels: Sequence[Hotel], cell: Cell, width: float) -> Wanted:
    children = tuple(dice.choice((0, 1, 2, 9)) for _ in range(dice.choice((0, 0, 1, 2))))
    return Wanted(
        household=Household(
            adults=1,
            children=children,
            pets=int(dice.random() < 0.15),
            wheelchair=dice.random() < 0.15,
        ),
        first=date(2026, 11, 25) + timedelta(days=dice.choice((0, 0, 1))),
        nights=dice.choice((1, 1, 2, 4, 90)),
        cell=cell,
        zones=tuple(
            _zone(dice, dice.choice(hotels), width) for _ in range(dice.choice((0, 0, 1, 1, 2)))
        ),
        bearing=dice.choice((None, None, 0.0, dice.uniform(0, 360))),
        most_cents=dice.choice((None, None, 5_000, 7_000)),
    )


def _zone(dice: Random, hotel: Hotel, width: float) -> Zone:
    """A circle that just touches where a hotel may be, or not; or an outline about it."""
    place = centre(hotel.cell)
    aside = _beside(dice, place, min(width, 20_000.0))
    if dice.random() < 0.6:
        touching = aside.distance_to(place) - hotel.margin_m
        radius = touching + dice.choice((0.0, -1e-6, 1e-6, -0.4, 0.4, -5, 5, 300))
        return Near(lat=aside.lat, lon=aside.lon, radius_m=max(1.0, min(radius, 100_000.0)))
    size = dice.choice((50.0, 2_000.0, 30_000.0))
    angles = sorted(dice.uniform(0, 360) for _ in range(dice.randint(3, 7)))
    corners = [_there(aside, size * dice.uniform(0.2, 1), it) for it in angles]
    return Inside([(it.lat, it.lon) for it in corners])


def _there(place: Point, metres: float, towards: float) -> Point:
    lat, lon = moved(place, metres, towards)
    return Point(lat=max(-90.0, min(90.0, lat)), lon=(lon + 180) % 360 - 180)
