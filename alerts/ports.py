"""What alerts need of conversations; ``realtime/rooms`` keeps these promises."""

from datetime import datetime
from typing import Protocol

from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction


class Rooms(Protocol):
    """A1. A seat is all that members learn of each other; who returns has the same seat.

    A2. After ``leave`` the person is unsubscribed from the room everywhere, and is no member.
    A3. After ``close`` nothing more can be said; members can still read.
    A4. After ``shred``, or at the moment given to ``retain``, what was said cannot be read by
        anyone.
    """

    async def open(self, tx: Transaction, room: str, subject: str) -> None: ...
    async def join(
        self,
        tx: Transaction,
        room: str,
        person: PersonId,
        role: str,
        *,
        alone: bool = False,
        staff: bool = False,
    ) -> str:
        """Give a person a seat named after the role; answer the seat.

        ``alone``: there is one of that role; ``staff``: of the association.
        """
        ...

    async def leave(self, tx: Transaction, room: str, person: PersonId) -> None: ...
    async def close(self, tx: Transaction, room: str) -> None: ...
    async def retain(self, tx: Transaction, room: str, until: datetime) -> None: ...
    async def shred(self, tx: Transaction, room: str) -> None: ...
    async def seat(self, reading: Reading, room: str, person: PersonId) -> str:
        """The seat of a present member; ``NotAMember`` for anybody else."""
        ...
