"""Sends a push: RFC 8030's request around RFC 8291's body and RFC 8292's word. It says nothing.

Every push has the same body but for its random keys: one byte, the version, padded. What there is
to say, the phone asks of us when it wakes.
"""

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric import ec

from realtime.kernel.clock import Clock
from realtime.push.message import HEADER_BYTES, SALT_BYTES, TAG_BYTES, Keys, encoded, sealed
from realtime.push.outgoing import HOSTS_MOST, Outgoing
from realtime.push.policy import Hosts, Outcome, Verdict, origin_of
from realtime.push.vapid import LASTS, Vapid

#: All that a push holds.
VERSION = b"\x01"
TEXT_BYTES = 128
#: What anybody on the way sees of it.
BODY_BYTES = HEADER_BYTES + TEXT_BYTES + 1 + TAG_BYTES


class Errand(StrEnum):
    """Why a phone is woken. Nobody on the way is told."""

    OFFER = "offer"
    TEST = "test"


#: Older than this a push is dropped by its service: the page asks again by itself. One for all:
#: the service reads it, and would know a test from somebody who asks for help.
TTL = timedelta(seconds=120)


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a browser can be woken, and the keys it reads with."""

    endpoint: str
    keys: Keys


def topic(subscription: Subscription, errand: Errand) -> str:
    """A newer push of this topic replaces one that waits; 32 letters that say nothing (RFC 8030).

    Made of the secret that only the browser and we know: the service cannot tell what it is for.
    """
    said = b"entraide topic " + errand.encode() + b"\x00" + subscription.keys.auth
    return encoded(hashlib.sha256(said).digest())[:32]


class Sender:
    def __init__(self, vapid: Vapid, hosts: Hosts, outgoing: Outgoing, clock: Clock) -> None:
        self.hosts = hosts
        self.public_key = vapid.public
        self.outgoing = outgoing
        self._vapid = vapid
        self._clock = clock
        self._words: OrderedDict[str, tuple[str, datetime]] = OrderedDict()

    async def send(self, to: Subscription, errand: Errand) -> Outcome:
        """Wake a phone. Never raises for what its service does."""
        if self.hosts.host_of(to.endpoint) is None:
            # Judged again: the list may be shorter than when the phone subscribed.
            return Outcome(Verdict.GONE)
        body = sealed(
            VERSION,
            to.keys,
            salt=secrets.token_bytes(SALT_BYTES),
            sender=ec.generate_private_key(ec.SECP256R1()),
            size=TEXT_BYTES,
        )
        headers = {
            "Authorization": self._word(origin_of(to.endpoint)),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(TTL.total_seconds())),
            "Topic": topic(to, errand),
            "Urgency": "high",
        }
        return await self.outgoing.post(to.endpoint, headers, body)

    def _word(self, origin: str) -> str:
        """The signed word for a service, kept for half of its life."""
        now = self._clock.now()
        word, until = self._words.get(origin, ("", now))
        if until <= now:
            word, until = self._vapid.authorization(origin, now), now + LASTS / 2
            self._words[origin] = word, until
            while len(self._words) > HOSTS_MOST:
                self._words.popitem(last=False)
        return word
