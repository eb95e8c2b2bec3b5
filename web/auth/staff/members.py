"""Members: who somebody is, who her colleagues are, and her way in."""

from collections.abc import Callable

from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction
from web.access.vocabulary import Role
from web.auth.sessions import Opened, Sessions
from web.auth.staff import store
from web.auth.staff.codes import HANDLE_LETTERS, letters, mark
from web.auth.staff.desks import store as desks
from web.auth.staff.errors import NoAccount
from web.auth.staff.keys import store as keys
from web.auth.staff.keys.totp import key_of
from web.auth.staff.rules import SHIFT_LIFE
from web.auth.staff.values import Colleague, Member, Organisation, Way

#: Colleagues that are listed.
LISTED_MOST = 500
_NAME = "staff name"


class Members:
    def __init__(self, sessions: Sessions, key: bytes, tokens: Callable[[], str]) -> None:
        self._sessions = sessions
        self._key = key
        self._tokens = tokens

    async def find(self, reading: Reading, person: PersonId) -> Member | None:
        return await store.find_member(reading.db, person)

    async def known(self, reading: Reading, person: PersonId) -> Member:
        """``NoAccount`` for whoever has none (any more)."""
        found = await store.find_member(reading.db, person)
        if found is None:
            raise NoAccount
        return found

    async def holder(self, reading: Reading, person: PersonId) -> Member:
        """The same, and a tablet is nobody: it shows no key, and acts for no one."""
        found = await self.known(reading, person)
        if found.tablet:
            raise NoAccount
        return found

    async def colleagues(self, reading: Reading, organisation: str) -> list[Colleague]:
        """All members of an organisation, tablets too; the first to join first."""
        rows = await store.members_of(reading.db, organisation, limit=LISTED_MOST)
        people = [member.person for member, _, _ in rows]
        keyed = await keys.keyed(reading.db, people)
        pins = await desks.with_pin(reading.db, people)
        await reading.fetch_keys([key_of(it) for it in people])
        return [
            Colleague(
                person=it.person,
                role=it.role,
                name=await _opened_name(reading, it.person, name),
                tablet=it.tablet,
                joined=joined,
                keyed=it.person in keyed,
                pin=it.person in pins,
            )
            for it, name, joined in rows
        ]

    async def join(
        self,
        tx: Transaction,
        person: PersonId,
        organisation: Organisation,
        role: Role,
        *,
        name: str | None,
    ) -> None:
        """A new member; without a name, a tablet."""
        sealed = None
        if name is not None:
            sealed = await tx.seal(key_of(person), name.encode(), context=_NAME)
        handle = letters(mark(self._key, "handle", self._tokens()), HANDLE_LETTERS)
        new = Member(person, organisation, role, handle, tablet=name is None)
        await store.add_member(tx.db, new, name=sealed, now=tx.now)

    async def enter(self, tx: Transaction, person: PersonId, way: Way, label: str) -> Opened | None:
        """A session of a member who has just shown a key; None when she is no member any more."""
        found = await store.find_member(tx.db, person)
        if found is None:
            return None
        tx.record(person, f"staff.enter.{way}", person)
        return await self._sessions.open(
            tx,
            found.role,
            lifetime=SHIFT_LIFE if found.role is Role.DESK else None,
            person=person,
            way=way,
            label=label,
            stepped=way in {Way.KEY, Way.CODE},
        )


async def _opened_name(reading: Reading, person: PersonId, sealed: bytes | None) -> str:
    if sealed is None:
        return ""
    return (await reading.open(key_of(person), sealed, context=_NAME)).decode()
