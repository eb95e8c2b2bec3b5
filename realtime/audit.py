"""Who did what to which object, and when; never a place or a text. Lines form a chain.

A line's ``link`` is the hash of the previous link and of the line, so that an edit, a deletion or a
re-ordering anywhere breaks every link after it: ``Chain`` finds where. The end of the chain is
vouched for by the master key, so that nobody without it can cut the end off, or write the whole
chain anew. Pure.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
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


@dataclass(frozen=True, slots=True)
class End:
    """Where the chain ends: the number and link of the last line, and the proof of both."""

    number: int
    link: bytes
    proof: bytes


def vouched(number: int, link: bytes) -> bytes:
    """What the proof of a chain's end is about."""
    return b"audit %d " % number + link


def linked(
    previous: bytes, *, number: int, at: datetime, actor: str, action: str, thing: str
) -> Line:
    """The next line of the chain."""
    # JSON, so that no choice of names makes two different lines read alike.
    content = json.dumps((number, at.isoformat(), actor, action, thing))
    link = hashlib.sha256(previous + content.encode()).digest()
    return Line(number, at, actor, action, thing, link)


class Chain:
    """What has been read of a chain so far, page by page, and whether it holds together."""

    def __init__(self) -> None:
        self._number = 0
        self._link = START

    def first_break(self, page: Iterable[Line]) -> int | None:
        """The number of the first line that does not follow from the one before, or None."""
        for line in page:
            honest = linked(
                self._link,
                number=self._number + 1,
                at=line.at,
                actor=line.actor,
                action=line.action,
                thing=line.thing,
            )
            if line != honest:
                return honest.number
            self._number, self._link = honest.number, honest.link
        return None

    def broken_end(self, end: End | None, prove: Callable[[bytes], bytes]) -> int | None:
        """None when what has been read is the whole chain; else the number that should follow."""
        whole = self._number == 0 and end is None
        proof = prove(vouched(self._number, self._link))
        if whole or end == End(self._number, self._link, proof):
            return None
        return self._number + 1
