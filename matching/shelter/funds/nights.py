"""What a hold means for its nights' money, and who pays which. Pure."""

from collections.abc import Iterable
from itertools import groupby

from matching.shelter.funds.values import FundedNight, NightState
from matching.shelter.values import BudgetId, Hold, Night


def engages_more(before: Hold | None, after: Hold) -> bool:
    """Whether nights have come that somebody must pay for."""
    if before is None:
        return True
    return (
        after.nights > before.nights
        or (after.approved and not before.approved)
        or after.budget != before.budget
    )


def by_budget(money: list[FundedNight]) -> Iterable[tuple[BudgetId, list[FundedNight]]]:
    """Nights by who pays, in the order in which accounts are locked."""
    ordered = sorted(money, key=lambda it: (it.budget, it.night, it.hold))
    return [(budget, list(mine)) for budget, mine in groupby(ordered, key=lambda it: it.budget)]


def funded(
    hold: Hold, night: Night, budget: BudgetId, state: NightState, voucher: str
) -> FundedNight:
    return FundedNight(
        hold=hold.hold,
        night=night,
        budget=budget,
        hotel=hold.hotel,
        price_cents=hold.price_cents,
        state=state,
        voucher=voucher,
    )
