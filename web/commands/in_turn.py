"""What is never limited goes one after the other, of each person.

Many at once would keep everybody else's requests from the database. And her own would overtake each
other, since what is urgent goes first: a request would be refused because of the one before it,
though its end was asked for earlier.
"""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from weakref import WeakValueDictionary

from realtime.kernel.ids import PersonId
from realtime.ports import Caller

#: Never slowed down: whoever raises an alert can have only one, and it must go out. Ending it too:
#: until it has ended, the next one is refused.
NEVER_LIMITED = frozenset(
    {"help.raise", "help.cancel", "help.close", "session.leave", "witness.cancel"}
)


class InTurn:
    def __init__(self) -> None:
        self._turns: WeakValueDictionary[PersonId, asyncio.Lock] = WeakValueDictionary()

    def of(self, caller: Caller, method: str) -> AbstractAsyncContextManager[object]:
        """Her turn, for as long as the block lasts; of what is limited as many as may."""
        if method not in NEVER_LIMITED:
            return nullcontext()
        return self._turns.setdefault(caller.person, asyncio.Lock())
