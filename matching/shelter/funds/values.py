"""Budgets, and the nights that they pay for. Pure. Money is whole cents, never a fraction."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from matching.shelter.values import BudgetId, HoldId, HotelId, Night

#: Of a budget that pays in every département.
EVERYWHERE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a funder gives, for where and when."""

    budget: BudgetId
    #: The organisation that gives it.
    funder: str
    name: str
    #: A département, or ``EVERYWHERE``.
    area: str
    #: Its first and its last night.
    first: Night
    last: Night
    #: What a night may cost at most; None: whatever it costs.
    most_cents: int | None
    opened: datetime

    def pays_in(self, area: str) -> bool:
        return self.area in (EVERYWHERE, area)

    def covers(self, first: Night, last: Night) -> bool:
        return self.first <= first and last <= self.last

    def affords(self, price_cents: int) -> bool:
        return self.most_cents is None or price_cents <= self.most_cents


class NightState(StrEnum):
    #: Kept for a hold, and for nothing else.
    PROMISED = "promised"
    #: Not needed: back in its budget.
    RELEASED = "released"
    #: Slept: owed to the hotel.
    SPENT = "spent"
    PAID = "paid"
    #: Slept, and nobody pays for it: counted, in no account.
    GIVEN = "given"


#: The budget of such a night.
NOBODY = BudgetId("")
#: Slept, whatever became of the money.
SLEPT = frozenset({NightState.SPENT, NightState.PAID, NightState.GIVEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class FundedNight:
    """One night of one hold, and what has become of its money."""

    hold: HoldId
    night: date
    budget: BudgetId
    hotel: HotelId
    price_cents: int
    state: NightState
    #: The voucher that brought it there.
    voucher: str
