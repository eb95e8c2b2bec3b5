"""Organisations: found by name, by hotel, or founded by whoever invites somebody there."""

from dataclasses import dataclass

from matching.shelter.values import HotelId
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from web.auth.staff import store
from web.auth.staff.codes import mark
from web.auth.staff.errors import NoSuchHotel, NotInvitable
from web.auth.staff.rules import may_found
from web.auth.staff.values import Member, Organisation, OrganisationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """An organisation that is not there yet."""

    kind: OrganisationKind
    name: str
    hotel: HotelId | None = None


class Organisations:
    def __init__(self, key: bytes) -> None:
        self._key = key

    async def where(
        self, tx: Transaction, by: Member, asked: str, where: str | New
    ) -> Organisation:
        """The one meant by who invites; founded if she may."""
        if isinstance(where, New):
            if not may_found(by, where.kind):
                raise NotInvitable
            return await self._found(tx, self._own_id(by.person, asked), where)
        found = await store.find_organisation(tx.db, where)
        if found is None:
            raise NotInvitable
        return found

    async def named(self, tx: Transaction, new: New) -> Organisation:
        """The one of this kind and name, founded if there is none."""
        found = await store.named(tx.db, new.kind, new.name) if new.hotel is None else None
        return found or await self._found(tx, tx.ids(), new)

    async def of_hotel(self, tx: Transaction, hotel: HotelId) -> Organisation:
        """The organisation of a hotel, made by whoever needs it first; ``NoSuchHotel``."""
        found = await store.organisation_of_hotel(tx.db, hotel)
        if found is not None:
            return found
        if not await store.hotel_exists(tx.db, hotel):
            raise NoSuchHotel
        made = Organisation(tx.ids(), OrganisationKind.HOTEL, "", hotel)
        await store.found(tx.db, made, tx.now)
        # Somebody else may have been faster.
        return await store.organisation_of_hotel(tx.db, hotel) or made

    async def _found(self, tx: Transaction, name: str, new: New) -> Organisation:
        if (new.kind is OrganisationKind.HOTEL) is not (new.hotel is not None):
            raise NoSuchHotel
        if new.hotel is not None:
            return await self.of_hotel(tx, new.hotel)
        organisation = Organisation(name, new.kind, new.name)
        await store.found(tx.db, organisation, tx.now)
        return organisation

    def _own_id(self, person: PersonId, asked: str) -> str:
        """The same for the same question: whoever asks again founds nothing new."""
        return mark(self._key, "organisation", person, asked).hex()[:32]
