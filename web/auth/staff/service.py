"""Who has an account, in which organisation, and how one is made, entered and ended.

What may fail without having been for nothing (a try is counted, a challenge is spent) answers None
instead of raising, so that it is committed; the command then returns a refusal.
"""

from collections.abc import Callable

from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading, Transaction
from realtime.ports import Caller
from web.access.vocabulary import Role
from web.auth.sessions import Opened, Sessions
from web.auth.staff import store
from web.auth.staff.codes import INVITATION_LETTERS, grouped, letters, mark, plain
from web.auth.staff.desks.service import Desks
from web.auth.staff.desks.shifts import Shifts
from web.auth.staff.desks.tablets import Tablets
from web.auth.staff.errors import InvitationSpent, NotInvitable, StepUpNeeded
from web.auth.staff.keys.passkeys import Passkeys
from web.auth.staff.keys.totp import Totps, key_of
from web.auth.staff.members import LISTED_MOST, Members
from web.auth.staff.organisations import New, Organisations
from web.auth.staff.rules import INVITATION_LIFE, fits, is_fresh, may_invite, may_remove
from web.auth.staff.values import Colleague, Invitation, Issued, Member, Organisation, Way


class Staff:
    def __init__(
        self,
        ledger: Ledger,
        sessions: Sessions,
        passkeys: Passkeys,
        *,
        key: bytes,
        tokens: Callable[[], str],
    ) -> None:
        """``key`` is this deployment's, for marks; ``tokens`` gives random text."""
        self._sessions = sessions
        self._key = key
        self._members = Members(sessions, key, tokens)
        self._organisations = Organisations(key)
        self.passkeys = passkeys
        self.totps = Totps()
        self.desks = Desks(
            ledger,
            sessions,
            self._members,
            self._organisations,
            tablets=Tablets(key, tokens),
            shifts=Shifts(ledger, key),
        )

    # Who somebody is.

    async def member(self, reading: Reading, person: PersonId) -> Member:
        """``NoAccount`` for whoever has none (any more)."""
        return await self._members.known(reading, person)

    async def holder(self, reading: Reading, person: PersonId) -> Member:
        """The same, for what a tablet cannot do."""
        return await self._members.holder(reading, person)

    async def organisation_of(self, reading: Reading, person: PersonId) -> Organisation | None:
        found = await self._members.find(reading, person)
        return None if found is None else found.organisation

    async def colleagues(self, reading: Reading, organisation: str) -> list[Colleague]:
        """All members of an organisation, tablets too; the first to join first."""
        return await self._members.colleagues(reading, organisation)

    async def organisations(self, reading: Reading) -> list[Organisation]:
        """All but hotels: a list of those would be a list of where she may be."""
        return await store.organisations(reading.db, limit=LISTED_MOST)

    async def person_called(self, reading: Reading, handle: str) -> PersonId | None:
        found = await store.member_with_handle(reading.db, handle)
        return None if found is None else found.person

    # What she has just shown.

    async def stepped_up(self, reading: Reading, session: str) -> bool:
        """Whether a key or a code was shown in this session within the last five minutes."""
        return is_fresh(await self._sessions.stepped(reading, session), reading.now)

    async def ask_step_up(self, reading: Reading, session: str) -> None:
        """Return, or raise ``StepUpNeeded``."""
        if not await self.stepped_up(reading, session):
            raise StepUpNeeded

    async def step_up(self, tx: Transaction, caller: Caller, shown: PersonId | None) -> bool:
        """Whether what was ``shown`` is the caller's own; for five minutes, it then is fresh."""
        if shown != caller.person or not await self._sessions.step_up(tx, caller.session):
            return False
        tx.record(caller.person, "staff.stepup", caller.person)
        return True

    # Becoming a member, and coming in.

    async def invite(
        self,
        tx: Transaction,
        caller: Caller,
        asked: str,
        *,
        role: Role,
        where: str | New | None,
    ) -> Issued:
        """Invite somebody, to one's own organisation unless another is named or founded.

        Asking again under the same name (``asked``) gives the same code.
        """
        by = await self.holder(tx, caller.person)
        await self.ask_step_up(tx, caller.session)
        organisation = by.organisation
        if where is not None:
            organisation = await self._organisations.where(tx, by, asked, where)
        own = organisation.id == by.organisation.id
        if not may_invite(by, role, organisation.kind, own=own):
            raise NotInvitable
        return await self._issue(tx, by.person, asked, role, organisation)

    async def invite_from_here(
        self, tx: Transaction, by: PersonId, asked: str, *, role: Role, new: New
    ) -> Issued:
        """The same for the command line, which may do anything: how the first account is made."""
        if not fits(new.kind, role):
            raise NotInvitable
        organisation = await self._organisations.named(tx, new)
        return await self._issue(tx, by, asked, role, organisation)

    async def accept(self, tx: Transaction, code: str, name: str, label: str) -> Opened:
        """Become a member: for a quarter of an hour, to enrol a key, and nothing else."""
        person = PersonId(tx.ids())
        taken = await store.take_invitation(tx.db, self._mark(plain(code)), person, tx.now)
        if taken is None:
            raise InvitationSpent
        organisation = await store.find_organisation(tx.db, taken.organisation)
        if organisation is None:
            raise InvitationSpent
        await self._members.join(tx, person, organisation, taken.role, name=name)
        tx.record(person, "staff.accept", organisation.id)
        return await self._sessions.open(
            tx, Role.NEWCOMER, person=person, way=Way.INVITATION, label=label
        )

    async def enter(self, tx: Transaction, person: PersonId, way: Way, label: str) -> Opened | None:
        """A session of a member who has just shown a key; None when she is no member any more."""
        return await self._members.enter(tx, person, way, label)

    async def admit(self, tx: Transaction, caller: Caller, way: Way, label: str) -> Opened | None:
        """A newcomer has a key now: her first session ends, her own begins."""
        await self._sessions.end(tx, caller.session)
        return await self.enter(tx, caller.person, way, label)

    # Ceasing to be one.

    async def remove(self, tx: Transaction, caller: Caller, person: PersonId) -> None:
        """End an account: its keys, its sessions and their sockets, its name."""
        by = await self.holder(tx, caller.person)
        await self.ask_step_up(tx, caller.session)
        other = await self._members.find(tx, person)
        if other is None or not may_remove(by, other):
            raise NotFound
        if await store.remove_member(tx.db, person, tx.now):
            await self.passkeys.forget(tx, person)
            await self.desks.forget(tx, person)
            await store.drop_invitations_by(tx.db, person)
            await self._sessions.end_all(tx, person)
            await tx.shred(key_of(person))
            tx.record(by.person, "staff.remove", person)

    async def prune(self, tx: Transaction) -> None:
        """Forget what is worth nothing any more."""
        await self.passkeys.prune(tx)
        await self.desks.prune(tx)
        await store.drop_invitations(tx.db, tx.now)

    async def _issue(
        self, tx: Transaction, by: PersonId, asked: str, role: Role, organisation: Organisation
    ) -> Issued:
        # Made from the question, so that nothing has to be kept for who asks twice.
        code = letters(mark(self._key, "invitation", by, asked), INVITATION_LETTERS)
        new = Invitation(organisation.id, role, tx.now + INVITATION_LIFE)
        await store.add_invitation(tx.db, tx.ids(), new, mark=self._mark(code), by=by)
        kept = await store.find_invitation(tx.db, self._mark(code)) or new
        tx.record(by, f"staff.invite.{role}", organisation.id)
        return Issued(grouped(code), f"/equipe#{grouped(code)}", kept.until)

    def _mark(self, code: str) -> bytes:
        return mark(self._key, "code", code)
