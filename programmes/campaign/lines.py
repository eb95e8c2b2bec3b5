"""Lines, and whom to call on them, as posters need to know them. Pure.

Numbered promises, tested in ``tests/scenarios/test_campaign_door.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDrawn:
    """A line as a poster draws it."""

    line: str
    #: ``T1``, ``METRO 6``.
    name: str
    mode: str = ""
    #: Six hexadecimal digits; nothing where the network says none.
    colour: str = ""
    #: Where the direction that was asked about goes.
    headsign: str = ""
    #: In order, one way; none where only the line's name is known.
    stops: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Whom to call and to write to on a network."""

    call: str
    #: Nothing where no number takes messages.
    sms: str = ""


class Lines(Protocol):
    """N1. What no network has is None, never an error.

    N2. Asked for a direction, the stops are in the order of that way. A direction that a line does
        not have is no line at all.
    """

    def line(self, line: str, direction: int | None = None) -> LineDrawn | None: ...

    def stop_name(self, stop: str) -> str | None: ...

    def lines_at(self, stop: str) -> Sequence[str]: ...
