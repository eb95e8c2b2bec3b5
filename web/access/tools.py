"""What operators have at hand, and bridges: who asks, who answers, and who sees what came of it.

A bridge is asked by the operator of the chat and answered by nobody but her. What came of it is
hers: the operator sees a state and an alias; where she is, where she goes, and the id by which that
could be asked for are no fields of an operator's answer.
"""

from web.access.vocabulary import CITIZENS, STAFF, Relation, Role, grant, table

HERS, MINE, BESIDE = Relation.OWN_CHAT, Relation.CHAT_OPERATOR, Relation.CHAT_BESIDE
#: They answer for the line: its texts, its long blocks.
SUPERVISORS = frozenset({Role.SUPERVISOR, Role.DUTY})

TOOLS = table(
    {
        "reply.list": (grant(STAFF),),
        "reply.used": (grant(STAFF),),
        "reply.set": (grant(SUPERVISORS),),
        "reply.drop": (grant(SUPERVISORS),),
        "directory.find": (grant(STAFF),),
        # Small counts are hidden from all of them alike.
        "line.counts": (grant(STAFF | {Role.ADMIN}),),
        # How long, and without end, is in the rules: thirty days for an operator.
        "block.set": (grant(STAFF, MINE), grant(SUPERVISORS)),
        "block.list": (grant(STAFF),),
        "block.drop": (grant(SUPERVISORS),),
        "sheet.list": (grant(STAFF),),
        "bridge.ask": (grant(STAFF, MINE),),
        "bridge.answer": (grant(CITIZENS, HERS),),
        "bridge.list": (grant(CITIZENS, HERS), grant(STAFF, MINE, BESIDE)),
        # Fields of bridge.list: what has become of it, and what the hotel calls her…
        "bridge.outcome": (grant(CITIZENS, HERS), grant(STAFF, MINE, BESIDE)),
        "bridge.alias": (grant(CITIZENS, HERS), grant(STAFF, MINE, BESIDE)),
        # …and the need or the alert itself, which opens all the rest.
        "bridge.subject": (grant(CITIZENS, HERS),),
        "practice.list": (grant(STAFF),),
        "practice.begin": (grant(STAFF),),
    }
)
