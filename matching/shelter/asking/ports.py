"""What asking needs of whoever ranks hotels; ``matching/shelter/search`` keeps it."""

from collections.abc import Sequence
from typing import Protocol

from matching.shelter.values import Hotel, RoomKind, Wanted
from realtime.ledger import Reading


class Fit(Protocol):
    @property
    def hotel(self) -> Hotel: ...
    @property
    def kind(self) -> RoomKind: ...


class Search(Protocol):
    async def fitting(self, reading: Reading, wanted: Wanted, *, limit: int) -> Sequence[Fit]:
        """Hotels that could take her in, the best first, whether they have said that they can.

        None stands where she must not be sent.
        """
        ...
