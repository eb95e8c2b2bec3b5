"""What operators see of all needs and rooms at once: shapes and communes, never who or where."""

from collections.abc import Sequence

from alerts.shelter import store
from alerts.shelter.guard.service import Guard
from alerts.shelter.messages import BoardFollowUp, BoardNeed, ShelterBoard
from alerts.shelter.need import Needs
from alerts.shelter.rules import BOARD_FOLLOWUPS, BOARD_HOTELS, BOARD_NEEDS
from alerts.shelter.showing import Showing
from alerts.shelter.values import QUEUE, Details, Need
from matching.shelter.holds.messages import NO_SHAPE
from matching.shelter.inventory.service import Inventory
from matching.shelter.night import night_of
from matching.shelter.public.service import Unmet
from matching.shelter.values import Hold
from realtime.ledger import Reading


class Board:
    def __init__(
        self, needs: Needs, inventory: Inventory, showing: Showing, guard: Guard, given: Unmet
    ) -> None:
        self._needs = needs
        self._inventory = inventory
        self._showing = showing
        self._guard = guard
        self._given = given

    async def state(self, reading: Reading) -> ShelterBoard:
        place = await reading.place(QUEUE)
        tonight = night_of(reading.now)
        hotels = await self._inventory.shown(reading, tonight, BOARD_HOTELS)
        return ShelterBoard(
            needs=await lined(
                self._needs, reading, await store.open_needs(reading.db, BOARD_NEEDS)
            ),
            rooms=[self._showing.board_rooms(of, rooms, reading) for of, rooms in hotels],
            alarms=await self._guard.alarms(reading),
            followups=[
                BoardFollowUp(hold=it.hold, need=it.need, day=it.day, at=it.at)
                for it in await store.followups(reading.db, BOARD_FOLLOWUPS)
            ],
            nights_given=await self._given.nights_given(reading),
            epoch=place.epoch,
            offset=place.offset,
        )


async def lined(needs: Needs, reading: Reading, found: Sequence[store.Sealed]) -> list[BoardNeed]:
    """Each with its shape, and the last room held for it."""
    await reading.fetch_keys([it.key for it, _ in found])
    holds = await store.last_holds(reading.db, [it.need for it, _ in found])
    return [
        _line(it, await needs.opened(reading, it, sealed), holds.get(it.need))
        for it, sealed in found
    ]


def _line(need: Need, details: Details | None, hold: Hold | None) -> BoardNeed:
    shape = NO_SHAPE if details is None else details.household.shape
    return BoardNeed(
        need=need.need,
        state=need.phase,
        first=need.first,
        nights=need.nights,
        at=need.asked_at,
        by=need.by,
        asking=need.asking,
        people=shape.people,
        cots=shape.cots,
        pets=shape.pets,
        wheelchair=shape.wheelchair,
        area=need.area,
        escalation=need.escalation,
        hold=None if hold is None else hold.hold,
        hold_state=None if hold is None else hold.state,
    )
