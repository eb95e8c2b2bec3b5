"""What exports may know of a hotel: its commune and its rooms; no name, no street. Pure."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from matching.shelter.values import Count, HotelId


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Rooms that are alike, tonight."""

    people: int
    cots: int
    accessible: bool
    pets: bool
    ground_floor: bool
    count: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A hotel tonight, as whoever works with us may see it."""

    hotel: HotelId
    commune: str
    commune_name: str
    area: str
    #: The commune's own point.
    lat: float
    lon: float
    desk_24h: bool
    spoken_at: datetime | None
    kinds: list[Kind]


def handle(key: bytes, hotel: HotelId) -> str:
    """What a hotel is called outside: the same in each export, and of no use anywhere else.

    >>> handle(b"k", HotelId("one")) == handle(b"k", HotelId("one"))
    True
    >>> len(handle(b"k", HotelId("one")))
    17
    """
    return "h" + hmac.new(key, f"export {hotel}".encode(), hashlib.sha256).hexdigest()[:16]
