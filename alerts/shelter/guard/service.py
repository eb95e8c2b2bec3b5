"""Addresses opened one at a time, counted for each person on every node; and alarms.

Whoever asks is judged under the lock of a row of their own, in the transaction that opens: two
nodes cannot both give the tenth. Each address is a line of the audit, each refusal too.
"""

from alerts.shelter.errors import AddressClosed, RevealsLocked
from alerts.shelter.guard import store
from alerts.shelter.guard.rules import Verdict, judge
from alerts.shelter.messages import AlarmSeen, BoardAlarm, HotelAddress, Unlocked
from alerts.shelter.pushes import AlarmOver, DeskAlarm, QueueAlarm
from alerts.shelter.rules import ALARMS_KEPT, BOARD_ALARMS, REVEALS_KEPT
from alerts.shelter.tally import Tally
from alerts.shelter.tokens import Tokens
from alerts.shelter.values import QUEUE, Alarm, AlarmKind
from matching.shelter.holds.service import desk_channel
from matching.shelter.inventory.service import Inventory
from matching.shelter.rules import REVEALS, REVEALS_IN
from matching.shelter.values import Address, Hold, HoldState, HotelId
from realtime.kernel.errors import AppError, NotAllowed, NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction

#: A hotel has said yes, and the stay is not over.
OPEN = frozenset({HoldState.CONFIRMED, HoldState.ARRIVED})


class Guard:
    def __init__(self, inventory: Inventory, tokens: Tokens, tally: Tally) -> None:
        self._inventory = inventory
        self._tokens = tokens
        self._tally = tally

    async def open(
        self, tx: Transaction, person: PersonId, hold: Hold, *, counted: bool
    ) -> HotelAddress | AppError:
        """The address of a hold's hotel; or an error to be answered once this is committed.

        ``counted``: by whoever opens them for others. She opens her own only.
        """
        if hold.state not in OPEN:
            raise AddressClosed
        left = await self._left(tx, person, hold.hold) if counted else None
        if counted and left is None:
            tx.record(person, "address.refused", hold.hold)
            return RevealsLocked()
        address = await self._inventory.address(tx, hold.hotel)
        if address is None:
            raise NotFound
        tx.record(person, "address.opened", hold.hold)
        self._tally.count(tx, "reveals")
        hotel = await self._inventory.hotel(tx, hold.hotel)
        if hotel is not None and hotel.canary:
            await self.alarm(tx, AlarmKind.CANARY, operator=person)
        return HotelAddress(
            hold=hold.hold,
            name=address.name,
            street=address.street,
            postcode=address.postcode,
            city=address.city,
            phone=address.phone,
            left=left,
        )

    async def desk(self, tx: Transaction, person: PersonId, hotel: HotelId) -> AppError | None:
        """Somebody opens a hotel's desk, where its name is seen: counted with the addresses.

        An error is to be answered once this is committed.
        """
        if await self._left(tx, person, f"desk:{hotel}") is not None:
            return None
        tx.record(person, "desk.refused", hotel)
        return RevealsLocked()

    async def caller(
        self, tx: Transaction, person: PersonId, alarm: str
    ) -> tuple[HotelId, Address, int] | AppError:
        """The desk that gave an alarm, and how many more this person may open: counted like it.

        An error is to be answered once this is committed.
        """
        hotel = await store.alarm_hotel(tx.db, alarm, person)
        address = None if hotel is None else await self._inventory.address(tx, hotel)
        if hotel is None or address is None:
            raise NotFound
        left = await self._left(tx, person, f"desk:{hotel}")
        if left is None:
            tx.record(person, "alarm.refused", alarm)
            return RevealsLocked()
        tx.record(person, "alarm.opened", alarm)
        self._tally.count(tx, "reveals")
        return hotel, address, left

    async def unlock(self, tx: Transaction, supervisor: PersonId, operator: PersonId) -> Unlocked:
        """Addresses open again for somebody, counted from nothing; never by themselves."""
        if supervisor == operator:
            raise NotAllowed
        if not await store.unlock(tx.db, operator):
            raise NotFound
        tx.record(supervisor, "address.unlocked", operator)
        return Unlocked(operator=operator)

    async def alarm(
        self,
        tx: Transaction,
        kind: AlarmKind,
        *,
        operator: PersonId | None = None,
        hotel: HotelId | None = None,
    ) -> Alarm:
        """Call the operators at once, and keep the alarm until somebody has it in hand.

        A desk that says again what nobody has in hand yet is heard again, and is one alarm still:
        however often one desk calls, the others stay on the board.
        """
        open_one = None if hotel is None else await store.open_alarm(tx.db, hotel, kind)
        new = Alarm(
            alarm=open_one or tx.ids(), kind=kind, at=tx.now, operator=operator, hotel=hotel
        )
        await store.forget_alarms(tx.db, tx.now - ALARMS_KEPT)
        await store.put_alarm(tx.db, new)
        tx.record(operator or "desk", f"alarm.{kind}", new.alarm)
        self._tally.count(tx, "alarms")
        tx.publish(
            QUEUE,
            QueueAlarm(
                alarm=new.alarm,
                kind=kind,
                at=new.at,
                operator=operator,
                handle=None if hotel is None else self._tokens.handle(hotel),
                locked=kind is AlarmKind.REVEALS,
            ),
        )
        if hotel is not None:
            # Its other tablet, and whoever is in the back room.
            tx.publish(desk_channel(hotel), DeskAlarm(incident=new.alarm, kind=kind))
        return new

    async def seen(self, tx: Transaction, person: PersonId, alarm: str) -> AlarmSeen:
        """Somebody has it in hand; said again, it changes nothing."""
        if await store.see_alarm(tx.db, alarm, person, tx.now):
            tx.record(person, "alarm.seen", alarm)
            tx.publish(QUEUE, AlarmOver(alarm))
        return AlarmSeen(alarm=alarm)

    async def alarms(self, reading: Reading) -> list[BoardAlarm]:
        """Those that nobody has in hand, and everybody who is locked out."""
        locked = await store.all_locked(reading.db)
        return [
            BoardAlarm(
                alarm=it.alarm,
                kind=it.kind,
                at=it.at,
                operator=it.operator,
                handle=None if it.hotel is None else self._tokens.handle(it.hotel),
                locked=it.operator in locked,
            )
            for it in await store.alarms(reading.db, BOARD_ALARMS)
        ]

    async def _left(self, tx: Transaction, person: PersonId, opens: str) -> int | None:
        """How many more somebody may open after this one; None: not this one either.

        ``opens``: the hold whose address it is, or the desk.
        """
        await store.begin_reveal(tx.db, person)
        locked = await store.locked_since(tx.db, person)
        opened = await store.opened_since(tx.db, person, tx.now - REVEALS_IN)
        verdict = judge(
            others=len(opened - {opens}),
            again=opens in opened,
            locked=locked is not None,
        )
        if verdict is Verdict.LOCK:
            await store.set_locked(tx.db, person, tx.now)
            await self.alarm(tx, AlarmKind.REVEALS, operator=person)
        if verdict is not Verdict.OPEN:
            return None
        if opens not in opened:
            # The first look counts, not the last: to look again does not keep the hour open.
            await store.forget_reveals(tx.db, person, tx.now - REVEALS_KEPT)
            await store.put_reveal(tx.db, person, opens, tx.now)
        return REVEALS - len(opened | {opens})
