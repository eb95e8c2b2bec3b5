"""Where needs, answers of hotels and the tasks of shelter come in.

``following.py`` joins a hold's change with its need's, its money's, the rooms shown and the hotels
still asked, in the one transaction given. Holds, money and search know nothing of each other.
"""

from alerts.shelter import store
from alerts.shelter.accompanying import Accompanying
from alerts.shelter.board import Board
from alerts.shelter.desk import Desk
from alerts.shelter.errors import SamePerson
from alerts.shelter.following import Following
from alerts.shelter.guard.service import Guard
from alerts.shelter.hotel import Hotel
from alerts.shelter.looking import Looking
from alerts.shelter.machine import NeedPhase, Outcome, Reason, left_alone
from alerts.shelter.messages import (
    AlarmDesk,
    AlarmSeen,
    AlarmStay,
    Closed,
    FollowedUp,
    HoldView,
    HotelAddress,
    NeedAsked,
    ShelterBoard,
    Unlocked,
    Waving,
)
from alerts.shelter.need import Needs
from alerts.shelter.offering import Offering
from alerts.shelter.rules import night_wanted, second_person
from alerts.shelter.showing import Showing
from alerts.shelter.stays import Stays
from alerts.shelter.tally import Tally
from alerts.shelter.tasks import Handlers
from alerts.shelter.tokens import Tokens
from alerts.shelter.values import By, Details, Need, wanted_by
from matching.shelter.asking.service import Asking
from matching.shelter.funds.service import Funds
from matching.shelter.holds.service import Change, Holds
from matching.shelter.inventory.service import Inventory
from matching.shelter.night import night_of, nights
from matching.shelter.public.service import Unmet
from matching.shelter.rules import NIGHTS_ALONE, held_for
from matching.shelter.search.service import Search
from matching.shelter.values import (
    BudgetId,
    HoldId,
    HoldState,
    HotelId,
    NeedId,
)
from realtime.kernel.errors import AppError, Gone
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction
from realtime.tasks import Tasks


