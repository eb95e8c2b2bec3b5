"""What a question for the nearest is, and what it may have to find out where people are kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.cells import Index
from geo.whereabouts.order import Zones
from realtime.kernel.ids import PersonId


@dataclass(frozen=True, slots=True)
class Look:
    """Who is live in these cells, of res 5 to 9, with the tags asked for.

    Group after group; those after the one that makes ``enough`` may be left out.
    """

    groups: Sequence[Sequence[Index]]
    enough: int
    #: Not known to be needed: where there are very many, say so instead.
    guess: bool = False


@dataclass(frozen=True, slots=True)
class Directory:
    """Which cells of res 5 have anybody listed, as stems: inside these, or on the whole Earth."""

    inside: Sequence[Index] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """Which of these people are live, anywhere."""

    people: Sequence[PersonId]


Ask = Look | Directory | Check


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What ``Whereabouts.near`` was asked."""

    origin: Index
    ring: int | None
    want: int
    tags_all: int
    zones: Zones
    salt: str
