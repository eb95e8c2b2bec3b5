"""What the realtime core needs from the outside world, as numbered promises.

The test of the same number in ``tests/conformance`` checks each promise against every backend.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol, Self

from realtime.kernel.ids import Channel, PersonId


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is speaking: a pseudonym, what they may do, and the session they speak through."""

    person: PersonId
    #: ``citizen``, ``operator``, ``supervisor``, ``duty`` or ``admin``.
    role: str
    session: str


class Delivery(NamedTuple):
    """What the broker carries. ``offset`` is 0 on channels that keep nothing."""

    channel: Channel
    offset: int
    #: As the ledger keeps it: sealed where the channel table says so.
    body: bytes


class Broker(Protocol):
    """Carries messages between nodes, at most once, and only wakes: it never stores anything.

    B1. What is published on a subscribed channel comes out of ``deliveries`` of every subscribed
        node, the publisher's own included.
    B2. Messages published on one channel by one node keep their order.
    B3. Nothing arrives from a channel after ``unsubscribe`` has returned.
    B4. Subscribing twice, or leaving a channel never joined, does nothing.
    B5. Publishing to a channel nobody listens to succeeds.
    """

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *exc_info: object) -> None: ...

    async def publish(self, deliveries: Iterable[Delivery]) -> None: ...
    async def subscribe(self, channel: Channel) -> None: ...
    async def unsubscribe(self, channel: Channel) -> None: ...

    def deliveries(self) -> AsyncIterator[list[Delivery]]:
        """Yield what has arrived, in batches, until the broker is closed. One consumer only."""
        ...


class Presence(Protocol):
    """Who has a live session, on any node.

    R1. A person is present from the return of ``arrive`` to the matching ``leave``; two devices
        count twice and a person leaves with the last.
    R2. ``present`` answers the subset of the people asked about who are here, and nobody else.
    R3. Leaving twice does nothing.
    """

    async def arrive(self, person: PersonId, connection: str) -> None: ...
    async def leave(self, person: PersonId, connection: str) -> None: ...
    async def present(self, people: Iterable[PersonId]) -> frozenset[PersonId]: ...


class Gate(Protocol):
    """Says who may listen, speak and look; implemented by ``web/access``.

    G1. Answers by returning, refuses by raising ``NotAllowed``, whoever asks.
    G2. An object that does not exist and one that is not the caller's are refused alike.
    """

    async def may_subscribe(self, caller: Caller, channel: Channel) -> None: ...
    async def may_publish(self, caller: Caller, channel: Channel) -> None: ...
    async def may_see_presence(self, caller: Caller, channel: Channel) -> None: ...
    async def seat(self, caller: Caller, channel: Channel) -> str:
        """The name under which others see the caller in this channel: never the person.

        Empty for whoever is not to be seen.
        """
        ...


class Tickets(Protocol):
    """Single-use passes from an authenticated session to a socket (DESIGN 4.2).

    T1. A ticket is redeemed at most once, however many ask at the same moment.
    T2. After 30 s it is worth nothing.
    T3. An unknown, spent or expired ticket raises ``TicketExpired`` and nothing else.
    """

    async def issue(self, caller: Caller) -> str: ...
    async def redeem(self, ticket: str) -> Caller: ...


class Limits(Protocol):
    """How often something may be done.

    L1. At most ``burst`` at once and ``rate`` a second afterwards, per key.
    L2. Keys do not influence each other, and the least recently used are forgotten first.
    """

    async def spend(self, key: str, *, rate: float, burst: int) -> None:
        """Return, or raise ``TooManyRequests``."""
        ...


class Application(Protocol):
    """What the node asks of the program above it."""

    async def authenticate(self, ticket: str) -> Caller: ...
    async def call(self, caller: Caller, method: str, data: bytes) -> bytes:
        """Run a command; ``data`` and the answer are JSON."""
        ...

    async def say(self, caller: Caller, channel: Channel, data: bytes) -> None:
        """Take a client's publication, and return once it is kept."""
        ...

    async def heard(self, caller: Caller, data: bytes) -> None:
        """Take a message that wants no answer."""
        ...
