"""Rooms: their members, and the association's own stream beside each room."""

from web.access.vocabulary import SIGNED_IN, STAFF, Relation, grant, table

ROOMS = table(
    {
        # Staff take a seat by opening it, and everyone in the room sees that seat.
        "room.state": (grant(SIGNED_IN, Relation.MEMBER), grant(STAFF)),
        "room.say": (grant(SIGNED_IN, Relation.MEMBER),),
        "room.edit": (grant(SIGNED_IN, Relation.MEMBER),),
        "room.read": (grant(SIGNED_IN, Relation.MEMBER),),
        "room.attach": (grant(SIGNED_IN, Relation.MEMBER),),
        "room.attachment": (grant(SIGNED_IN, Relation.MEMBER),),
        # Who of the staff answers: the others wait.
        "room.draft": (grant(STAFF, Relation.STAFF_MEMBER),),
        "note.add": (grant(STAFF, Relation.STAFF_MEMBER),),
        "note.list": (grant(STAFF, Relation.STAFF_MEMBER),),
        "room.listen": (grant(SIGNED_IN, Relation.MEMBER),),
        "room.presence": (grant(SIGNED_IN, Relation.MEMBER),),
        "staff.listen": (grant(STAFF, Relation.STAFF_MEMBER),),
        "staff.presence": (grant(STAFF, Relation.STAFF_MEMBER),),
        "looking.listen": (grant(STAFF, Relation.STAFF_MEMBER),),
        "looking.say": (grant(STAFF, Relation.STAFF_MEMBER),),
        "typing.listen": (grant(SIGNED_IN, Relation.MEMBER),),
        "typing.say": (grant(SIGNED_IN, Relation.MEMBER),),
    }
)
