"""Money as use cases: given, promised to a hold, released, spent on a night, paid to a hotel.

Everything is done in the transaction that is given, beside the change of the hold it follows. Each
step is a voucher (``vouchers.py``); whatever would not balance is refused before it is written.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta

from matching.shelter.errors import HoldEnded
from matching.shelter.funds import looking, store, vouchers
from matching.shelter.funds.entering import enter
from matching.shelter.funds.errors import (
    BudgetClosed,
    BudgetElsewhere,
    BudgetEmpty,
    MonthNotOver,
    NightTooDear,
    NothingOwed,
)
from matching.shelter.funds.messages import Paid
from matching.shelter.funds.months import span
from matching.shelter.funds.nights import by_budget, engages_more, funded
from matching.shelter.funds.ports import Counted, Stays
from matching.shelter.funds.rules import LATEST_OUT, LONGEST, MOST_CENTS
from matching.shelter.funds.values import (
    NOBODY,
    SLEPT,
    Budget,
    FundedNight,
    NightState,
)
from matching.shelter.funds.vouchers import Kind
from matching.shelter.night import PARIS, begins, night_of, nights
from matching.shelter.rules import NIGHTS_ALONE, ROLLOVER
from matching.shelter.values import BudgetId, Hold, HoldId, HoldState, HotelId, Night
from realtime.kernel.errors import Malformed, NotFound
from realtime.ledger import Transaction
from realtime.store import Task
from realtime.tasks import Tasks

#: The task that follows a stay; its key is the hold.
NIGHT = "shelter.night"
#: Who does what the time does.
CLOCK = "clock"
#: Why one budget does not pay for a night that another could.
_NOT_THIS_ONE = (BudgetEmpty, BudgetClosed, BudgetElsewhere, NightTooDear)


class Funds(looking.Looking):
    def __init__(self, stays: Stays, counted: Counted, *, rollover: time = ROLLOVER) -> None:
        self._stays = stays
        self._counted = counted
        self._rollover = rollover

    def register(self, tasks: Tasks) -> None:
        tasks.handle(NIGHT, self._rolled_over)

    async def grant(
        self,
        tx: Transaction,
        *,
        funder: str,
        name: str,
        area: str,
        first: Night,
        last: Night,
        cents: int,
        actor: str,
        most_cents: int | None = None,
    ) -> Budget:
        """A new budget, and all the money that is in it."""
        if not 0 < cents <= MOST_CENTS or not 0 <= (last - first).days <= LONGEST:
            raise Malformed
        made = Budget(
            budget=BudgetId(tx.ids()),
            funder=funder,
            name=name,
            area=area,
            first=first,
            last=last,
            most_cents=most_cents,
            opened=tx.now,
        )
        await store.put_budget(tx.db, made)
        money = vouchers.grant(made.budget, cents)
        await enter(tx, Kind.GRANT, money, actor=actor, budget=made.budget)
        tx.record(actor, "fund.grant", made.budget)
        return made

    # A hold's money.

    async def follow(self, tx: Transaction, before: Hold | None, after: Hold) -> None:
        """What a change of a hold means for its money: all of it, so that nobody else need know."""
        match after.state:
            case HoldState.HELD | HoldState.CONFIRMED:
                if engages_more(before, after):
                    await self._engage(tx, before, after)
            case HoldState.ARRIVED if before is None or before.state is not HoldState.ARRIVED:
                await self._arrived(tx, after)
            case HoldState.ARRIVED:
                if engages_more(before, after):
                    await self._engage(tx, before, after)
                    self._plan(tx, after)
            case HoldState.LEFT:
                await self._left(tx, after)
            case _:
                await self.release(tx, after)

    async def promise(self, tx: Transaction, hold: Hold, *, others: bool = False) -> int:
        """Keep the money of a hold's nights; said again, of those that have come since.

        One person alone engages ``NIGHTS_ALONE`` nights; the money of the others is not touched
        before a second person has agreed. Answers the cents promised now. ``others``: where the
        hold's own budget does not pay for them, another may that could have at first.
        """
        if not hold.alive:
            raise HoldEnded
        if hold.budget is None:
            return 0
        many = hold.nights if hold.approved else min(hold.nights, NIGHTS_ALONE)
        known = {it.night: it.state for it in await store.nights_of(tx.db, hold.hold)}
        wanted = [
            it
            for it in nights(hold.first, many)
            if known.get(it, NightState.RELEASED) is NightState.RELEASED
        ]
        if not wanted:
            return 0
        try:
            return await self._keep(tx, hold, wanted, await self._budget_for(tx, hold, wanted))
        except _NOT_THIS_ONE:
            area = await store.area_of(tx.db, hold.hotel) or ""
            other = await self._payer(tx, wanted, area, hold.price_cents) if others else None
            if other is None:
                raise
            return await self._keep(tx, hold, wanted, other)

    async def release(self, tx: Transaction, hold: Hold, nights: int | None = None) -> int:
        """Give back the money of the last so many promised nights; of all, unless told."""
        promised = await self._promised(tx, hold)
        if nights is None:
            tx.unschedule(NIGHT, hold.hold)
            return await self._give_back(tx, hold, promised)
        return await self._give_back(tx, hold, promised[max(0, len(promised) - nights) :])

    async def spend(self, tx: Transaction, hold: Hold, night: Night) -> bool:
        """A night was slept: its money is owed to the hotel. False: that was known already."""
        known = {it.night: it for it in await store.nights_of(tx.db, hold.hold)}
        found = known.get(night)
        if found is not None and found.state in SLEPT:
            return False
        if found is not None and found.state is NightState.PROMISED:
            voucher = await enter(
                tx,
                Kind.SPEND,
                vouchers.spend(found.budget, found.hotel, found.price_cents),
                actor=CLOCK,
                budget=found.budget,
                hotel=found.hotel,
                hold=hold.hold,
                nights=1,
            )
            slept = replace(found, state=NightState.SPENT, voucher=voucher)
        else:
            # It is counted, and no account knows of it.
            slept = funded(hold, night, NOBODY, NightState.GIVEN, "")
        await store.put_nights(tx.db, [slept])
        await self._counted.given(tx, night, await store.area_of(tx.db, hold.hotel) or "")
        return True

    async def pay(
        self, tx: Transaction, *, hotel: HotelId, month: str, funder: str | None, actor: str
    ) -> Paid:
        """Pay a hotel what one funder owes it for a month that is over; None: every funder."""
        first, last = span(month)
        if self.tonight(tx.now) <= last:
            raise MonthNotOver
        owed = [
            it.night
            for it in await store.slept(
                tx.db, first=first, last=last, hotel=hotel, funder=funder, states=[NightState.SPENT]
            )
        ]
        if not owed:
            raise NothingOwed
        for budget, mine in by_budget(owed):
            voucher = await enter(
                tx,
                Kind.PAY,
                vouchers.pay(hotel, sum(it.price_cents for it in mine)),
                actor=actor,
                budget=budget,
                hotel=hotel,
                nights=len(mine),
            )
            await store.put_nights(
                tx.db, [replace(it, state=NightState.PAID, voucher=voucher) for it in mine]
            )
        tx.record(actor, "fund.pay", f"{hotel} {month}")
        return Paid(cents=sum(it.price_cents for it in owed), nights=len(owed))

    def tonight(self, now: datetime) -> Night:
        return night_of(now, self._rollover)

    # A stay.

    async def _arrived(self, tx: Transaction, hold: Hold) -> None:
        # After six in the morning of her only night she comes for the night that was kept for her.
        last = nights(hold.first, hold.nights)[-1]
        tonight = min(max(self.tonight(tx.now), hold.first), last)
        missed = [it for it in await self._promised(tx, hold) if it.night < tonight]
        await self._give_back(tx, hold, missed)
        await self.spend(tx, hold, tonight)
        self._plan(tx, hold)

    async def _left(self, tx: Transaction, hold: Hold) -> None:
        """What was slept is spent. Tonight too, once it is too late to give the room again."""
        tonight = self.tonight(tx.now)
        late = tx.now >= datetime.combine(tonight, LATEST_OUT, PARIS)
        await self._slept(tx, hold, before=tonight + timedelta(days=late))
        await self.release(tx, hold)

    async def _rolled_over(self, tx: Transaction, task: Task, prepared: None) -> None:
        hold = await self._stays.find(tx, HoldId(task.key))
        if hold is not None and hold.state is HoldState.ARRIVED:
            await self._slept(tx, hold, before=self.tonight(tx.now))
            self._plan(tx, hold)

    async def _slept(self, tx: Transaction, hold: Hold, *, before: Night) -> None:
        """Spend the nights since she arrived: those of rollovers that were missed too."""
        since = [it.night for it in await store.nights_of(tx.db, hold.hold) if it.state in SLEPT]
        for each in nights(hold.first, hold.nights):
            if since and since[0] <= each < before:
                await self.spend(tx, hold, each)

    def _plan(self, tx: Transaction, hold: Hold) -> None:
        """Look again when tonight is over, as long as there are nights to come."""
        tonight = self.tonight(tx.now)
        if tonight <= nights(hold.first, hold.nights)[-1]:
            due = begins(tonight + timedelta(days=1), self._rollover)
            tx.schedule(NIGHT, hold.hold, due=due)

    # What these are made of.

    async def _engage(self, tx: Transaction, before: Hold | None, after: Hold) -> None:
        """Nights have come, or somebody has said who pays: what others had promised goes back."""
        if before is not None and before.budget == after.budget:
            await self.promise(tx, after, others=True)
            return
        promised = await self._promised(tx, after)
        await self._give_back(tx, after, [it for it in promised if it.budget != after.budget])
        await self.promise(tx, after)

    async def _keep(self, tx: Transaction, hold: Hold, wanted: list[Night], budget: Budget) -> int:
        cents = hold.price_cents * len(wanted)
        voucher = await enter(
            tx,
            Kind.PROMISE,
            vouchers.promise(budget.budget, cents),
            actor=hold.by,
            budget=budget.budget,
            hotel=hold.hotel,
            hold=hold.hold,
            nights=len(wanted),
        )
        await store.put_nights(
            tx.db, [funded(hold, it, budget.budget, NightState.PROMISED, voucher) for it in wanted]
        )
        return cents

    async def _budget_for(self, tx: Transaction, hold: Hold, wanted: list[Night]) -> Budget:
        """The hold's budget, or why it does not pay for these nights."""
        budget = await store.find_budget(tx.db, hold.budget or NOBODY)
        if budget is None:
            raise NotFound
        if not budget.pays_in(await store.area_of(tx.db, hold.hotel) or ""):
            raise BudgetElsewhere
        if not budget.covers(wanted[0], wanted[-1]):
            raise BudgetClosed
        if not budget.affords(hold.price_cents):
            raise NightTooDear
        return budget

    async def _promised(self, tx: Transaction, hold: Hold) -> list[FundedNight]:
        known = await store.nights_of(tx.db, hold.hold)
        return [it for it in known if it.state is NightState.PROMISED]

    async def _give_back(self, tx: Transaction, hold: Hold, promised: list[FundedNight]) -> int:
        for budget, mine in by_budget(promised):
            voucher = await enter(
                tx,
                Kind.RELEASE,
                vouchers.release(budget, sum(it.price_cents for it in mine)),
                actor=CLOCK,
                budget=budget,
                hotel=hold.hotel,
                hold=hold.hold,
                nights=len(mine),
            )
            await store.put_nights(
                tx.db, [replace(it, state=NightState.RELEASED, voucher=voucher) for it in mine]
            )
        return sum(it.price_cents for it in promised)
