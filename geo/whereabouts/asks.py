"""What a question for the nearest is, and what it may have to find out where people are kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.cells import Index
from geo.whereabouts.order import Zones
from realtime.kernel.ids import PersonId


@dataclass(frozen=True, slots=True)
class Tally:
    """How many are listed in each of these groups of cells."""

    groups: Sequence[Sequence[Index]]


@dataclass(frozen=True, slots=True)
class Look:
    """Who is listed in these cells, of res 5 to 9, and in which of res 9."""

    cells: Sequence[Index]


@dataclass(frozen=True, slots=True)
class Directory:
    """Which cells of res 5 have anybody listed, as stems: inside these, or on the whole Earth."""

    inside: Sequence[Index] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """The spots of these people."""

    people: Sequence[PersonId]


Ask = Tally | Look | Directory | Check


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody is live, by the last word of her phone."""

    cell: Index
    tags: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What ``Whereabouts.near`` was asked."""

    origin: Index
    ring: int | None
    want: int
    tags_all: int
    zones: Zones
    salt: str
