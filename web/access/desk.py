"""A hotel's desk: its own rooms, the holds and questions that are for it, and no other's."""

from web.access.vocabulary import Relation, Role, grant, table

DESKS = frozenset({Role.DESK})
HERE = Relation.AT_DESK

DESK = table(
    {
        "desk.state": (grant(DESKS, HERE),),
        "desk.rooms": (grant(DESKS, HERE),),
        "desk.fresh": (grant(DESKS, HERE),),
        "desk.incident": (grant(DESKS, HERE),),
        "desk.listen": (grant(DESKS, HERE),),
        "hold.confirm": (grant(DESKS, HERE),),
        "hold.decline": (grant(DESKS, HERE),),
        "hold.arrive": (grant(DESKS, HERE),),
        "hold.left": (grant(DESKS, HERE),),
        "ask.accept": (grant(DESKS, HERE),),
        "ask.decline": (grant(DESKS, HERE),),
    }
)
