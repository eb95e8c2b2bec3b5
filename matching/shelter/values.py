"""A hotel's rooms, a household in need of one, and a room held for it. Pure.

Nothing here says who she is, and nothing that a hotel is told is made of anything but these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from geo.cells import Cell
from matching.shelter.rules import TRIES

#: Ours, random: never the public list's number, which leads to a name and a street.
HotelId = NewType("HotelId", str)
KindId = NewType("KindId", str)
NeedId = NewType("NeedId", str)
HoldId = NewType("HoldId", str)
AskId = NewType("AskId", str)
BudgetId = NewType("BudgetId", str)
#: The evening's date: a night is named after the day on which it begins (``night.py``).
Night = date


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotel:
    """A hotel that gives rooms, as matching knows it: no name, no street (they are sealed)."""

    hotel: HotelId
    #: INSEE code and name of its commune, and the commune's own point: what may be shown.
    commune: str
    commune_name: str
    lat: float
    lon: float
    #: Res 9: where it stands, for distances.
    cell: Cell
    #: How far from that place it may really be, in metres: many are only known by their commune.
    margin_m: float
    #: Somebody is at the desk all night.
    desk_24h: bool
    #: It does not exist: whoever opens its address is looking for addresses.
    canary: bool
    #: When its desk last said how many rooms are free; None: never.
    spoken_at: datetime | None
    #: Holds it has accepted, and those it declined or let expire: its history.
    accepted: int
    refused: int

    @property
    def area(self) -> str:
        """The département, for budgets and statistics."""
        return area_of(self.commune)


def area_of(commune: str) -> str:
    """The département of an INSEE code; overseas they have three figures.

    >>> area_of("75056"), area_of("2A004"), area_of("97411")
    ('75', '2A', '974')
    """
    return commune[:3] if commune.startswith(("97", "98")) else commune[:2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where to find a hotel: sealed in the table, and never in a list."""

    name: str
    street: str
    postcode: str
    city: str
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomKind:
    """Rooms that are alike in one hotel."""

    kind: KindId
    hotel: HotelId
    #: Who can sleep in a bed; cots come on top.
    people: int
    cots: int
    accessible: bool
    pets: bool
    ground_floor: bool
    #: For a night, at cost.
    price_cents: int
    #: Rooms given each night unless the desk says otherwise.
    usual: int


@dataclass(frozen=True, slots=True)
class Count:
    """Rooms of a kind on a night. What is free is derived, never stored."""

    total: int
    occupied: int
    held: int

    @property
    def free(self) -> int:
        return self.total - self.occupied - self.held


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """Who needs a room. A child below two sleeps in a cot."""

    adults: int
    #: Ages in years.
    children: tuple[int, ...] = ()
    pets: int = 0
    wheelchair: bool = False

    @property
    def cots(self) -> int:
        return sum(age < 2 for age in self.children)

    @property
    def beds(self) -> int:
        return self.adults + len(self.children) - self.cots

    @property
    def shape(self) -> "Shape":
        return Shape(
            people=self.adults + len(self.children),
            children=len(self.children),
            cots=self.cots,
            pets=self.pets,
            wheelchair=self.wheelchair,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A household as a hotel sees it: how many, never how old."""

    people: int
    children: int
    cots: int
    pets: int
    wheelchair: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Not within so many metres of this point."""

    lat: float
    lon: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class Inside:
    """Not inside this outline: at least three corners (lat, lon), closed by itself."""

    corners: Sequence[tuple[float, float]]


#: Where she must not be sent.
Zone = Near | Inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for: all that ranking may know. Her place is a cell."""

    household: Household
    #: The first night, and how many.
    first: Night
    nights: int
    cell: Cell
    zones: tuple[Zone, ...] = ()
    #: Degrees from north towards which she is safer; None: anywhere.
    bearing: float | None = None
    #: What a night may cost at most; None: whatever it costs.
    most_cents: int | None = None


class HoldState(StrEnum):
    #: Kept for her; the hotel has not answered yet.
    HELD = "held"
    #: The hotel expects her.
    CONFIRMED = "confirmed"
    #: She is there.
    ARRIVED = "arrived"
    #: Her stay is over.
    LEFT = "left"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


#: A room is not free while one of these holds it.
ALIVE = frozenset({HoldState.HELD, HoldState.CONFIRMED, HoldState.ARRIVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One room kept for one need."""

    hold: HoldId
    need: NeedId
    hotel: HotelId
    kind: KindId
    first: Night
    nights: int
    state: HoldState
    #: What the hotel calls her, and the word by which its people and hers know each other.
    alias: str
    word: str
    held_at: datetime
    #: Until when the hotel may answer; once confirmed, until when she may arrive.
    expires_at: datetime
    extended: bool
    price_cents: int
    #: Who pays; None: nobody yet.
    budget: BudgetId | None
    #: Longer stays wait for a second person's word.
    approved: bool
    #: Whose session asked for it.
    by: str
    ended_at: datetime | None = None
    #: Wrong codes typed at the desk so far.
    tries: int = 0

    @property
    def alive(self) -> bool:
        return self.state in ALIVE

    @property
    def locked(self) -> bool:
        """Her code is not heard any more: the helpline says who she is."""
        return self.state is HoldState.CONFIRMED and self.tries >= TRIES
