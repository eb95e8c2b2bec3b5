"""What nodes share besides the database, chosen by ``ENTRAIDE_BROKER``.

It is the memory of the one process there is, or a Redis that all of them reach. Nothing that must
not be lost is here: each of these may be emptied at any moment.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from geo.transit.aboard.adapters.memory import MemoryAboard
from geo.transit.aboard.adapters.redis import RedisAboard
from geo.transit.aboard.ports import Aboard
from geo.whereabouts.adapters.memory import MemoryWhereabouts
from geo.whereabouts.adapters.redis import RedisWhereabouts
from geo.whereabouts.ports import Whereabouts
from realtime.adapters.memory import (
    MemoryBroker,
    MemoryBus,
    MemoryLimits,
    MemoryPresence,
    MemoryTickets,
)
from realtime.adapters.redis.batches import Batches
from realtime.adapters.redis.broker import RedisBroker
from realtime.adapters.redis.limits import RedisLimits
from realtime.adapters.redis.presence import RedisPresence
from realtime.adapters.redis.servers import RedisServers
from realtime.adapters.redis.tickets import RedisTickets
from realtime.kernel.ids import random_id
from realtime.ports import Broker, Limits, Presence, Tickets
from web.auth.tickets import DatabaseTickets
from web.durable import Durable
from web.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    #: Not entered yet: the node does, and owns it.
    broker: Broker
    presence: Presence
    limits: Limits
    tickets: Tickets
    whereabouts: Whereabouts
    aboard: Aboard


@asynccontextmanager
async def engines(settings: Settings, durable: Durable) -> AsyncGenerator[Engines]:
    """The engines of this deployment, open for as long as the block lasts."""
    if urlsplit(settings.broker).scheme == "memory":
        yield memory_engines(durable)
        return
    # Two installations may share a Redis: theirs is another database, with another epoch.
    prefix = f"entraide-{durable.writer.epoch}"
    async with RedisServers.open(settings.broker, prefix) as servers:
        presence = RedisPresence(servers, node=random_id())
        whereabouts = RedisWhereabouts(Batches(servers, "whereabouts"))
        async with presence.running(), whereabouts.tidying(durable.clock):
            yield Engines(
                broker=RedisBroker(servers),
                presence=presence,
                limits=RedisLimits(servers, MemoryLimits(durable.clock), key=durable.key("limits")),
                tickets=RedisTickets(servers, random_id, DatabaseTickets(durable.ledger)),
                whereabouts=whereabouts,
                aboard=RedisAboard(Batches(servers, "aboard")),
            )


def memory_engines(durable: Durable) -> Engines:
    """Those of one process, which loses nothing by being alone."""
    return Engines(
        broker=MemoryBroker(MemoryBus()),
        presence=MemoryPresence(),
        limits=MemoryLimits(durable.clock),
        tickets=MemoryTickets(durable.clock, random_id),
        whereabouts=MemoryWhereabouts(),
        aboard=MemoryAboard(),
    )
