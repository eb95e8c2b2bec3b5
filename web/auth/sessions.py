"""Opening, finding and ending sessions. A session is a pseudonym and a role: no e-mail, no name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

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
}
#: Sessions ended in one transaction: everybody's commits wait meanwhile.
PRUNED_AT_ONCE = 500
#: Whose work is to answer.
STAFF = tuple(role for role in Role if role not in {Role.ANYONE, Role.CITIZEN})
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
        self, tx: Transaction, role: Role, *, lifetime: timedelta | None = None
    ) -> Opened:
        """A new person, with a new session. The token is shown once and never kept."""
        token = self._tokens()
        caller = Caller(PersonId(tx.ids()), role, tx.ids())
        await store.add(
            tx.db,
            token_hash=hash_of(token),
            session_id=caller.session,
            person=caller.person,
            role=role,
            until=tx.now + (lifetime or LIFETIME[role]),
        )
        return Opened(Secret(token), caller)

    async def find(self, reading: Reading, token: str) -> Caller | None:
        """Who holds this token, or None when it is unknown, ended or not a token at all."""
        if not looks_like_token(token):
            return None
        kept = await store.find(reading.db, token_hash=hash_of(token), now=reading.now)
        return None if kept is None else Caller(kept.person, kept.role, kept.id)

    async def is_open(self, reading: Reading, session: str) -> bool:
        return await store.is_open(reading.db, session_id=session, now=reading.now)

    async def urgent(self, reading: Reading, people: Sequence[PersonId]) -> list[tuple[bytes, str]]:
        """The sessions of these people and of staff: token hash and id."""
        found = await store.sessions_as(reading.db, STAFF, reading.now, limit=STAFF_MOST)
        for first in range(0, len(people), ASKED_AT_ONCE):
            part = people[first : first + ASKED_AT_ONCE]
            found += await store.sessions_of(reading.db, part, reading.now)
        return found

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
