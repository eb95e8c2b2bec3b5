"""Tickets that any node redeems: kept by Redis for thirty seconds of its own time.

Redis holds the hash of a ticket, never the ticket: reading it opens no socket. While it is away,
tickets are issued and redeemed elsewhere (``away``, the database); their beginning tells the two
kinds apart, so that a ticket is asked for only where it may be.
"""

import hashlib
import re

import msgspec

from realtime.adapters.memory import TICKET_LIFE
from realtime.adapters.redis.patience import Patience
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.errors import TicketExpired, Unavailable
from realtime.kernel.ids import Ids
from realtime.ports import Caller, Tickets

#: A phone waits for its ticket; the database is as good.
PATIENCE_S = 0.5
#: How ours begin.
MARK = "r."

_OURS = re.compile(r"r\.[A-Za-z0-9_-]{1,200}\Z")
_LIFE_MS = int(TICKET_LIFE.total_seconds() * 1000)


class RedisTickets:
    """Keeps ``realtime.ports.Tickets``'s promises on all nodes together."""

    def __init__(
        self, servers: RedisServers, ids: Ids, away: Tickets, *, patience_s: float = PATIENCE_S
    ) -> None:
        self._servers = servers
        self._ids = ids
        self._away = away
        self._patience = Patience("tickets", patience_s)

    @property
    def failures(self) -> int:
        """How often Redis did not answer."""
        return self._patience.failures

    async def issue(self, caller: Caller) -> str:
        # Two ids of 128 bits: a ticket is a secret, not only a name.
        ticket = f"{MARK}{self._ids()}{self._ids()}"
        try:
            async with self._patience.asking():
                await self._servers.commands.set(
                    self._name(ticket), msgspec.json.encode(caller), px=_LIFE_MS, nx=True
                )
        except Unavailable:
            return await self._away.issue(caller)
        return ticket

    async def redeem(self, ticket: str) -> Caller:
        if not ticket.startswith(MARK):
            return await self._away.redeem(ticket)
        if not _OURS.match(ticket):
            raise TicketExpired
        try:
            async with self._patience.asking():
                # Read and removed in one step: of many who ask, one is served.
                kept = await self._servers.commands.getdel(self._name(ticket))
        except Unavailable:
            # It may still be there, but nobody can tell: the next one comes from the database.
            raise TicketExpired from None
        if kept is None:
            raise TicketExpired
        return msgspec.json.decode(kept, type=Caller)

    def _name(self, ticket: str) -> str:
        return self._servers.key("ticket", hashlib.sha256(ticket.encode()).hexdigest())
