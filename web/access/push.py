"""Waking phones: a helper's own devices, and how it goes."""

from web.access.vocabulary import CITIZENS, STAFF, Relation, grant, table

PUSH = table(
    {
        "push.key": (grant(CITIZENS),),
        # Whoever may not serve is not woken, and whoever is nobody's helper calls nobody's server.
        "push.subscribe": (grant(CITIZENS, Relation.HELPER),),
        "push.test": (grant(CITIZENS, Relation.HELPER),),
        # Refused since, a helper can still take a phone back.
        "push.unsubscribe": (grant(CITIZENS),),
        "push.received": (grant(CITIZENS),),
        "push.board": (grant(STAFF),),
    }
)
