"""Where tickets are issued when Redis is away, and the time of a Redis, moved by hand."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from redis import Redis

from realtime.kernel.clock import Clock
from realtime.kernel.errors import TicketExpired
from realtime.kernel.ids import random_id
from realtime.ports import Caller
from tests.support.ledger import deployment
from tests.support.redis_handles import ports_of
from web.auth.tickets import DatabaseTickets
from web.channels import channel_table


class NoDesk:
    """Nobody is asked here: Redis is there."""

    async def issue(self, caller: Caller) -> str:
        raise AssertionError("issued while Redis was away")

    async def redeem(self, ticket: str) -> Caller:
        raise TicketExpired


@asynccontextmanager
async def database_desks(
    folder: Path, clock: Clock, address: str = ""
) -> AsyncGenerator[tuple[DatabaseTickets, DatabaseTickets]]:
    """Two processes on one file, or on the database at that address."""
    channels = channel_table()
    async with (
        deployment(folder, channels, clock=clock, ids=random_id, address=address) as one,
        deployment(folder, channels, clock=clock, ids=random_id, address=address) as other,
    ):
        yield DatabaseTickets(one.ledger), DatabaseTickets(other.ledger)


def let_pass(url: str, prefix: str, seconds: float) -> None:
    """Take that much off the life of everything a deployment has in Redis."""
    for port in ports_of(url):
        with Redis(port=port) as client:
            for name in client.scan_iter(f"{prefix}:*"):
                left = client.pttl(name)
                assert 0 < left <= 30_000, "a ticket without an end"
                client.pexpire(name, max(0, left - int(seconds * 1000)))
