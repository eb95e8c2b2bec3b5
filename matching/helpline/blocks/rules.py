"""How long somebody may be kept from writing, by whom, and whom a block must never stop. Pure.

A block by address is a blunt thing: the man who insults an operator and the woman who lives with
him share a line. It lasts a day at most, and never stops whoever says that she is in danger.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

from matching.helpline.blocks.errors import BlockTooLong

Reason = Literal["threats", "insults", "sexual", "prank", "flood", "other"]
#: What an operator may decide alone.
MOST_DAYS = 30
#: What a supervisor may, when it is not without end.
LONGEST_DAYS = 3_650
#: An address is another household's tomorrow.
ADDRESS_FOR = timedelta(hours=24)
#: An address is remembered for a chat no longer than somebody may still be blocked by it.
ADDRESS_KEPT = timedelta(hours=24)


def ends(now: datetime, days: int | None, *, supervisor: bool) -> datetime | None:
    """When a block ends; None: never, which a supervisor alone may decide."""
    if not supervisor and (days is None or days > MOST_DAYS):
        raise BlockTooLong
    return None if days is None else now + timedelta(days=days)


def address_until(now: datetime, until: datetime | None) -> datetime:
    """The address of a blocked person is let go within a day."""
    return now + ADDRESS_FOR if until is None else min(until, now + ADDRESS_FOR)


def stops(*, person: bool, address: bool, dangers: Collection[str]) -> bool:
    """Whether a chat is refused: by person, always; by address, nobody who says she is in danger.

    >>> stops(person=True, address=False, dangers=["weapon"])
    True
    >>> stops(person=False, address=True, dangers=["weapon"])
    False
    """
    return person or (address and not dangers)
