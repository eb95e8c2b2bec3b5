"""Tickets in the database, for as long as Redis is away (``realtime.ports.Tickets``).

Dearer than anywhere else, a commit each, so nothing is written for a ticket that is not there. The
table keeps the hash of a ticket; expired rows are swept with the sessions, once a minute.
"""

import re

from realtime.adapters.memory import TICKET_LIFE
from realtime.kernel.errors import TicketExpired, TooManyRequests
from realtime.ledger import Ledger, Transaction
from realtime.ports import Caller
from web.auth import store
from web.auth.tokens import hash_of, random_token

#: How ours begin: Redis' begin otherwise.
MARK = "d."
#: Waiting to be redeemed at once; one more is refused, and asked for again in a moment.
MOST_TICKETS = 20_000

_OURS = re.compile(r"d\.[A-Za-z0-9_-]{43}\Z")


class DatabaseTickets:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def issue(self, caller: Caller) -> str:
        ticket = MARK + random_token()

        async def keep(tx: Transaction) -> None:
            if await store.count_tickets(tx.db) >= MOST_TICKETS:
                await store.drop_tickets(tx.db, tx.now)
                if await store.count_tickets(tx.db) >= MOST_TICKETS:
                    raise TooManyRequests
            await store.put_ticket(tx.db, hash_of(ticket), caller, tx.now + TICKET_LIFE)

        await self._ledger.write(keep)
        return ticket

    async def redeem(self, ticket: str) -> Caller:
        if not _OURS.match(ticket):
            raise TicketExpired
        mark = hash_of(ticket)
        async with self._ledger.reading() as reading:
            if not await store.knows_ticket(reading.db, mark, reading.now):
                raise TicketExpired
        return await self._ledger.write(lambda tx: _take(tx, mark))


async def _take(tx: Transaction, mark: bytes) -> Caller:
    caller = await store.take_ticket(tx.db, mark, tx.now)
    if caller is None:
        # Somebody else was faster.
        raise TicketExpired
    return caller
