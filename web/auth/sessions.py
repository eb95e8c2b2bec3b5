"""Opening, finding and ending sessions. A session is a pseudonym and a role: no e-mail, no name."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from realtime.kernel.ids import PersonId
from realtime.kernel.secret import Secret
from realtime.ledger import Reading, Transaction
from realtime.ports import Caller
from web.access.vocabulary import Role
from web.auth import store
from web.auth.tokens import hash_of, looks_like_token

#: Nobody in particular: the caller before any session.
NOBODY = Caller(PersonId(""), Role.ANYONE, "")

#: How long a session lives, whatever happens. Staff sign in for a shift; a helper's phone must ring
#: next month too, and its session opens nothing but offers made to it.
LIFETIME: Mapping[Role, timedelta] = {
    Role.CITIZEN: timedelta(days=90),
    Role.OPERATOR: timedelta(hours=10),
    Role.SUPERVISOR: timedelta(hours=10),
    Role.DUTY: timedelta(hours=24),
    Role.ADMIN: timedelta(hours=2),
    Role.ASSOCIATION: timedelta(hours=10),
    # A hotel's tablet; people at its desk are given a shift (``web.auth.staff``).
    Role.DESK: timedelta(days=90),
    Role.FUNDER: timedelta(hours=10),
    Role.NEWCOMER: timedelta(minutes=15),
}
#: Sessions ended in one transaction: everybody's commits wait meanwhile.
PRUNED_AT_ONCE = 500
#: Sessions of one person that are listed.
LISTED_MOST = 100
#: Whose work is to answer.
PEOPLE = (Role.OPERATOR, Role.SUPERVISOR, Role.DUTY, Role.ADMIN, Role.ASSOCIATION)
STAFF = (*PEOPLE, Role.DESK)
#: Sessions of staff that are known to be: beyond it, the last ones wait like anybody.
STAFF_MOST = 5_000
#: People asked about in one statement.
ASKED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Opened:
    token: Secret
    caller: Caller


class Sessions:
    def __init__(self, tokens: Callable[[], str]) -> None:
        self._tokens = tokens

    async def open(
        self,
        tx: Transaction,
        role: Role,
        *,
        lifetime: timedelta | None = None,
        person: PersonId | None = None,
        way: str = "",
        label: str = "",
        stepped: bool = False,
    ) -> Opened:
        """A session of a person, new unless one is named. The token is shown once and never kept.

        ``stepped``: a key has just been shown.
        """
        token = self._tokens()
        caller = Caller(person or PersonId(tx.ids()), role, tx.ids())
        await store.add(
            tx.db,
            token_hash=hash_of(token),
            kept=store.Kept(caller.session, caller.person, role),
            until=tx.now + (lifetime or LIFETIME[role]),
            opening=store.Opening(tx.now, way, label, tx.now if stepped else None),
        )
        return Opened(Secret(token), caller)

    async def find(self, reading: Reading, token: str) -> Caller | None:
        """Who holds this token, or None when it is unknown, ended or not a token at all."""
        if not looks_like_token(token):
            return None
        kept = await store.find(reading.db, token_hash=hash_of(token), now=reading.now)
        return None if kept is None else Caller(kept.person, kept.role, kept.id)

    async def open_among(self, reading: Reading, sessions: Collection[str]) -> frozenset[str]:
        """Those of these sessions that are open."""
        return frozenset(await store.open_among(reading.db, sessions, reading.now))

    async def urgent(self, reading: Reading, people: Sequence[PersonId]) -> list[tuple[bytes, str]]:
        """The sessions of these people and of staff: token hash and id."""
        found = []
        # Tablets apart: theirs last longest, and thousands of them would leave no place to people.
        for roles in (PEOPLE, (Role.DESK,)):
            found += await store.sessions_as(reading.db, roles, reading.now, limit=STAFF_MOST)
        for first in range(0, len(people), ASKED_AT_ONCE):
            part = people[first : first + ASKED_AT_ONCE]
            found += await store.sessions_of(reading.db, part, reading.now)
        return found

    async def openings(self, reading: Reading, person: PersonId) -> list[tuple[str, store.Opening]]:
        """The sessions of a person, by id, with how each began; the newest first."""
        return await store.openings(reading.db, person, reading.now, limit=LISTED_MOST)

    async def stepped(self, reading: Reading, session: str) -> datetime | None:
        """When a key was last shown in this session."""
        return await store.stepped(reading.db, session, reading.now)

    async def step_up(self, tx: Transaction, session: str) -> bool:
        """A key has just been shown; False when the session has ended meanwhile."""
        return await store.step_up(tx.db, session, tx.now)

    async def end_all(self, tx: Transaction, person: PersonId) -> None:
        """End every session of a person, with their sockets."""
        for _, session in await store.sessions_of(tx.db, [person], tx.now):
            await self.end(tx, session)

    async def end(self, tx: Transaction, session: str) -> None:
        """Forget a session and close its sockets, on every node."""
        await store.drop(tx.db, session)
        tx.end_session(session)

    async def prune(self, tx: Transaction) -> None:
        """End the sessions whose time is over: a socket asks for its session only once.

        Tickets nobody came with go too.
        """
        await store.drop_tickets(tx.db, tx.now)
        for session in await store.ended(tx.db, tx.now, limit=PRUNED_AT_ONCE):
            await self.end(tx, session)
