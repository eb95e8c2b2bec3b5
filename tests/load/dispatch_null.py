"""People without a socket: real ``Client`` and ``Session`` objects, on a link that leads nowhere.

What the server writes to them is parsed and timed; what they answer goes in where a socket's bytes
would, so through the dialogue, the executor and the commands. They answer as the demo's people do.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from time import monotonic

import msgspec

from realtime.client import Client
from realtime.node import Node
from realtime.ports import Tickets
from tests.load.dispatch_people import Somebody
from web.demo.people import Answer, plan

#: Greetings under way at once.
AT_ONCE = 256
#: An offer that has become this asks nothing more.
OVER = frozenset({"declined", "withdrawn", "covered", "expired", "cancelled", "closed"})
_PING = b"{}"


@dataclass(slots=True)
class Tally:
    """What was written to people without a socket."""

    #: By alert, when the first offer was written, on the clock that all processes share.
    first: dict[str, float] = field(default_factory=dict)
    #: By ring.
    offers: dict[str, int] = field(default_factory=dict)
    #: Connections that the server closed.
    closed: int = 0

    def offered(self, alert: str, ring: str, at: float) -> None:
        self.first.setdefault(alert, at)
        self.offers[ring] = self.offers.get(ring, 0) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """What all of them share."""

    node: Node
    random: Random
    #: Their delays are multiplied by this.
    factor: float
    #: How long a walk takes, in the middle.
    walk_s: float
    tally: Tally = field(default_factory=Tally)


class Null:
    """One person, and her own link. Idle, it holds no task and no timer."""

    __slots__ = ("_client", "_crowd", "_plans", "_said", "_who", "address", "greeted")

    def __init__(self, who: Somebody, crowd: Crowd) -> None:
        self.address = ""
        #: Called with the server's first word.
        self.greeted: Callable[[], None] | None = None
        self._who = who
        self._crowd = crowd
        self._said = 1
        #: By offer, what she will do next about it.
        self._plans: dict[str, asyncio.TimerHandle] = {}
        self._client: Client = crowd.node.opened(self)

    # What the node sees of a link.

    def write(self, frames: bytes, /) -> None:
        at = monotonic()
        if self.greeted is not None:
            greeted, self.greeted = self.greeted, None
            greeted()
        for message in messages(frames):
            if message == _PING:
                # Not from inside the server's own call, as a socket would not.
                asyncio.get_running_loop().call_soon(self._client.received, _PING, True)
            elif message.startswith(b'{"push"'):
                self._pushed(message, at)

    def close(self, code: int, reason: str = "") -> None:
        self._crowd.tally.closed += 1
        asyncio.get_running_loop().call_soon(self._client.closed)

    def abort(self) -> None:
        self.close(0)

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def buffered(self) -> int:
        return 0

    # What she does.

    def greet(self, ticket: str) -> None:
        self._send({"id": 1, "connect": {"token": ticket}})

    def say_where(self) -> None:
        position = {"lat": self._who.spot.lat, "lon": self._who.spot.lon}
        self._send({"send": {"data": {"position": position}}})

    def _send(self, command: dict[str, object]) -> None:
        self._client.received(msgspec.json.encode(command), True)

    def _call(self, method: str, offer: str) -> None:
        self._said += 1
        self._send({"id": self._said, "rpc": {"method": method, "data": {"offer": offer}}})

    def _pushed(self, message: bytes, at: float) -> None:
        match msgspec.json.decode(message)["push"].get("pub", {}).get("data"):
            case {"type": "offer", "offer": str(offer), "alert": str(alert), "ring": str(ring)}:
                self._crowd.tally.offered(alert, ring, at)
                self._forget(offer)
                self._asked(offer, near=ring == "near")
            case {"type": "offer_state", "offer": str(offer), "state": str(state)}:
                if state in OVER:
                    self._forget(offer)
            case _:
                pass

    def _asked(self, offer: str, *, near: bool) -> None:
        """Plan the whole answer: each word, and what follows it after how long."""
        crowd, who = self._crowd, self._who.temperament
        planned = plan(who, crowd.random, near=near)
        steps = [("offer.received", planned.received_s * crowd.factor)]
        if planned.answer is not Answer.IS_SILENT:
            accepts = planned.answer is Answer.ACCEPTS
            steps.append(("offer.seen", planned.seen_s * crowd.factor))
            word = "offer.accept" if accepts else "offer.decline"
            steps.append((word, planned.answered_s * crowd.factor))
            if accepts and near:
                steps.append(("offer.arrived", crowd.walk_s * crowd.random.uniform(0.5, 1.5)))
        self._plan(offer, steps)

    def _plan(self, offer: str, steps: Sequence[tuple[str, float]]) -> None:
        (word, seconds), *rest = steps

        def act() -> None:
            del self._plans[offer]
            self._call(word, offer)
            if rest:
                self._plan(offer, rest)

        self._plans[offer] = asyncio.get_running_loop().call_later(seconds, act)

    def _forget(self, offer: str) -> None:
        planned = self._plans.pop(offer, None)
        if planned is not None:
            planned.cancel()


async def connect(people: Sequence[Somebody], crowd: Crowd, tickets: Tickets) -> list[Null]:
    """Greet with real tickets, a few hundred at a time; then each says where she is."""
    made: list[Null] = []
    for start in range(0, len(people), AT_ONCE):
        part = [Null(who, crowd) for who in people[start : start + AT_ONCE]]
        made += part
        await asyncio.gather(*(_greet(null, tickets) for null in part))
        for null in part:
            null.say_where()
    return made


async def _greet(null: Null, tickets: Tickets) -> None:
    greeted = asyncio.get_running_loop().create_future()
    null.greeted = lambda: greeted.set_result(None)
    null.greet(await tickets.issue(null._who.caller))
    await greeted


def messages(frames: bytes) -> Iterator[bytes]:
    """The texts in the server's frames (RFC 6455 5.2: a server does not mask)."""
    start = 0
    while start < len(frames):
        length, head = frames[start + 1], 2
        if length == 126:
            length, head = int.from_bytes(frames[start + 2 : start + 4]), 4
        elif length == 127:
            length, head = int.from_bytes(frames[start + 2 : start + 10]), 10
        yield frames[start + head : start + head + length]
        start += head + length
