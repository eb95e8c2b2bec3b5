"""A room for tonight: who may ask, hold, look and open an address.

A citizen and a worker of an association have to do with their own needs only. Operators have to do
with all of them, and each look at a household is in the audit. Where a hotel stands is no field of
anything but ``hold.address``, and its telephone of ``alarm.desk`` too: both count, ask for a key
again, and alarm (``alerts/shelter``).
"""

from web.access.vocabulary import CITIZENS, STAFF, Relation, Role, grant, table

OWN = Relation.OWN_NEED
WORKERS = frozenset({Role.ASSOCIATION})
ASKERS = CITIZENS | WORKERS
#: They let others open addresses again.
SUPERVISORS = frozenset({Role.SUPERVISOR, Role.DUTY})

SHELTER = table(
    {
        "shelter.ask": (grant(ASKERS), grant(STAFF)),
        "shelter.state": (grant(ASKERS, OWN), grant(STAFF)),
        "shelter.options": (grant(ASKERS, OWN), grant(STAFF)),
        "shelter.hold": (grant(ASKERS, OWN), grant(STAFF)),
        "shelter.wave": (grant(ASKERS, OWN), grant(STAFF)),
        "shelter.close": (grant(ASKERS, OWN), grant(STAFF)),
        # What she asked for others, and nobody else's.
        "shelter.mine": (grant(WORKERS),),
        "shelter.board": (grant(STAFF),),
        "hold.state": (grant(ASKERS, OWN), grant(STAFF)),
        "hold.extend": (grant(ASKERS, OWN), grant(STAFF)),
        "hold.cancel": (grant(ASKERS, OWN), grant(STAFF)),
        "hold.more": (grant(ASKERS, OWN), grant(STAFF)),
        # A second person, never the one who asked.
        "hold.approve": (grant(STAFF),),
        # They have spoken to her, or to the desk, by telephone.
        "hold.admit": (grant(STAFF),),
        "hold.address": (grant(ASKERS, OWN), grant(STAFF)),
        "stay.followup": (grant(WORKERS, OWN), grant(STAFF)),
        "reveal.unlock": (grant(SUPERVISORS),),
        "alarm.seen": (grant(STAFF),),
        # A telephone leads to a hotel: it counts, asks for a key again and alarms, as an address.
        "alarm.desk": (grant(STAFF),),
        # Fields of shelter.state and shelter.options.
        "need.household": (grant(ASKERS, OWN), grant(STAFF)),
        "need.reach": (grant(ASKERS, OWN), grant(STAFF)),
        "need.escalation": (grant(STAFF),),
        "option.price": (grant(WORKERS), grant(STAFF)),
    }
)
