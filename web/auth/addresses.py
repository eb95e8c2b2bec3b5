"""How often one address may open sessions. The address itself is never kept.

What is counted is an HMAC of it under a key of this deployment, the same on each of its nodes:
who reads the counters, in memory or in Redis, learns no address.
"""

import hashlib
import hmac
import ipaddress

from matching.helpline.errors import WordsLimited
from programmes.campaign.rules import TAPS_ADDRESS, TAPS_EACH, TAPS_EVERYBODY
from realtime.kernel.errors import TooManyRequests
from realtime.ports import Limits
from web.errors import SignInLimited

#: Many phones share one address behind a mobile operator: the burst is a bus stop's worth.
BURST = 100
RATE = 2.0
#: Conversations begun from one address: the places in a queue are counted (``WAITING_MOST``).
ASKING_RATE, ASKING_BURST = 1 / 30, 20
#: Feeds read from one address: programs come every few seconds, and many share one.
READING_RATE, READING_BURST = 5.0, 100
#: Tries to say three words (a second, at once). Whoever tries from everywhere for a whole year,
#: with fifty conversations open at every moment, finds one with less than one chance in ten.
A_PERSON, AN_ADDRESS, EVERYBODY = (1 / 120, 5), (1 / 60, 10), (0.5, 300)


class Addresses:
    def __init__(self, limits: Limits, key: bytes, *, burst: int = BURST) -> None:
        self._limits = limits
        self._key = key
        self._burst = burst

    async def spend(self, address: str, what: str = "session") -> None:
        """Count one new session from here, or one try to sign in, or raise ``SignInLimited``.

        Each is counted apart: whoever tries keys from behind a shared address keeps no phone out.
        """
        mark = hmac.new(self._key, network(address).encode(), hashlib.sha256).hexdigest()
        try:
            await self._limits.spend(f"{what}:{mark}", rate=RATE, burst=self._burst)
        except TooManyRequests:
            raise SignInLimited from None

    async def ask(self, address: str) -> None:
        """Count one conversation begun from here, or raise ``TooManyRequests``."""
        mark = hmac.new(self._key, network(address).encode(), hashlib.sha256).hexdigest()
        await self._limits.spend(f"asking:{mark}", rate=ASKING_RATE, burst=ASKING_BURST)

    async def leave(self, address: str) -> None:
        """Count one exit without a session from here, or raise ``TooManyRequests``."""
        mark = hmac.new(self._key, network(address).encode(), hashlib.sha256).hexdigest()
        await self._limits.spend(f"leaving:{mark}", rate=RATE, burst=BURST)

    async def read(self, address: str) -> None:
        """Count one look at what anybody may read, or raise ``TooManyRequests``."""
        mark = hmac.new(self._key, network(address).encode(), hashlib.sha256).hexdigest()
        await self._limits.spend(f"reading:{mark}", rate=READING_RATE, burst=READING_BURST)

    async def guess(self, address: str, person: str) -> None:
        """Count one try to say somebody's words, or raise ``WordsLimited``.

        By person, by address, and in all: who tries from everywhere is limited too. Three words
        are one of 2**33, and there are some tens of conversations to be found.
        """
        mark = hmac.new(self._key, network(address).encode(), hashlib.sha256).hexdigest()
        try:
            for who, (rate, burst) in (
                (f"words:{person}", A_PERSON),
                (f"words:{mark}", AN_ADDRESS),
                ("words", EVERYBODY),
            ):
                await self._limits.spend(who, rate=rate, burst=burst)
        except TooManyRequests:
            raise WordsLimited from None

    async def tap(self, address: str, code: str) -> None:
        """Count one link followed from here, or raise ``TooManyRequests``: then it is not counted.

        By link, by address, and in all, so that a flood writes no more than a crowd.
        """
        mark = hmac.new(self._key, network(address).encode(), hashlib.sha256).hexdigest()
        for who, (rate, burst) in (
            (f"taps:{mark}:{code}", TAPS_EACH),
            (f"taps:{mark}", TAPS_ADDRESS),
            ("taps", TAPS_EVERYBODY),
        ):
            await self._limits.spend(who, rate=rate, burst=burst)


def network(address: str) -> str:
    """What one subscriber holds: an IPv4 address, or a whole IPv6 /64.

    >>> network("2001:db8:1:2:3::4"), network("203.0.113.9"), network("?")
    ('2001:db8:1:2::/64', '203.0.113.9', '')
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
