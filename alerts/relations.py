"""What somebody is to an alert at this moment, and whether that opens the exact place. Pure.

``web/access`` decides commands, channels and fields by these; ``help.state`` asks the same
function before it opens the seal. Whoever has turned back, is barred, or comes after the end is
nothing to the alert, like anybody who was never asked.
"""

from collections.abc import Collection
from enum import StrEnum

from matching.dispatch.incident import Mode, Offer, Ring
from matching.dispatch.rules import WANTED


class Relation(StrEnum):
    #: She raised it.
    HERS = "hers"
    #: Asked, and has not answered.
    OFFERED = "offered"
    #: Accepted, and has not turned back.
    ACCEPTED = "accepted"
    #: Accepted to call or write.
    REMOTE = "remote"
    #: Accepted to come, in public, and is not the only one.
    PAIRED = "paired"
    #: Accepted, and the exact place was opened to them by name.
    RELEASED = "released"


#: To whom the exact place and the note are open; staff too, and each look is in the audit.
SEE_PLACE = frozenset({Relation.HERS, Relation.PAIRED, Relation.RELEASED})


def hers() -> frozenset[Relation]:
    return frozenset({Relation.HERS})


def of_helper(
    offer: Offer | None, *, mode: Mode, ended: bool, coming: int, released: bool
) -> frozenset[Relation]:
    """``coming``: how many have accepted to come, this one included."""
    if offer is None or ended:
        return frozenset()
    if offer.open:
        return frozenset({Relation.OFFERED})
    if not offer.going:
        return frozenset()
    found = {Relation.ACCEPTED}
    if offer.ring is Ring.REMOTE:
        found.add(Relation.REMOTE)
    elif mode is Mode.PUBLIC and coming >= WANTED:
        found.add(Relation.PAIRED)
    if released:
        found.add(Relation.RELEASED)
    return frozenset(found)


def may_see_place(relations: Collection[Relation], *, staff: bool) -> bool:
    return staff or not SEE_PLACE.isdisjoint(relations)
