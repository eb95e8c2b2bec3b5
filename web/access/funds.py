"""Money: a funder sees and pays from budgets of their own; and what leaves here as a file."""

from web.access.vocabulary import EVERYONE, STAFF, Relation, Role, grant, table

FUNDERS = frozenset({Role.FUNDER})
#: They see every budget; an administrator may pay what is owed, for whoever gave the money.
OVERSEERS = frozenset({Role.SUPERVISOR, Role.ADMIN})

MONEY = table(
    {
        "fund.state": (grant(FUNDERS | OVERSEERS),),
        "fund.grant": (grant(FUNDERS),),
        "fund.entries": (grant(FUNDERS, Relation.OWN_BUDGET), grant(OVERSEERS)),
        "fund.pay": (grant(FUNDERS | {Role.ADMIN}),),
        # A funder's statement holds the nights of their own budgets; a hotel's, all of its own.
        "export.statement": (
            grant(FUNDERS | OVERSEERS),
            grant(frozenset({Role.DESK}), Relation.AT_DESK),
        ),
        # At the commune's point, without a name: for those who look for rooms.
        "export.rooms": (grant(STAFF | {Role.ASSOCIATION}),),
        # Counts, and nobody.
        "shelter.public": (grant(EVERYONE),),
    }
)
