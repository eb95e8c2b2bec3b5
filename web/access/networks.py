"""Transport networks: who reads them, who sets them, who tells travellers, what anyone reads."""

from web.access.vocabulary import CITIZENS, EVERYONE, STAFF, Role, grant, table

ADMINS = frozenset({Role.ADMIN})
#: Whoever travels, and whoever answers them.
EVERYBODY_HERE = CITIZENS | STAFF | ADMINS
#: They answer for what leaves here.
SUPERVISORS = frozenset({Role.SUPERVISOR, Role.DUTY})

NETWORKS = table(
    {
        "network.list": (grant(EVERYBODY_HERE),),
        "network.set": (grant(ADMINS),),
        "network.hooks": (grant(ADMINS | SUPERVISORS),),
        "network.retry": (grant(ADMINS),),
        # A decision, never a reflex: nobody else says anything to travellers.
        "service.alert": (grant(SUPERVISORS),),
        "service.end": (grant(SUPERVISORS),),
        "service.alerts": (grant(STAFF | ADMINS),),
        "warning.list": (grant(EVERYBODY_HERE),),
        # Read by anybody's program: the feed, its messages, and service alerts.
        "feed.atom": (grant(EVERYONE),),
        "feed.cap": (grant(EVERYONE),),
        "feed.transit": (grant(EVERYONE),),
    }
)
