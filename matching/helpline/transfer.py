"""To whom a chat may be handed on, and how it goes on from there. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from matching.helpline.choosing import has_room
from matching.helpline.errors import ChatOver, OfferOver, TargetFull, TargetOff
from matching.helpline.machine import taken
from matching.helpline.rules import OFFER_FOR
from matching.helpline.values import TALKING, Chat, Handing, Operator, Way
from realtime.kernel.ids import PersonId


def target(
    staff: Iterable[Operator],
    by: PersonId,
    way: Way,
    *,
    person: PersonId | None = None,
    skill: str | None = None,
) -> PersonId:
    """Who is asked: that person, or the best of those who have the skill; never oneself.

    ``TargetOff`` or ``TargetFull``: said at once, not after twenty seconds of waiting.
    """
    on = [it for it in staff if it.on and it.person != by]
    if person is not None:
        on = [it for it in on if it.person == person]
    if skill is not None:
        on = [it for it in on if skill in it.skills]
    if not on:
        raise TargetOff
    # Advice takes nobody's place.
    free = on if way is Way.CONSULT else [it for it in on if has_room(it)]
    if not free:
        raise TargetFull
    return min(free, key=lambda it: (it.load, it.idle_since, it.person)).person


def proposed(chat: Chat, way: Way, to: PersonId, now: datetime) -> Chat:
    """Asked of a colleague; whatever was being asked of another is not any more."""
    if chat.state not in TALKING:
        raise ChatOver
    return replace(chat, handing=Handing(way=way, to=to, until=now + OFFER_FOR))


def agreed(chat: Chat, by: PersonId, now: datetime) -> Chat:
    """The colleague says yes: hers at once when it is cold, both are there otherwise."""
    handing = _asked(chat, by)
    if handing.until is None:
        return chat
    if now >= handing.until:
        raise OfferOver
    if handing.way is Way.COLD:
        return taken(chat, by, now)
    return replace(chat, handing=replace(handing, until=None))


def refused(chat: Chat, by: PersonId) -> Chat:
    """The colleague says no, or leaves again: nothing has changed for her."""
    _asked(chat, by)
    return replace(chat, handing=None)


def finished(chat: Chat, now: datetime) -> Chat:
    """After a warm transfer the colleague has it; after advice, its operator still has."""
    handing = chat.handing
    if handing is None or not handing.joined:
        raise OfferOver
    if handing.way is Way.CONSULT:
        return replace(chat, handing=None)
    return taken(chat, handing.to, now)


def _asked(chat: Chat, by: PersonId) -> Handing:
    if chat.handing is None or chat.handing.to != by:
        raise OfferOver
    return chat.handing
