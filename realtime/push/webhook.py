"""The second channel: a signed POST to the operator's own gateway, which knows telephone numbers.

We keep none of them. The body is a reference and the name of a template, and nothing else.
"""

import msgspec

from realtime.kernel.clock import Clock
from realtime.push.outgoing import Outgoing
from realtime.push.policy import Outcome
from realtime.push.signing import headers, reference, repeat_of


class Message(msgspec.Struct, frozen=True):
    """All that the gateway is told."""

    person: str
    template: str


class Webhook:
    def __init__(self, url: str, key: bytes, outgoing: Outgoing, clock: Clock) -> None:
        self._url = url
        self._key = key
        self._clock = clock
        self.outgoing = outgoing

    def reference(self, person: str) -> str:
        """A person as the gateway knows her."""
        return reference(self._key, person)

    async def post(self, person: str, template: str, occasion: str) -> Outcome:
        """Have a message sent, once for each ``occasion`` however often this is called."""
        body = msgspec.json.encode(Message(self.reference(person), template))
        signed = headers(
            self._key,
            int(self._clock.now().timestamp()),
            repeat_of(self._key, person, template, occasion),
            body,
        )
        return await self.outgoing.post(
            self._url, {**signed, "Content-Type": "application/json"}, body
        )
