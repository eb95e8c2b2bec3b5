"""One more tap, one more report: a number by link and day, and nothing of whoever it was."""

from programmes.campaign import codes
from programmes.campaign.counts import store
from programmes.campaign.days import day_of
from programmes.campaign.store import find_link
from programmes.campaign.values import Code, What
from realtime.ledger import Reading, Transaction


class Counting:
    async def is_printed(self, reading: Reading, code: Code) -> bool:
        """Whether a link stands on a poster, of a campaign that goes on or of one that is over."""
        return await find_link(reading.db, code) is not None

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
