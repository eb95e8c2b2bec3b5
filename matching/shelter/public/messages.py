"""What everyone may know, field for field as it travels: counts, and nobody."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

Rooms = Literal["oui", "peu", "non"]


class AreaTonight(Struct, frozen=True):
    """Whether a département has rooms tonight; one with fewer than five hotels is not told."""

    area: str
    rooms: Rooms


class Told(Struct, frozen=True):
    """A count; ``null`` where it is too small to be told, or would give such a one away."""

    #: A département, ``unknown`` where none was said; nothing: all of them.
    area: str
    #: A reason or a shape; nothing: all of them.
    of: str
    count: int | None


class MonthUnmet(Struct, frozen=True):
    """Needs that found no room in a month that is over."""

    month: str
    total: int | None
    reasons: list[Told]
    shapes: list[Told]


class PublicFeed(Struct, frozen=True):
    made_at: datetime
    #: The evening these rooms are for.
    night: date
    rooms: list[AreaTonight]
    #: Nights that somebody slept in a hotel since the first of January, and the year's goal.
    nights_given: int
    goal: int
    unmet: list[MonthUnmet]
    #: Counts below this are not told.
    small: int
