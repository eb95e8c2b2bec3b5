"""What dispatch needs of those who can wake a phone; ``matching/reach`` keeps these promises."""

from collections.abc import Sequence
from typing import Protocol

from matching.dispatch.incident import Offer
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction


class Reach(Protocol):
    """E1. ``among`` answers those of the people who have a device that can be woken, and no others.

    E2. ``ring`` has a phone woken once this transaction is committed, and only then: at once, or
        for somebody ``live`` when no receipt has come after a few seconds.
    E3. A phone is not woken any more once its offer has been received, answered or ended.
    """

    async def among(self, reading: Reading, people: Sequence[PersonId]) -> frozenset[PersonId]: ...
    def ring(self, tx: Transaction, offer: Offer, *, live: bool) -> None: ...
