"""Rooms for tonight, joined: hotels, holds, questions to hotels, money, counters, and needs."""

from dataclasses import dataclass
from functools import partial

from alerts.shelter.service import Shelter
from alerts.shelter.tokens import Tokens
from matching.shelter.asking.service import Asking
from matching.shelter.funds.auditing import Auditing
from matching.shelter.funds.service import Funds
from matching.shelter.holds.service import Holds
from matching.shelter.inventory.reconciling import Reconciliation
from matching.shelter.inventory.service import Inventory
from matching.shelter.public.service import Unmet
from matching.shelter.search.service import Search
from matching.shelter.values import HoldState
from realtime.ledger import Ledger, Transaction
from realtime.tasks import Tasks
from web.durable import Durable
from web.observe import Metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheltering:
    """Everything of one installation's rooms; commands use these, and ``Services`` names them."""

    inventory: Inventory
    holds: Holds
    asking: Asking
    search: Search
    funds: Funds
    unmet: Unmet
    shelter: Shelter
    reconciliation: Reconciliation
    auditing: Auditing

    def register(self, tasks: Tasks) -> None:
        self.shelter.register(tasks)
        self.reconciliation.register(tasks)
        self.auditing.register(tasks)

    async def plan(self, tx: Transaction) -> None:
        """What begins at every start and goes on by itself."""
        await self.reconciliation.plan(tx)
        await self.auditing.plan(tx)

    def show(self, metrics: Metrics) -> None:
        """Figures that name nobody, no hotel and no place."""
        tally = self.shelter.tally
        metrics.watch(
            {
                "shelter_drift": (
                    "Rooms and holds that did not add up at the last count",
                    lambda: self.reconciliation.drift,
                ),
                "fund_drift": (
                    "What did not balance when the books were last added up",
                    lambda: self.auditing.wrong,
                ),
            }
        )
        metrics.count(
            {
                "shelter_undone": (
                    "Changes of rooms undone because they did not add up",
                    lambda: self.inventory.violations,
                ),
                "shelter_reveals": ("Addresses opened", lambda: tally.of("reveals")),
                "shelter_alarms": ("Alarms of desks and guards", lambda: tally.of("alarms")),
                **{
                    f"holds_{state}": (f"Holds that became {state}", partial(tally.of, state))
                    for state in HoldState
                },
            }
        )


def joined_shelter(durable: Durable) -> Sheltering:
    ledger: Ledger = durable.ledger
    inventory, search, unmet = Inventory(), Search(), Unmet()
    holds = Holds(inventory)
    asking = Asking(ledger, inventory, holds, search)
    funds = Funds(holds, unmet)
    return Sheltering(
        inventory=inventory,
        holds=holds,
        asking=asking,
        search=search,
        funds=funds,
        unmet=unmet,
        reconciliation=Reconciliation(ledger, inventory),
        auditing=Auditing(ledger, funds),
        shelter=Shelter(
            inventory=inventory,
            holds=holds,
            asking=asking,
            search=search,
            funds=funds,
            unmet=unmet,
            tokens=Tokens(durable.key("shelter")),
        ),
    )
