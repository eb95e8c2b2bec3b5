"""What alerts of witnesses need of others: networks that are told, phones that are woken."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from alerts.networks.values import Call, Event, What
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction


class Telling(Protocol):
    """N1. ``tell`` leaves a message for the network in the transaction that changes the event.

    N2. Messages about one alert come in the order in which they were left, at least once.
    N3. ``call`` always answers numbers: the police's where a network has none.
    """

    async def tell(self, tx: Transaction, alert: str, what: What, body: Event) -> None: ...
    async def call(self, reading: Reading, network: str | None) -> Call: ...


class Phones(Protocol):
    """W1. ``among`` answers those of the people who have a device that can be woken.

    W2. ``wake`` has it woken once this is committed, at once, or when somebody ``live`` has not
        answered after a few seconds; and not any more once she has.
    """

    async def among(self, reading: Reading, people: Sequence[PersonId]) -> frozenset[PersonId]: ...
    def wake(self, tx: Transaction, person: PersonId, *, live: bool) -> None: ...


#: A report came with a poster's code: it is counted where that was put up.
Counting = Callable[[Transaction, str], Awaitable[None]]


async def uncounted(tx: Transaction, code: str) -> None:
    """Nobody counts."""
