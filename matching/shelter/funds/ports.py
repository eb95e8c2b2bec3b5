"""What money asks of the rest of the shelter."""

from typing import Protocol

from matching.shelter.values import Hold, HoldId, Night
from realtime.ledger import Reading, Transaction


class Stays(Protocol):
    """S1. A hold as it is in this reading; None: there is none. Kept by ``holds``."""

    async def find(self, reading: Reading, hold: HoldId) -> Hold | None: ...


class Counted(Protocol):
    """N1. One more night was slept in a département. Kept by ``public``."""

    async def given(self, tx: Transaction, night: Night, area: str) -> None: ...
