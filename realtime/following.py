"""What this node delivers of each channel: in order, without a hole, and never twice. Pure.

A delivery that does not follow the last one is not let through: the ledger has what is missing.
Those who are joining are kept what is said meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Generic, TypeVar

L = TypeVar("L")


class Verdict(Enum):
    NEXT = auto()
    #: Had already, from the ledger or from a second relay.
    OLD = auto()
    #: Something is missing in between, or we do not know yet where the stream stands.
    GAP = auto()


@dataclass(slots=True, eq=False)
class Following(Generic[L]):
    durable: bool
    #: The last offset delivered on this node; None until the ledger has said where it stands.
    offset: int | None = None
    #: Where it stood when we began: what was said up to there has not been said here.
    began: int = 0
    #: The highest offset heard of: until it is delivered, something is missing.
    known: int = 0
    #: Somebody is fetching what is missing.
    catching: bool = False
    #: Frames said while somebody is joining; None when they are not whole.
    joining: dict[L, list[tuple[int, bytes]] | None] = field(default_factory=dict)

    @property
    def behind(self) -> bool:
        """Whether something has been heard of and not delivered."""
        return self.offset is not None and self.offset < self.known

    def stands(self, offset: int) -> None:
        """The ledger says that the stream stands there, or further."""
        if self.offset is None:
            self.offset = self.began = offset
        self.known = max(self.known, offset)

    def heard_of(self, offset: int) -> None:
        """The ledger has that much, whoever brought it or did not."""
        self.known = max(self.known, offset)

    def judge(self, offset: int) -> Verdict:
        if not self.durable:
            return Verdict.NEXT
        self.known = max(self.known, offset)
        if self.offset is None or offset > self.offset + 1:
            return Verdict.GAP
        return Verdict.NEXT if offset == self.offset + 1 else Verdict.OLD

    def said(self, offset: int, frame: bytes) -> None:
        """A frame goes out: the stream has moved, and those who are joining will want it."""
        if self.durable:
            self.offset = offset
        for kept in self.joining.values():
            if kept is not None:
                kept.append((offset, frame))

    def cut(self, offset: int) -> None:
        """What was missing up to an offset is gone for good; who is joining must read again."""
        self.offset = offset
        self.joining = dict.fromkeys(self.joining)

    def joined(self, listener: L, upto: int) -> Iterator[bytes]:
        """Somebody has been told everything up to an offset: the frames it must still hear."""
        kept = self.joining.pop(listener, None) or ()
        return (frame for offset, frame in kept if not self.durable or offset > upto)
