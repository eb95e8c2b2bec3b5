"""A hotel's desk: its tablet is linked, opened, and people take their shifts on it."""

from matching.shelter.values import HotelId
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading, Transaction
from realtime.ports import Caller
from web.access.vocabulary import Role
from web.auth.sessions import Opened, Sessions
from web.auth.staff.desks.shifts import Shifts
from web.auth.staff.desks.tablets import Tablets
from web.auth.staff.errors import NoAccount, StepUpNeeded, WrongPin
from web.auth.staff.members import Members
from web.auth.staff.organisations import Organisations
from web.auth.staff.rules import TABLET_LIFE, is_fresh
from web.auth.staff.values import Issued, Way


class Desks:
    def __init__(
        self,
        ledger: Ledger,
        sessions: Sessions,
        members: Members,
        organisations: Organisations,
        *,
        tablets: Tablets,
        shifts: Shifts,
    ) -> None:
        self._ledger = ledger
        self._sessions = sessions
        self._members = members
        self._organisations = organisations
        self._tablets = tablets
        self._shifts = shifts

    async def link(self, tx: Transaction, hotel: HotelId, by: PersonId) -> Issued:
        await self._organisations.of_hotel(tx, hotel)
        return await self._tablets.link(tx, hotel, by)

    async def waits(self, reading: Reading, desk: str) -> bool:
        """Whether a link can still be opened."""
        return await self._tablets.waits(reading, desk)

    async def open(self, tx: Transaction, desk: str, code: str, label: str) -> Opened | None:
        """A session of a new tablet at a hotel's desk."""
        hotel = await self._tablets.open(tx, desk, code)
        if hotel is None:
            return None
        organisation = await self._organisations.of_hotel(tx, hotel)
        person = PersonId(tx.ids())
        await self._members.join(tx, person, organisation, Role.DESK, name=None)
        tx.record(person, "desk.open", desk)
        return await self._sessions.open(
            tx, Role.DESK, lifetime=TABLET_LIFE, person=person, way=Way.TABLET, label=label
        )

    async def set_pin(self, caller: Caller, pin: str) -> None:
        """The figures of somebody at a desk; a tablet is nobody and has none."""
        async with self._ledger.reading() as reading:
            await self._may_set(reading, caller)
        made = await self._shifts.made(caller.person, pin)

        async def keep(tx: Transaction) -> None:
            await self._may_set(tx, caller)
            await self._shifts.keep(tx, caller.person, made)

        await self._ledger.write(keep)

    async def begin_shift(self, caller: Caller, person: PersonId, pin: str, label: str) -> Opened:
        """A session of a colleague, on the tablet that calls; ``WrongPin`` for anybody else's."""
        async with self._ledger.reading() as reading:
            tablet = await self._members.known(reading, caller.person)
            other = await self._members.find(reading, person)
        if not tablet.tablet:
            raise NoAccount
        at_this_desk = other is not None and other.organisation.id == tablet.organisation.id
        # A stranger's code is compared with nobody's, and takes as long.
        await self._shifts.check(person if at_this_desk else PersonId(""), pin)
        opened = await self._ledger.write(
            lambda tx: self._members.enter(tx, person, Way.SHIFT, label)
        )
        if opened is None:
            raise WrongPin
        return opened

    async def end_shift(self, tx: Transaction, caller: Caller) -> None:
        """The tablet's own session is no shift, and goes on."""
        openings = dict(await self._sessions.openings(tx, caller.person))
        here = openings.get(caller.session)
        if here is None or here.way != Way.SHIFT:
            raise NotFound
        await self._sessions.end(tx, caller.session)

    async def forget(self, tx: Transaction, person: PersonId) -> None:
        await self._shifts.forget(tx, person)

    async def prune(self, tx: Transaction) -> None:
        await self._tablets.prune(tx)

    async def _may_set(self, reading: Reading, caller: Caller) -> None:
        await self._members.holder(reading, caller.person)
        if not is_fresh(await self._sessions.stepped(reading, caller.session), reading.now):
            raise StepUpNeeded
