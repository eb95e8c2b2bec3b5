"""One more tap, one more report: a number by link and day, and nothing of whoever it was."""

from programmes.campaign import codes
from programmes.campaign.counts import store
from programmes.campaign.days import day_of
from programmes.campaign.values import What
from realtime.ledger import Transaction


class Counting:
    async def tapped(self, tx: Transaction, code: str) -> bool:
        """Somebody followed a link. False: nobody has printed that one, or it is over."""
        return await self._add(tx, code, What.TAP)

    async def reported(self, tx: Transaction, code: str) -> None:
        """A report came by this link. A code that nobody has printed changes nothing."""
        await self._add(tx, code, What.REPORT)

    async def _add(self, tx: Transaction, text: str, what: What) -> bool:
        code = codes.read(text)
        if code is None or not await store.is_counted(tx.db, code):
            return False
        await store.add(tx.db, code, day_of(tx.now), what)
        return True
