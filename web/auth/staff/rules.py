"""What is allowed to whom, how long a proof is fresh, and when a door stops listening. Pure."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from web.access.vocabulary import Role
from web.auth.staff.values import Member, OrganisationKind

HELPLINE = OrganisationKind.HELPLINE

#: What one may be in an organisation of each kind.
ROLES: Mapping[OrganisationKind, frozenset[Role]] = {
    HELPLINE: frozenset({Role.OPERATOR, Role.SUPERVISOR, Role.DUTY, Role.ADMIN}),
    OrganisationKind.ASSOCIATION: frozenset({Role.ASSOCIATION}),
    OrganisationKind.HOTEL: frozenset({Role.DESK}),
    OrganisationKind.FUNDER: frozenset({Role.FUNDER}),
}
#: Whom a supervisor does not make, nor remove: only an administrator does. A duty officer unlocks
#: addresses for supervisors, who would else unlock themselves under another name.
ABOVE = frozenset({Role.SUPERVISOR, Role.DUTY, Role.ADMIN})

INVITATION_LIFE = timedelta(hours=48)
CHALLENGE_LIFE = timedelta(minutes=2)
DESK_LINK_LIFE = timedelta(hours=24)
#: How long "she has just shown her key" is true of a session.
STEPPED_FOR = timedelta(minutes=5)
#: What somebody at a desk is given, and a tablet.
SHIFT_LIFE = timedelta(hours=8)
TABLET_LIFE = timedelta(days=90)
#: Wrong answers before nobody is listened to for a while.
MOST_WRONG = 5
LOCKED_FOR = timedelta(minutes=15)
#: More keys than anybody carries.
MOST_KEYS = 10
PIN_FIGURES = 6


def fits(kind: OrganisationKind, role: Role) -> bool:
    """Whether one can be that in such an organisation.

    >>> fits(OrganisationKind.HOTEL, Role.DESK), fits(OrganisationKind.HOTEL, Role.ADMIN)
    (True, False)
    """
    return role in ROLES[kind]


def may_invite(by: Member, role: Role, kind: OrganisationKind, *, own: bool) -> bool:
    """Whether a member may make somebody ``role`` in an organisation, which may be her ``own``."""
    if by.tablet or not fits(kind, role):
        return False
    match by.role:
        case Role.ADMIN:
            return True
        case Role.SUPERVISOR:
            return role not in ABOVE
        case Role.ASSOCIATION | Role.DESK | Role.FUNDER:
            return own and role is by.role
        case _:
            return False


def may_found(by: Member, kind: OrganisationKind) -> bool:
    """Whether a member may bring in an organisation that was not there."""
    return by.role is Role.ADMIN or (by.role is Role.SUPERVISOR and kind is not HELPLINE)


def may_remove(by: Member, other: Member) -> bool:
    """Whether a member may end another's account. Nobody ends her own: she would be locked out."""
    if by.person == other.person:
        return False
    return by.role is Role.ADMIN or (by.role is Role.SUPERVISOR and other.role not in ABOVE)


def is_fresh(stepped: datetime | None, now: datetime) -> bool:
    """Whether a key was shown so recently that an address may be opened."""
    return stepped is not None and now - stepped < STEPPED_FOR


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong answers in a row, and until when none is listened to."""

    wrong: int = 0
    locked: datetime | None = None

    def listens(self, now: datetime) -> bool:
        return self.locked is None or self.locked <= now

    def missed(self, now: datetime) -> "Tries":
        """After one more wrong answer.

        >>> from datetime import UTC
        >>> now = datetime(2026, 11, 25, tzinfo=UTC)
        >>> Tries(3).missed(now).locked, Tries(4).missed(now).locked - now == LOCKED_FOR
        (None, True)
        """
        wrong = self.wrong + 1
        return Tries(0, now + LOCKED_FOR) if wrong >= MOST_WRONG else Tries(wrong)


def is_weak_pin(pin: str) -> bool:
    """Whether it is among the first that anybody would try.

    >>> is_weak_pin("111111"), is_weak_pin("234567"), is_weak_pin("121212"), is_weak_pin("640917")
    (True, True, True, False)
    """
    figures = [int(it) for it in pin]
    steps = {(after - before) % 10 for before, after in pairwise(figures)}
    repeats = pin in {pin[:1] * len(pin), pin[:2] * (len(pin) // 2), pin[:3] * (len(pin) // 3)}
    return repeats or steps in ({1}, {9})


def counts_up(before: int, after: int) -> bool:
    """Whether a key's own count of its uses is credible; a copy of it would be behind.

    Keys that do not count say 0 for ever.

    >>> counts_up(4, 5), counts_up(5, 5), counts_up(5, 4), counts_up(0, 0), counts_up(5, 0)
    (True, False, False, True, False)
    """
    return after > before or (before == 0 and after == 0)


def matching_step(code: str, near: Mapping[int, str], last: int | None) -> int | None:
    """Which of the moments near now has this code, if it has not been used, nor a later one.

    Every code is compared whole, so that the time this takes says nothing.
    """
    found: int | None = None
    for step, expected in near.items():
        if same(code, expected) and (last is None or step > last):
            found = step
    return found


def same(one: str, other: str) -> bool:
    """Equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
