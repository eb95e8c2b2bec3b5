"""What can be seen of the money, in one reading: budgets, months, entries, the audit."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from matching.shelter.funds import store
from matching.shelter.funds.books import store as books
from matching.shelter.funds.forecast import Forecast, Spent, dry_on
from matching.shelter.funds.messages import BudgetView, Entries, Entry, FundState, MonthOwed
from matching.shelter.funds.months import month_of, span
from matching.shelter.funds.rules import ENTRIES, LOOK_BACK, MONTHS
from matching.shelter.funds.statement import Line, Statement
from matching.shelter.funds.values import EVERYWHERE, Budget, NightState
from matching.shelter.funds.vouchers import (
    Balances,
    Books,
    audited,
    granted,
    left_in,
    promised,
)
from matching.shelter.night import night_of, nights
from matching.shelter.rules import GOAL_NIGHTS
from matching.shelter.values import BudgetId, HotelId, Night, Wanted
from realtime.ledger import Reading

#: For each budget, what each night cost it: rooms and cents.
Spending = Mapping[BudgetId, Mapping[date, tuple[int, int]]]


class Looking:
    """The part of ``Funds`` that changes nothing."""

    def tonight(self, now: datetime) -> Night:
        return night_of(now)

    async def pick(
        self, reading: Reading, wanted: Wanted, area: str, now: datetime, *, price_cents: int = 1
    ) -> Budget | None:
        """Who could pay for these nights: the narrowest budget, then the one that ends soonest."""
        return await self._payer(reading, nights(wanted.first, wanted.nights), area, price_cents)

    async def budget(self, reading: Reading, budget: BudgetId) -> Budget | None:
        return await store.find_budget(reading.db, budget)

    async def audit(self, reading: Reading) -> Books:
        """Whether all balances: asked every few minutes, and at the end of every proof."""
        return audited(await books.kept_accounts(reading.db), await books.posted(reading.db))

    async def balance(self, reading: Reading) -> int:
        """All postings together: 0."""
        return (await self.audit(reading)).total

    async def state(self, reading: Reading, funder: str | None, *, nights_given: int) -> FundState:
        """Budgets and what hotels have earned: one funder's, or everybody's."""
        tonight = self.tonight(reading.now)
        found = await store.budgets(reading.db, funder)
        names = [it.budget for it in found]
        cents = await books.balances(
            reading.db, [make(it) for it in names for make in (granted, left_in, promised)]
        )
        spent = await store.spending(
            reading.db, names, tonight - timedelta(days=LOOK_BACK), tonight - timedelta(days=1)
        )
        paid = await store.paid_from(reading.db, names)
        views = [
            _view(each, cents, paid.get(each.budget, 0), self._outlook(each, cents, spent, tonight))
            for each in found
        ]
        return FundState(
            budgets=views,
            months=await self._months(reading, funder, tonight),
            mine=funder is not None,
            nights_given=nights_given,
            goal=GOAL_NIGHTS,
            night=tonight,
        )

    async def entries(self, reading: Reading, budget: BudgetId, before: str | None) -> Entries:
        """A page of a budget's vouchers, the newest first."""
        found = await books.entries(reading.db, budget, before=before, limit=ENTRIES + 1)
        lines = [
            Entry(
                voucher=row.voucher,
                kind=row.kind,
                at=row.at,
                cents=int(row.cents),
                nights=row.nights,
                hotel=row.hotel,
            )
            for row in found[:ENTRIES]
        ]
        return Entries(entries=lines, more=len(found) > ENTRIES)

    async def statement(
        self, reading: Reading, *, hotel: HotelId, month: str, funder: str | None
    ) -> Statement:
        """What a hotel has earned in a month, from one funder or from all."""
        first, last = span(month)
        found = await store.slept(reading.db, first=first, last=last, hotel=hotel, funder=funder)
        place = _place(await store.communes(reading.db, [hotel]), hotel)
        return Statement(hotel, place, month, [Line(it.night, it.budget) for it in found])

    async def _payer(
        self, reading: Reading, stay: Sequence[Night], area: str, price_cents: int
    ) -> Budget | None:
        found = await store.paying(reading.db, [EVERYWHERE, area], stay[0], stay[-1])
        able = [
            budget
            for budget, left in found
            if left >= price_cents * len(stay) and budget.affords(price_cents)
        ]
        able.sort(key=lambda it: (it.area == EVERYWHERE, it.last, it.budget))
        return able[0] if able else None

    def _outlook(
        self, budget: Budget, cents: Balances, spent: Spending, tonight: Night
    ) -> Forecast:
        return dry_on(
            cents.get(left_in(budget.budget), 0),
            {day: Spent(*of) for day, of in spent.get(budget.budget, {}).items()},
            opened=max(self.tonight(budget.opened), budget.first),
            last=budget.last,
            today=tonight,
        )

    async def _months(
        self, reading: Reading, funder: str | None, tonight: Night
    ) -> list[MonthOwed]:
        first = (tonight - timedelta(days=31 * MONTHS)).replace(day=1)
        found = await store.slept(reading.db, first=first, last=tonight, funder=funder)
        sums: dict[tuple[str, HotelId], tuple[int, int, int]] = {}
        for night, _ in found:
            key = (month_of(night.night), night.hotel)
            many, owed, paid = sums.get(key, (0, 0, 0))
            if night.state is NightState.PAID:
                paid += night.price_cents
            else:
                owed += night.price_cents
            sums[key] = (many + 1, owed, paid)
        places = await store.communes(reading.db, sorted({hotel for _, hotel in sums}))
        return [
            MonthOwed(
                hotel=hotel,
                area=_place(places, hotel),
                month=month,
                nights=many,
                owed=owed,
                paid=paid,
                payable=owed > 0 and tonight > span(month)[1],
            )
            for (month, hotel), (many, owed, paid) in sorted(sums.items(), reverse=True)
        ]


def _view(budget: Budget, cents: Balances, paid: int, forecast: Forecast) -> BudgetView:
    given = -cents.get(granted(budget.budget), 0)
    kept = cents.get(promised(budget.budget), 0)
    left = cents.get(left_in(budget.budget), 0)
    return BudgetView(
        budget=budget.budget,
        name=budget.name,
        area=budget.area,
        first=budget.first,
        last=budget.last,
        granted=given,
        promised=kept,
        spent=given - kept - left,
        paid=paid,
        left=left,
        outlook=forecast.outlook,
        most_cents=budget.most_cents,
        dry_on=forecast.dry_on,
    )


def _place(places: dict[HotelId, tuple[str, str]], hotel: HotelId) -> str:
    name, area = places.get(hotel, ("?", "?"))
    return f"{name} ({area})"
