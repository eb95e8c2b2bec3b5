"""One more tap, one more report: a number by link and day, and nothing of whoever it was."""

from realtime.ledger import Transaction


class Counting:
    async def tapped(self, tx: Transaction, code: str) -> bool:
        """Somebody followed a link. False: nobody has printed that one, or it is over."""
        raise NotImplementedError

    async def reported(self, tx: Transaction, code: str) -> None:
        """A report came by this link. A code that nobody has printed changes nothing."""
        raise NotImplementedError
