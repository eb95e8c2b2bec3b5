"""Accounts of those whose work is to answer: invitations, keys, tablets, sessions.

Whom one may invite or remove depends on more than a role: ``web.auth.staff.rules`` says.
"""

from web.access.vocabulary import ACCOUNTS, EVERYONE, STAFF, Role, grant, table

#: A newcomer may enrol a key, and nothing else.
ENROLLING = ACCOUNTS | {Role.NEWCOMER}
INVITERS = frozenset({Role.SUPERVISOR, Role.ADMIN, Role.ASSOCIATION, Role.DESK, Role.FUNDER})
DESKS = frozenset({Role.DESK})

ACCOUNT = table(
    {
        "staff.invite": (grant(INVITERS),),
        "staff.accept": (grant(EVERYONE),),
        "staff.list": (grant(ACCOUNTS),),
        "staff.remove": (grant(frozenset({Role.SUPERVISOR, Role.ADMIN})),),
        # A key: enrolled by who is in, shown by who wants to be.
        "passkey.begin": (grant(ENROLLING),),
        "passkey.finish": (grant(ENROLLING),),
        "passkey.ask": (grant(EVERYONE),),
        "passkey.enter": (grant(EVERYONE),),
        "totp.begin": (grant(ENROLLING),),
        "totp.finish": (grant(ENROLLING),),
        "totp.enter": (grant(EVERYONE),),
        "stepup.ask": (grant(ACCOUNTS),),
        "stepup.finish": (grant(ACCOUNTS),),
        # One's own sessions.
        "session.list": (grant(ACCOUNTS),),
        "session.end": (grant(ACCOUNTS),),
        # A hotel's tablet, and the people who take a shift on it.
        "desk.link": (grant(STAFF | {Role.ADMIN}),),
        "desk.open": (grant(EVERYONE),),
        "shift.set": (grant(DESKS),),
        "shift.begin": (grant(DESKS),),
        "shift.end": (grant(DESKS),),
    }
)
