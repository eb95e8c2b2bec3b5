"""What happens in transport: who may say so, answer, and judge.

Anybody says it. Whoever was told of it answers; the stream of it is for who has come. Whoever
reports it may be the one she fears, and hears of their own word alone. Operators see all of it, and
each look at what was written is in the audit.
"""

from web.access.vocabulary import CITIZENS, STAFF, VETTERS, Relation, Role, grant, table

REPORTED, CALLED, CAME = Relation.REPORTED, Relation.CALLED, Relation.CAME

WITNESS = table(
    {
        "witness.report": (grant(CITIZENS),),
        "witness.update": (grant(CITIZENS, REPORTED),),
        "witness.cancel": (grant(CITIZENS, REPORTED),),
        "witness.state": (grant(CITIZENS, REPORTED, CALLED), grant(STAFF)),
        "witness.received": (grant(CITIZENS, CALLED),),
        "witness.seen": (grant(CITIZENS, CALLED),),
        "witness.claim": (grant(CITIZENS, CALLED),),
        "witness.release": (grant(CITIZENS, CALLED),),
        "witness.decline": (grant(CITIZENS, CALLED),),
        "witness.confirm": (grant(CITIZENS, CALLED),),
        "witness.board": (grant(STAFF),),
        "witness.judge": (grant(STAFF),),
        "witness.close": (grant(STAFF),),
        # Campaigners read them beside the posters' figures.
        "witness.hotspots": (grant(STAFF | {Role.ADMIN}),),
        # They say who may help.
        "witness.agent": (grant(VETTERS),),
        # Of oneself.
        "watch.set": (grant(CITIZENS, Relation.HELPER),),
        "watch.mute": (grant(CITIZENS, Relation.HELPER),),
        "watch.unmute": (grant(CITIZENS, Relation.HELPER),),
    }
)
