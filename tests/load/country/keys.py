"""Which keys of Redis cannot be divided, and on which shard of a cluster each lies. Pure.

Names are asked of the adapters themselves; the slot is computed as a cluster does. A shard is one
process of Redis, which uses one core; slots are dealt evenly.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from redis.crc import key_slot

from geo.whereabouts.adapters.lists import CELLS
from geo.whereabouts.adapters.redis import DRAWERS, RedisWhereabouts
from tests.support.redis_deployments import SLOTS

#: The first word of every name: two installations that share a Redis differ in it.
PREFIX = "entraide"


class _Names:
    """Names things as ``realtime/adapters/redis`` does, and asks nobody."""

    @property
    def divided(self) -> bool:
        return True

    def key(self, *parts: str) -> str:
        return ":".join((PREFIX, *parts))

    async def ask(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        raise LookupError("nobody answers")


_NAMES = RedisWhereabouts(_Names())
DIRECTORY = _NAMES._lists.parts(CELLS)[0]
DRAWER = tuple(_NAMES._drawer(it, "duty") for it in range(DRAWERS))
REGISTRY = _Names().key("presence", "nodes")
CONTROL = _Names().key("channel", "control:nodes")


@cache
def list_of(share: str) -> str:
    return _NAMES._lists.parts(share)[0]


def shard_of(key: str, shards: int) -> int:
    """Where a key lies.

    >>> shard_of(list_of("01566431"), 1)
    0
    """
    return _slot(key) * shards // SLOTS


@cache
def _slot(key: str) -> int:
    return int(key_slot(key.encode()))


def dealt(loads: Mapping[str, float], even: float, shards: int) -> list[float]:
    """Each shard's load: keys lie where their slots do, the rest is spread evenly."""
    found = [even / shards] * shards
    for key, load in loads.items():
        found[shard_of(key, shards)] += load
    return found
