"""Lines and stops: public knowledge, for whoever is signed in; the map of a network for staff."""

from web.access.vocabulary import SIGNED_IN, STAFF, Role, grant, table

TRANSIT = table(
    {
        "transit.place": (grant(SIGNED_IN),),
        "transit.lines": (grant(SIGNED_IN),),
        "transit.stops": (grant(SIGNED_IN),),
        "transit.map": (grant(STAFF | {Role.ADMIN}),),
    }
)
