"""What follows when a room held for somebody has become something else.

The need, its money, the hotels still asked and the counts on the board change with it, in the one
transaction. Holds tell it of each change, whoever made it: she, a hotel, an operator or time.
"""

from alerts.shelter.need import Needs
from alerts.shelter.showing import Showing
from alerts.shelter.stays import Stays
from alerts.shelter.tally import Tally
from matching.shelter.asking.service import Asking
from matching.shelter.funds.service import Funds
from matching.shelter.holds.service import Change
from matching.shelter.values import BudgetId, HoldState, Wanted
from realtime.ledger import Reading, Transaction


class Following:
    def __init__(
        self,
        needs: Needs,
        asking: Asking,
        funds: Funds,
        showing: Showing,
        stays: Stays,
        tally: Tally,
    ) -> None:
        self._needs = needs
        self._asking = asking
        self._funds = funds
        self._showing = showing
        self._stays = stays
        self._tally = tally

    async def follow(self, tx: Transaction, change: Change) -> None:
        """Whoever changes a hold calls this, once."""
        hold = change.after
        if change.before == hold:
            return
        await self._funds.follow(tx, change.before, hold)
        need = await self._needs.find(tx, hold.need)
        if not need.ended:
            if hold.alive:
                await self._asking.stop(tx, hold.need)
                need = await self._needs.ask_hotels(tx, need, asking=False, hold=hold)
            await self._needs.progress(tx, need, hold, change.actor)
        if hold.state is HoldState.ARRIVED and change.moved:
            self._stays.begin(tx, hold)
        if change.moved:
            self._tally.count(tx, hold.state)
        await self._showing.tell(tx, hold.hotel)

    async def locked(self, tx: Transaction, change: Change) -> None:
        """Too many wrong codes: whoever looks at her need is told to look again."""
        need = await self._needs.find(tx, change.after.need)
        if not need.ended:
            await self._needs.progress(tx, need, change.after, change.actor)

    async def payer(
        self, reading: Reading, wanted: Wanted, area: str, price_cents: int
    ) -> BudgetId | None:
        """Whichever budget may pay; none: the hotel gives the room, or somebody will find one."""
        found = await self._funds.pick(reading, wanted, area, reading.now, price_cents=price_cents)
        return None if found is None else found.budget
