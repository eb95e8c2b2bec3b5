"""What the realtime core needs from the outside world, as numbered promises.

The test of the same number in ``tests/conformance`` checks each promise against every backend.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol, Self

from realtime.admission import Rank
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
    B6. When messages may have been missed (a line lost and found again, a server replaced, a slot
        moved), ``deliveries`` yields an empty list once the subscriptions are in place again:
        whoever listens then asks the ledger.
    B7. ``away`` is true while it cannot promise delivery, until B6's empty list. ``publish``
        raises ``Unavailable`` when it could not hand over.
    """

    @property
    def away(self) -> bool: ...

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *exc_info: object) -> None: ...

    async def publish(self, deliveries: Iterable[Delivery]) -> None: ...
    async def subscribe(self, channel: Channel) -> None:
        """Return when what is published from now on will arrive.

        While ``away`` it returns all the same, within seconds: the channel is remembered, and in
        place before B6's empty list.
        """
        ...

    async def unsubscribe(self, channel: Channel) -> None: ...

    def deliveries(self) -> AsyncIterator[list[Delivery]]:
        """Yield what has arrived, in batches, until the broker is closed. One consumer only.

        An empty batch says that something may have been missed before it (B6).
        """
        ...


class Presence(Protocol):
    """Who has a live session, on any node, and who sits in which channel.

    R1. A person is present from the return of ``arrive`` to the matching ``leave``; two devices
        count twice and a person leaves with the last.
    R2. ``present`` answers the subset of the people asked about who are here, and nobody else.
    R3. Leaving twice does nothing.
    R4. ``seated`` answers every connection that sits in a channel, on any node, with its seat.
        Sitting again changes the seat; standing up twice, or never having sat, does nothing.
    R5. A node that dies or is cut off is forgotten within ten seconds, with its people and seats.
        When it returns, or when what it had told was emptied, it tells all of it again within a
        second of the backend's answering.
    R6. None of these raises because the backend is away: ``present`` and ``seated`` then answer
        what this node knows, its own people, so that a dispatch goes on with them.
    """

    async def arrive(self, person: PersonId, connection: str) -> None: ...
    async def leave(self, person: PersonId, connection: str) -> None: ...
    async def present(self, people: Iterable[PersonId]) -> frozenset[PersonId]: ...

    async def sit(self, channel: Channel, connection: str, seat: str) -> None:
        """Show a connection in a channel, under a name that is not the person's."""
        ...

    async def stand(self, channel: Channel, connection: str) -> None: ...
    async def seated(self, channel: Channel) -> dict[str, str]:
        """The seat of each connection in a channel."""
        ...


class Gate(Protocol):
    """Says who may listen and look; implemented by ``web/access``.

    Who may speak is the application's to judge, in the transaction that keeps what is said.

    G1. Answers by returning, refuses by raising ``NotAllowed``, whoever asks.
    G2. An object that does not exist and one that is not the caller's are refused alike.
    """

    async def may_subscribe(self, caller: Caller, channel: Channel) -> None: ...
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
    T3. An unknown, spent or expired ticket raises ``TicketExpired`` and nothing else. So does one
        whose keeper is away: another is issued elsewhere.
    """

    async def issue(self, caller: Caller) -> str: ...
    async def redeem(self, ticket: str) -> Caller: ...


class Limits(Protocol):
    """How often something may be done.

    L1. At most ``burst`` at once and ``rate`` a second afterwards, per key.
    L2. Keys do not influence each other, and the least recently used are forgotten first.
    L3. Nobody is kept waiting: a backend that is away is replaced, within a fifth of a second, by
        what this node counts itself.
    L4. ``spend_at_once`` does the same without waiting, and answers True. A backend that has to be
        waited for counts nothing and answers False.
    """

    async def spend(self, key: str, *, rate: float, burst: int) -> None:
        """Return, or raise ``TooManyRequests``. ``rate`` is above 0."""
        ...

    def spend_at_once(self, key: str, now: datetime, *, rate: float, burst: int) -> bool: ...


class Application(Protocol):
    """What the node asks of the program above it."""

    def rank(self, ticket: str) -> Rank:
        """How soon whoever brings this ticket is let in; it need not be good."""
        ...

    async def authenticate(self, ticket: str) -> Caller: ...
    async def call(self, caller: Caller, method: str, data: bytes) -> bytes:
        """Run a command; ``data`` and the answer are JSON."""
        ...

    async def say(self, caller: Caller, channel: Channel, data: bytes) -> None:
        """Take a client's publication, if this caller may say it; return once it is kept."""
        ...

    async def heard(self, caller: Caller, data: bytes) -> None:
        """Take a message that wants no answer."""
        ...

    def heard_at_once(self, caller: Caller, data: bytes) -> bool:
        """The same, where nothing has to be waited for. False: nothing was done."""
        ...

    def ordered(self, order: Mapping[str, str] | None) -> None:
        """Follow, soon, what a transaction of any node told all of them on ``control:nodes``.

        None: some of it can no longer be heard, so nothing held in memory is to be believed.
        """
        ...
