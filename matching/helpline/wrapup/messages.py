"""Counts as they travel: small ones, and those that would give them away, are null."""

from msgspec import Struct


class Count(Struct, frozen=True):
    #: A département, ``unknown`` where none was said; ``""`` is all of them together.
    area: str
    #: An answer; ``""`` is all of them together.
    of: str
    #: Null: some, and too few to be told.
    count: int | None


class MonthCounts(Struct, frozen=True):
    line: str
    month: str
    #: Conversations with a form; null: too few to be told.
    chats: int | None
    #: One conversation may have several of these.
    kinds: list[Count]
    outcome: list[Count]
    #: And one of each of these.
    children: list[Count]
    minutes: list[Count]
    #: What is below this is not told.
    small: int
