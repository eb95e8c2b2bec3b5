"""A signed POST to somebody whose address is not ours to choose: a transport network's hook.

Only public addresses, over https; the answer is a status and nothing else.
"""

from realtime.kernel.clock import Clock
from realtime.push.addresses import is_callable
from realtime.push.outgoing import Outgoing
from realtime.push.policy import Outcome, Verdict
from realtime.push.signing import headers, repeat_of


class HookSender:
    def __init__(self, outgoing: Outgoing, clock: Clock, *, loopback: bool = False) -> None:
        self.outgoing = outgoing
        self._clock = clock
        self._loopback = loopback

    def fits(self, url: str) -> bool:
        """Whether such an address is called at all."""
        return is_callable(url, loopback=self._loopback)

    async def post(self, url: str, key: bytes, name: str, body: bytes) -> Outcome:
        """Send a message. ``name``: the same whenever the same message is sent again."""
        if not self.fits(url):
            # Judged again: the rules may be narrower than when it was set.
            return Outcome(Verdict.FAULT)
        signed = headers(key, int(self._clock.now().timestamp()), repeat_of(key, name), body)
        return await self.outgoing.post(url, {**signed, "Content-Type": "application/json"}, body)
