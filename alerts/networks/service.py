"""Networks as use cases: whom to call, and telling them of events on their lines."""

from alerts.networks.values import ANYWHERE, Call, Event, What
from realtime.ledger import Reading, Transaction


class Networks:
    """It keeps the promise of ``alerts.witness.ports.Telling``."""

    async def call(self, reading: Reading, network: str | None) -> Call:
        """The numbers to call and to write to on a network; the police's where it has none."""
        return ANYWHERE

    async def tell(self, tx: Transaction, alert: str, what: What, body: Event) -> None:
        """Leave a message for the network's hook, in the transaction that changes the event.

        Numbered for each alert, sent in that order, at least once. A network that wants to be told
        nothing has no hook: nothing is kept then.
        """
