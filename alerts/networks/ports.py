"""What networks need of others: somebody who calls their hooks, and the names of lines."""

from typing import Protocol

from geo.transit.values import Line, LineId, Stop, StopId
from realtime.push.policy import Outcome


class Posting(Protocol):
    """P1. ``post`` never raises for what the receiver does, and tells what came of it.

    P2. No call goes to an address that is not public; ``fits`` says beforehand what is refused.
    """

    def fits(self, url: str) -> bool: ...
    async def post(self, url: str, key: bytes, name: str, body: bytes) -> Outcome: ...


class Names(Protocol):
    """What is known of a line or a stop now: ``geo.transit.network.Network``."""

    def line(self, line: LineId) -> Line | None: ...
    def stop(self, stop: StopId) -> Stop | None: ...
