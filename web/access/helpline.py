"""The helpline by chat: who may ask, answer, hand on, listen and open the line.

She has to do with her own chat only, and not even with that once she has left by the exit. Whoever
answers has to do with the chats that are theirs, offered to them, or in whose room they sit. What
is in no row is nobody's: an administrator opens no chat and reads no queue.
"""

from web.access.vocabulary import CITIZENS, EVERYONE, STAFF, Relation, Role, grant, table

HERS, MINE = Relation.OWN_CHAT, Relation.CHAT_OPERATOR
ASKED, BESIDE = Relation.CHAT_ASKED, Relation.CHAT_BESIDE
#: They listen, take over, and open or close the line.
SUPERVISORS = frozenset({Role.SUPERVISOR, Role.DUTY})

HELPLINE = table(
    {
        "line.hours": (grant(EVERYONE),),
        # Hers.
        "chat.ask": (grant(CITIZENS),),
        "chat.resume": (grant(CITIZENS),),
        "chat.state": (grant(CITIZENS, HERS),),
        "chat.leave": (grant(CITIZENS, HERS),),
        "chat.transcript": (grant(CITIZENS, HERS),),
        # Those who answer.
        "line.state": (grant(STAFF),),
        "line.duty": (grant(STAFF),),
        "chat.next": (grant(STAFF),),
        "chat.accept": (grant(STAFF, ASKED, MINE),),
        "chat.refuse": (grant(STAFF, ASKED),),
        "chat.hold": (grant(STAFF, MINE),),
        "chat.finish": (grant(STAFF, MINE),),
        "chat.wrap": (grant(STAFF, MINE),),
        "chat.transfer": (grant(STAFF, MINE),),
        "transfer.accept": (grant(STAFF, ASKED, MINE),),
        "transfer.refuse": (grant(STAFF, ASKED),),
        "transfer.finish": (grant(STAFF, MINE, ASKED),),
        "chat.interpret": (grant(STAFF, MINE), grant(SUPERVISORS)),
        # A supervisor, and whoever advises or interprets, goes as she came.
        "chat.part": (grant(STAFF, BESIDE),),
        "chat.watch": (grant(SUPERVISORS),),
        "chat.join": (grant(SUPERVISORS),),
        "chat.take": (grant(SUPERVISORS),),
        "line.set": (grant(SUPERVISORS),),
        "line.offices": (grant(SUPERVISORS),),
        "line.figures": (grant(SUPERVISORS),),
        "operator.set": (grant(SUPERVISORS),),
        # A field of line.state: every conversation under way, and who has it.
        "line.talks": (grant(SUPERVISORS),),
    }
)