class Shelter:
    def __init__(
        self,
        *,
        inventory: Inventory,
        holds: Holds,
        asking: Asking,
        search: Search,
        funds: Funds,
        unmet: Unmet,
        tokens: Tokens,
    ) -> None:
        self._holds = holds
        self._asking = asking
        self._funds = funds
        self._unmet = unmet
        self._needs = Needs()
        self.tally = Tally()
        self._stays = Stays()
        showing = Showing(inventory, tokens)
        self._guard = Guard(inventory, tokens, self.tally)
        self._following = Following(self._needs, asking, funds, showing, self._stays, self.tally)
        self._board = Board(self._needs, inventory, showing, self._guard, unmet)
        #: What may be read of a need, and what it is to whoever asks.
        offering = Offering(holds, inventory, search)
        self.accompanying = Accompanying(self._needs)
        self.looking = Looking(self._needs, holds, asking, offering, tokens)
        #: A hotel's own page, and what it answers.
        self.desk = Desk(inventory, holds, asking, showing, self._guard)
        self.hotel = Hotel(inventory, holds, asking, self._following)

    def register(self, tasks: Tasks) -> None:
        self._holds.register(tasks, self._following.follow)
        self._asking.register(tasks, self._nobody_came)
        self._funds.register(tasks)
        Handlers(self, self._needs, self._holds, self._stays).register(tasks)

    # She, or her worker.

    async def ask(
        self,
        tx: Transaction,
        asker: PersonId,
        *,
        by: By,
        days_ahead: int,
        how_many_nights: int,
        area: str | None,
        details: Details,
    ) -> NeedAsked:
        first = nights(night_of(tx.now), days_ahead + 1)[-1]
        need = await self._needs.record(
            tx, asker, by=by, first=first, nights=how_many_nights, area=area, details=details
        )
        return NeedAsked(
            need=need.need, state=need.phase, first=first, nights=need.nights, at=need.asked_at
        )

    async def hold(
        self, tx: Transaction, actor: PersonId, need: NeedId, option: str, budget: BudgetId | None
    ) -> HoldView:
        """Keep the room that an option stands for: one at a time, or ``OptionGone``."""
        found = await self._needs.still_open(tx, need)
        details = await self._details(tx, found)
        chosen = await self.looking.chosen(tx, found, details, option)
        wanted = wanted_by(found, details, first=night_wanted(found.first, tx.now))
        payer = budget or await self._following.payer(
            tx, wanted, chosen.hotel.area, chosen.kind.price_cents
        )
        change = await self._holds.hold(
            tx,
            need=need,
            household=details.household,
            hotel=chosen.hotel.hotel,
            kind=chosen.kind.kind,
            first=wanted.first,
            nights=wanted.nights,
            minutes=int(held_for(chosen.metres).total_seconds() // 60),
            budget=payer,
            price_cents=chosen.kind.price_cents,
            by=actor,
            approved=wanted.nights <= NIGHTS_ALONE,
        )
        return await self._viewed(tx, change)

    async def extend(self, tx: Transaction, actor: PersonId, hold: HoldId) -> HoldView:
        return await self._viewed(tx, await self._holds.extend(tx, hold, actor=actor))

    async def cancel(self, tx: Transaction, actor: PersonId, hold: HoldId) -> HoldView:
        return await self._viewed(tx, await self._holds.cancel(tx, hold, actor=actor))

    async def more(self, tx: Transaction, actor: PersonId, hold: HoldId, many: int) -> HoldView:
        change = await self._holds.more(tx, hold, many, actor=actor)
        found = await self._needs.find(tx, change.after.need)
        await self._needs.longer(tx, found, change.after.nights)
        return await self._viewed(tx, change)

    async def approve(self, tx: Transaction, actor: PersonId, hold: HoldId) -> HoldView:
        """A second person's word for a long stay: not the one who asked for it."""
        found = await self.looking.found(tx, hold)
        asker = await store.asker_of(tx.db, found.need)
        if not second_person(found, asker, actor):
            raise SamePerson
        return await self._viewed(tx, await self._holds.approve(tx, hold, actor=actor))

    async def address(
        self, tx: Transaction, person: PersonId, hold: HoldId
    ) -> HotelAddress | AppError:
        """Where she goes. Her own is hers; whoever opens it for others is counted."""
        found = await self.looking.found(tx, hold)
        need = await self._needs.find(tx, found.need)
        own = need.by is By.SELF and need.asker == person
        return await self._guard.open(tx, person, found, counted=not own)

    async def desk_opened(
        self, tx: Transaction, person: PersonId, hotel: HotelId
    ) -> AppError | None:
        """Somebody gives a desk away: to learn its hotel's name is to open an address."""
        return await self._guard.desk(tx, person, hotel)

    async def wave(self, tx: Transaction, actor: PersonId, need: NeedId) -> Waving:
        """Ask hotels, the best first, a few at a time."""
        found = await self._needs.still_open(tx, need)
        if found.phase is not NeedPhase.SEARCHING:
            return Waving(need=need, state=found.phase, asking=found.asking)
        details = await self._details(tx, found)
        wanted = wanted_by(found, details, first=night_wanted(found.first, tx.now))
        await self._asking.begin(tx, need, wanted, by=actor)
        changed = await self._needs.ask_hotels(tx, found, asking=True)
        return Waving(need=need, state=changed.phase, asking=changed.asking)

    async def close(
        self,
        tx: Transaction,
        actor: str,
        need: NeedId,
        outcome: Outcome,
        reason: Reason | None = None,
    ) -> Closed:
        """It is over; closed already, it answers how. The room still held for it is given back."""
        found = await self._needs.find(tx, need)
        if found.ended:
            return Closed(need=need, state=found.phase)
        hold = await self._holds.alive_of(tx, need)
        over = await self._needs.end(tx, found, outcome, actor, hold)
        await self._asking.stop(tx, need)
        if hold is not None and hold.state is not HoldState.ARRIVED:
            # Whoever sleeps there already stays until she leaves.
            let_go = await self._holds.cancel(tx, hold.hold, actor=actor)
            await self._following.follow(tx, let_go)
        if outcome is not Outcome.SAFE:
            details = await self._details(tx, found)
            why = reason or Reason.OTHER
            night = night_wanted(found.first, tx.now)
            await self._unmet.count(tx, details.household, found.area, night, why.value)
        return Closed(need=need, state=over.phase)

    # Operators.

    async def admit(self, tx: Transaction, actor: PersonId, hold: HoldId) -> HoldView:
        """Her code is locked, and an operator has spoken to her or to the desk: it is she."""
        return await self._viewed(tx, await self._holds.admit(tx, hold, actor=actor))

    async def followed_up(
        self, tx: Transaction, actor: PersonId, hold: HoldId, day: int, *, done: bool
    ) -> FollowedUp:
        return await self._stays.done(tx, actor, hold, day, done=done)

    async def unlock(self, tx: Transaction, actor: PersonId, operator: PersonId) -> Unlocked:
        return await self._guard.unlock(tx, actor, operator)

    async def alarm_seen(self, tx: Transaction, actor: PersonId, alarm: str) -> AlarmSeen:
        return await self._guard.seen(tx, actor, alarm)

    async def alarm_desk(
        self, tx: Transaction, actor: PersonId, alarm: str
    ) -> AlarmDesk | AppError:
        """He is there: whom to call, and whom it may be about. Counted like an address."""
        found = await self._guard.caller(tx, actor, alarm)
        if isinstance(found, AppError):
            return found
        hotel, address, left = found
        return AlarmDesk(
            alarm=alarm,
            name=address.name,
            phone=address.phone,
            left=left,
            stays=[
                AlarmStay(need=it.need, alias=it.alias, state=it.state)
                for it in await self._holds.there(tx, hotel)
            ],
        )

    def looked(self, tx: Transaction, operator: PersonId, need: str) -> None:
        """An operator has read a household: each time is a line of the audit."""
        tx.record(operator, "need.looked", need)

    async def board(self, reading: Reading) -> ShelterBoard:
        return await self._board.state(reading)

    # What follows from what.

    async def give_up(self, tx: Transaction, need: NeedId) -> None:
        """The night is over, and nobody closed it."""
        found = await self._needs.find(tx, need)
        if found.phase in (NeedPhase.SEARCHING, NeedPhase.HELD):
            await self.close(tx, "clock", need, left_alone(found.phase), Reason.FULL)

    async def _nobody_came(self, tx: Transaction, need: NeedId) -> None:
        """All waves are over, and no hotel has said yes."""
        found = await self._needs.find(tx, need)
        await self._needs.ask_hotels(tx, found, asking=False)

    async def _viewed(self, tx: Transaction, change: Change) -> HoldView:
        await self._following.follow(tx, change)
        return await self.looking.hold_view(tx, change.after)

    async def _details(self, reading: Reading, need: Need) -> Details:
        found = await self._needs.details(reading, need)
        if found is None:
            raise Gone
        return found
