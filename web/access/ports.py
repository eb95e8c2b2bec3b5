"""What the access tables must be told: what a caller is to an object."""

from typing import Protocol

from realtime.ledger import Reading
from realtime.ports import Caller
from web.access.vocabulary import Relation, Thing


class Facts(Protocol):
    """Numbered promises, kept by ``web.facts``.

    F1. Nobody, and whoever asks about what does not exist, has no relation to it. Asked about
        nothing in particular, the answer is what the caller is everywhere: ``HELPER`` or nothing.

    F2. What is answered is true in the reading given, so that a decision and what it allows are of
        one moment.
    """

    async def relations(
        self, reading: Reading, caller: Caller, thing: Thing | None
    ) -> frozenset[Relation]: ...

    async def exists(self, reading: Reading, thing: Thing) -> bool: ...

    async def seat(
        self, reading: Reading, caller: Caller, room: Thing, *, among_staff: bool = False
    ) -> str | None:
        """The name under which others see the caller in this room, or None outside it.

        Empty for a member who is seen by staff only, unless it is asked ``among_staff``.
        """
        ...
