"""Limits that all nodes share: one bucket a key, filled by the server's time.

A key is kept as an HMAC: Redis holds no person, no address and nothing that could be guessed. When
it does not answer within a fifth of a second this node counts by itself, for a second at least.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from math import ceil

from realtime.adapters.redis.patience import Patience
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.errors import TooManyRequests, Unavailable
from realtime.ports import Limits

#: L3: longer than that, a request for help waits for nobody.
PATIENCE_S = 0.2
#: A bucket is forgotten once it has been full for so long: a full one is as good as none.
KEPT_MS = 60_000
#: However slowly a bucket fills, it is not kept for longer.
KEPT_MOST_MS = 7 * 24 * 3600 * 1000

#: Sent whole each time, as it is short: nothing is to be loaded again into a server that was
#: replaced, and it may go with other commands in one batch, also in a cluster.
_SPEND = """
local rate, burst, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local left = burst
local kept = redis.call('HMGET', KEYS[1], 'left', 'at')
if kept[1] then
  left = math.min(burst, tonumber(kept[1]) + math.max(0, now - tonumber(kept[2])) * rate / 1000)
end
local spent = 0
if left >= 1 then
  left, spent = left - 1, 1
end
redis.call('HSET', KEYS[1], 'left', string.format('%.17g', left), 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return spent
"""


class RedisLimits:
    """Keeps ``realtime.ports.Limits``'s promises on all nodes together."""

    def __init__(
        self,
        servers: RedisServers,
        away: Limits,
        *,
        key: bytes,
        patience_s: float = PATIENCE_S,
        now_ms: Callable[[], int] | None = None,
    ) -> None:
        """``key`` is the same on all nodes; ``away`` counts while Redis does not.

        ``now_ms`` stands in for the server's clock, for tests.
        """
        self._servers = servers
        self._away = away
        self._key = key
        self._now_ms = now_ms
        self._patience = Patience("limits", patience_s)

    @property
    def failures(self) -> int:
        """How often Redis did not answer."""
        return self._patience.failures

    async def spend(self, key: str, *, rate: float, burst: int) -> None:
        mark = hmac.new(self._key, key.encode(), hashlib.sha256).hexdigest()[:32]
        now = "" if self._now_ms is None else self._now_ms()
        kept = min(ceil(burst / rate * 1000) + KEPT_MS, KEPT_MOST_MS)
        try:
            async with self._patience.asking():
                spent = await self._servers.commands.execute_command(
                    "EVAL", _SPEND, 1, self._servers.key("limit", mark), rate, burst, now, kept
                )
        except Unavailable:
            await self._away.spend(key, rate=rate, burst=burst)
        else:
            if not spent:
                raise TooManyRequests

    def spend_at_once(self, key: str, now: datetime, *, rate: float, burst: int) -> bool:
        return False
