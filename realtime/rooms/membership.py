"""Who a person is in a room, asked where it matters."""

from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction
from realtime.rooms import store
from realtime.rooms.errors import NotAMember, OnlyListening, RoomClosed
from realtime.rooms.store import MemberRow, RoomRow


async def member(reading: Reading, room: str, person: PersonId) -> MemberRow:
    """A present member, or ``NotAMember``: also when there is no such room."""
    found = await store.find_member(reading.db, room, person)
    if found is None or found.left is not None:
        raise NotAMember
    return found


async def one_of_staff(reading: Reading, room: str, person: PersonId) -> MemberRow:
    """A present member of the association; to the others the room beside is not there."""
    found = await member(reading, room, person)
    if not found.staff:
        raise NotAMember
    return found


async def speaker(tx: Transaction, room: str, person: PersonId) -> MemberRow:
    """Who may speak in an open room, which stays open, and they in it, until the commit."""
    # First: from here on nobody leaves, and it is not closed.
    found = await store.find_room(tx.db, room)
    return _heard(found, await member(tx, room, person))


async def says(tx: Transaction, room: str, person: PersonId, message: str) -> MemberRow:
    """The same, and this is their last message."""
    found = await store.find_room(tx.db, room)
    who = await store.says(tx.db, room, person, message, tx.now)
    if who is None:
        raise NotAMember
    return _heard(found, who)


def _heard(found: RoomRow | None, who: MemberRow) -> MemberRow:
    if found is None or found.closed is not None:
        raise RoomClosed
    if who.silent:
        raise OnlyListening
    return who


async def still_open(tx: Transaction, room: str) -> None:
    """The room stays open until the commit, or ``RoomClosed``."""
    found = await store.find_room(tx.db, room)
    if found is None or found.closed is not None:
        raise RoomClosed
