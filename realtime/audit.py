"""Who did what to which object, and when; never a place or a text. Each line is chained to the last.

A line's ``link`` is the hash of the previous link and of the line, so that an edit, a deletion or a
re-ordering anywhere breaks every link after it: ``first_break`` finds where. Pure.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

#: What the first line is linked to.
START = bytes(32)


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    at: datetime
    actor: str
    action: str
    thing: str
    link: bytes


def linked(
    previous: bytes, *, number: int, at: datetime, actor: str, action: str, thing: str
) -> Line:
    """The next line of the chain."""
    content = "\x1f".join((str(number), at.isoformat(), actor, action, thing))
    link = hashlib.sha256(previous + content.encode()).digest()
    return Line(number, at, actor, action, thing, link)


def first_break(lines: Iterable[Line]) -> int | None:
    """The number of the first line that does not follow from the one before, or None."""
    previous, expected = START, 1
    for line in lines:
        honest = linked(
            previous,
            number=expected,
            at=line.at,
            actor=line.actor,
            action=line.action,
            thing=line.thing,
        )
        if line != honest:
            return expected
        previous, expected = line.link, expected + 1
    return None
