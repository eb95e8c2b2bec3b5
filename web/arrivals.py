"""People coming back, all at once perhaps: who is let in first, and who waits for a turn.

First are people in an alert and staff: that is known before anything is read for the one who comes,
by the token of a request, or by a mark that only we can put on a ticket. What is known is read anew
every second while people come back.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager

import structlog

from realtime.admission import Rank
from realtime.kernel.errors import AppError
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading
from realtime.ports import Caller, Tickets
from realtime.turns import READS, REQUEST_WAIT_S, Turns
from web.auth.sessions import STAFF, Sessions
from web.auth.tokens import hash_of

log = structlog.get_logger("web.arrivals")

#: Read at most so often, and so seldom when nobody comes.
AFRESH_S, IDLE_S = 1.0, 30.0
_MARK_CHARACTERS = 16
#: What a page asks for when it comes back: nothing else waits for a turn.
ARRIVING = frozenset({"session.ticket", "me.state"})


class Arrivals:
    def __init__(
        self,
        ledger: Ledger,
        people: Sequence[Callable[[Reading], Awaitable[list[PersonId]]]],
        sessions: Sessions,
        *,
        turns: Turns,
        key: bytes,
    ) -> None:
        """``people``: who is in an open alert, of each kind; ``key`` is the same on all nodes."""
        self._turns = turns
        self._key = key
        self._ledger = ledger
        self._people = people
        self._sessions = sessions
        self._tokens: frozenset[bytes] = frozenset()
        self._known: frozenset[str] = frozenset()
        self._asked = asyncio.Event()

    def of_token(self, token: str) -> Rank:
        self._asked.set()
        return Rank.FIRST if hash_of(token) in self._tokens else Rank.OTHERS

    def of_caller(self, caller: Caller) -> Rank:
        self._asked.set()
        urgent = caller.role in STAFF or caller.session in self._known
        return Rank.FIRST if urgent else Rank.OTHERS

    def marked(self, ticket: str, caller: Caller) -> str:
        """The ticket, on which it is written if its bearer comes first."""
        first = self.of_caller(caller) is Rank.FIRST
        return f"{ticket}!{self._mark(ticket)}" if first else ticket

    def of_ticket(self, ticket: str) -> Rank:
        bare, _, mark = ticket.partition("!")
        if not mark:
            return Rank.HALFWAY
        good = hmac.compare_digest(mark.encode(), self._mark(bare).encode())
        return Rank.FIRST if good else Rank.HALFWAY

    def turn(self, rank: Rank) -> AbstractAsyncContextManager[None]:
        """Be let in for as long as the block lasts, or ``TooManyRequests``."""
        return self._turns.turn(rank, REQUEST_WAIT_S, weight=READS)

    async def run(self) -> None:
        while True:
            try:
                await self.refresh()
            except AppError as error:
                log.warning("arrivals.not_read", error=error.name)
            await asyncio.sleep(AFRESH_S)
            try:
                async with asyncio.timeout(IDLE_S):
                    await self._asked.wait()
            except TimeoutError:
                continue
            finally:
                self._asked.clear()

    async def refresh(self) -> None:
        async with self._ledger.reading() as reading:
            people = [it for each in self._people for it in await each(reading)]
            found = await self._sessions.urgent(reading, people)
        self._tokens = frozenset(token for token, _ in found)
        self._known = frozenset(session for _, session in found)

    def _mark(self, ticket: str) -> str:
        return hmac.new(self._key, ticket.encode(), "sha256").hexdigest()[:_MARK_CHARACTERS]


class RankedTickets:
    """Tickets on which it is written who is let in first: ``realtime.ports.Tickets``."""

    def __init__(self, tickets: Tickets, arrivals: Arrivals) -> None:
        self._tickets = tickets
        self._arrivals = arrivals

    async def issue(self, caller: Caller) -> str:
        return self._arrivals.marked(await self._tickets.issue(caller), caller)

    async def redeem(self, ticket: str) -> Caller:
        return await self._tickets.redeem(ticket.partition("!")[0])
