"""What a hotel answers: to a room held for somebody, and to a question asked of several."""

from alerts.shelter.following import Following
from alerts.shelter.messages import AskAnswered, HoldAnswered
from matching.shelter.asking.service import Asking
from matching.shelter.holds.service import Change, Holds
from matching.shelter.inventory.service import Inventory
from matching.shelter.rules import NIGHTS_ALONE
from matching.shelter.values import AskId, BudgetId, HoldId, HotelId, KindId
from realtime.kernel.errors import AppError, NotFound
from realtime.ledger import Transaction


class Hotel:
    def __init__(
        self, inventory: Inventory, holds: Holds, asking: Asking, following: Following
    ) -> None:
        self._inventory = inventory
        self._holds = holds
        self._asking = asking
        self._following = following

    async def confirm(self, tx: Transaction, actor: str, hold: HoldId) -> HoldAnswered:
        return await self._answered(tx, await self._holds.confirm(tx, hold, actor=actor))

    async def decline(self, tx: Transaction, actor: str, hold: HoldId, reason: str) -> HoldAnswered:
        change = await self._holds.decline(tx, hold, reason=reason, actor=actor)
        return await self._answered(tx, change)

    async def arrive(
        self, tx: Transaction, actor: str, hold: HoldId, code: str
    ) -> HoldAnswered | AppError:
        """She is at the desk; a wrong code is an error to be answered once it is counted."""
        change = await self._holds.arrive(tx, hold, code, actor=actor)
        if change.refused is not None:
            if change.after.locked:
                await self._following.locked(tx, change)
            return change.refused
        return await self._answered(tx, change)

    async def left(self, tx: Transaction, actor: str, hold: HoldId) -> HoldAnswered:
        return await self._answered(tx, await self._holds.leave(tx, hold, actor=actor))

    async def accept(
        self, tx: Transaction, actor: str, hotel: HotelId, ask: AskId, kind: KindId | None
    ) -> AskAnswered:
        """A hotel that was asked says yes: the first has her, the others are thanked."""
        asked = await self._asking.asked(tx, ask, hotel)
        payer: BudgetId | None = None
        approved = True
        if asked is not None:
            room = await self._inventory.kind(tx, kind or asked.kind)
            of = await self._inventory.hotel(tx, hotel)
            if room is None or of is None:
                raise NotFound
            payer = await self._following.payer(tx, asked.wanted, of.area, room.price_cents)
            approved = asked.wanted.nights <= NIGHTS_ALONE
        change = await self._asking.accept(
            tx, ask, hotel, kind, actor=actor, budget=payer, approved=approved
        )
        await self._following.follow(tx, change)
        return AskAnswered(ask=ask, state="accepted", hold=change.after.hold)

    async def refuse(self, tx: Transaction, actor: str, hotel: HotelId, ask: AskId) -> AskAnswered:
        await self._asking.decline(tx, ask, hotel, actor=actor)
        return AskAnswered(ask=ask, state="declined")

    async def _answered(self, tx: Transaction, change: Change) -> HoldAnswered:
        await self._following.follow(tx, change)
        return HoldAnswered(hold=change.after.hold, state=change.after.state)
