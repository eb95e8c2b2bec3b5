"""A question to a hotel, as its desk sees it: a shape and nights, and nothing else."""

from datetime import date, datetime

from msgspec import Struct, structs

from geo.cells import Cell
from matching.shelter.asking.machine import Ask
from matching.shelter.values import Household, Inside, Near, Wanted


class Sealed(Struct, frozen=True, kw_only=True):
    """What is looked for, as it is sealed in the table."""

    household: Household
    first: date
    nights: int
    cell: str
    near: list[Near]
    inside: list[Inside]
    bearing: float | None
    most_cents: int | None


def to_seal(wanted: Wanted) -> Sealed:
    return Sealed(
        household=wanted.household,
        first=wanted.first,
        nights=wanted.nights,
        cell=wanted.cell,
        near=[it for it in wanted.zones if isinstance(it, Near)],
        inside=[it for it in wanted.zones if isinstance(it, Inside)],
        bearing=wanted.bearing,
        most_cents=wanted.most_cents,
    )


def opened(sealed: Sealed) -> Wanted:
    return Wanted(
        household=sealed.household,
        first=sealed.first,
        nights=sealed.nights,
        cell=Cell(sealed.cell),
        zones=(*sealed.near, *sealed.inside),
        bearing=sealed.bearing,
        most_cents=sealed.most_cents,
    )


class DeskAsk(Struct, frozen=True, kw_only=True):
    ask: str
    state: str
    #: All of them, and how many of those are children: never how old.
    people: int
    children: int
    cots: int
    pets: int
    wheelchair: bool
    #: The kind of room that would fit; the desk may choose another.
    kind: str
    first: date
    nights: int
    #: Until when to answer.
    until: datetime


class AskTold(DeskAsk, frozen=True, kw_only=True, tag="ask", tag_field="type"):
    """On ``desk:<hotel>``: somebody looks for a room, or does not any more."""


def desk_ask(ask: Ask, wanted: Wanted) -> DeskAsk:
    shape = wanted.household.shape
    return DeskAsk(
        ask=ask.ask,
        state=ask.state.value,
        people=shape.people,
        children=shape.children,
        cots=shape.cots,
        pets=shape.pets,
        wheelchair=shape.wheelchair,
        kind=ask.kind,
        first=wanted.first,
        nights=wanted.nights,
        until=ask.until,
    )


def told(ask: Ask, wanted: Wanted) -> AskTold:
    return AskTold(**structs.asdict(desk_ask(ask, wanted)))
