"""Requests for help and their offers: who may do what.

The exact place and the note are fields with rows of their own, because the same command answers
people who may know them and people who may not (DESIGN 4.4, 7).
"""

from web.access.vocabulary import CITIZENS, STAFF, Relation, grant, table

HERS, ACCEPTED, OFFERED = Relation.HERS, Relation.ACCEPTED, Relation.OFFERED

ALERTS = table(
    {
        "help.raise": (grant(CITIZENS),),
        "help.state": (grant(CITIZENS, HERS, OFFERED, ACCEPTED), grant(STAFF)),
        "help.cancel": (grant(CITIZENS, HERS),),
        "help.close": (grant(CITIZENS, HERS), grant(STAFF)),
        "help.release": (grant(CITIZENS, HERS), grant(STAFF)),
        # Fields of help.state.
        "alert.place": (
            grant(CITIZENS, HERS, Relation.PAIRED, Relation.RELEASED),
            grant(STAFF),
        ),
        "alert.note": (
            grant(CITIZENS, HERS, Relation.PAIRED, Relation.RELEASED),
            grant(STAFF),
        ),
        "alert.helpers": (grant(CITIZENS, HERS), grant(STAFF)),
        "alert.room": (grant(CITIZENS, HERS, ACCEPTED), grant(STAFF)),
        # The stream of one alert.
        "alert.listen": (
            grant(CITIZENS, HERS, ACCEPTED, Relation.CAME),
            grant(STAFF),
        ),
        # Offers.
        "offer.received": (grant(CITIZENS, Relation.OFFERED_TO),),
        "offer.seen": (grant(CITIZENS, Relation.OFFERED_TO),),
        "offer.accept": (grant(CITIZENS, Relation.OFFERED_TO),),
        "offer.decline": (grant(CITIZENS, Relation.OFFERED_TO),),
        "offer.arrived": (grant(CITIZENS, Relation.OFFERED_TO),),
    }
)
