"""What campaigns need of transport, of witnesses and of networks; ``web`` joins them.

Numbered promises, tested in ``tests/scenarios/test_campaign_domain.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from programmes.campaign.values import Drill
from realtime.ledger import Reading, Transaction


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


class Networks(Protocol):
    """N3. A network that nobody wrote down has the police's number."""

    async def numbers(self, reading: Reading, network: str | None) -> Numbers: ...


class Witnesses(Protocol):
    """N4. An exercise is marked as one wherever it is told, and reaches whom a report would.

    N5. What became of it grows until it has ended, and is never forgotten before.
    """

    async def drill(self, tx: Transaction, line: str, direction: int, *, actor: str) -> str: ...

    async def drilled(self, reading: Reading, alert: str) -> Drill | None: ...
