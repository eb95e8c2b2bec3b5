"""A hold as the hotel sees it: an alias, a word, a shape and a window, and nothing else."""

from datetime import date, datetime

from msgspec import Struct, structs

from matching.shelter.holds.machine import arrives_from, arrives_until
from matching.shelter.values import Hold, Shape


class Sealed(Struct, frozen=True):
    """What is sealed of a hold in its table."""

    code: str
    shape: Shape


#: Once it has been forgotten.
NO_SHAPE = Shape(people=0, children=0, cots=0, pets=0, wheelchair=False)


class DeskHold(Struct, frozen=True, kw_only=True):
    hold: str
    alias: str
    word: str
    state: str
    #: All of them, and how many of those are children: never how old.
    people: int
    children: int
    cots: int
    pets: int
    wheelchair: bool
    kind: str
    first: date
    nights: int
    arrives_from: datetime
    arrives_until: datetime
    #: Until when to answer; once confirmed, until when she is expected.
    expires_at: datetime
    #: Too many wrong codes: only the helpline lets her in now.
    locked: bool


class HoldTold(DeskHold, frozen=True, kw_only=True, tag="hold", tag_field="type"):
    """On ``desk:<hotel>``: a hold has become this."""


def desk_hold(hold: Hold, shape: Shape) -> DeskHold:
    return DeskHold(
        hold=hold.hold,
        alias=hold.alias,
        word=hold.word,
        state=hold.state.value,
        people=shape.people,
        children=shape.children,
        cots=shape.cots,
        pets=shape.pets,
        wheelchair=shape.wheelchair,
        kind=hold.kind,
        first=hold.first,
        nights=hold.nights,
        arrives_from=arrives_from(hold),
        arrives_until=arrives_until(hold),
        expires_at=hold.expires_at,
        locked=hold.locked,
    )


def told(hold: Hold, shape: Shape) -> HoldTold:
    return HoldTold(**structs.asdict(desk_hold(hold, shape)))
