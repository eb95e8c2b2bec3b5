"""What a chat becomes: a table (state, event) → state, or a refusal. Pure.

A word said twice does what it did once.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from matching.helpline.errors import ChatOver, OfferOver
from matching.helpline.order import interrupted
from matching.helpline.values import Chat, ChatState, Ending
from realtime.kernel.ids import PersonId


class Event(StrEnum):
    OFFER = "offer"
    ACCEPT = "accept"
    #: Refused, or not answered in time: to the next one.
    PASS = "pass"  # noqa: S105 - no password
    HOLD = "hold"
    RESUME = "resume"
    #: Its operator hands it back to the queue.
    RETURN = "return"
    #: Its operator's line has died.
    LOSE = "lose"
    #: Over for her, whoever ended it.
    END = "end"
    #: The form is filled in, or not waited for any more.
    WRAP = "wrap"


_S, _E = ChatState, Event
NEXT: dict[tuple[ChatState, Event], ChatState] = {
    (_S.WAITING, _E.OFFER): _S.OFFERED,
    (_S.WAITING, _E.ACCEPT): _S.ACTIVE,
    (_S.WAITING, _E.PASS): _S.WAITING,
    (_S.WAITING, _E.END): _S.CLOSED,
    (_S.OFFERED, _E.ACCEPT): _S.ACTIVE,
    (_S.OFFERED, _E.PASS): _S.WAITING,
    (_S.OFFERED, _E.END): _S.CLOSED,
    (_S.ACTIVE, _E.ACCEPT): _S.ACTIVE,
    (_S.ACTIVE, _E.HOLD): _S.HELD,
    (_S.ACTIVE, _E.RESUME): _S.ACTIVE,
    (_S.ACTIVE, _E.RETURN): _S.WAITING,
    (_S.ACTIVE, _E.LOSE): _S.WAITING,
    (_S.ACTIVE, _E.END): _S.WRAP_UP,
    (_S.HELD, _E.ACCEPT): _S.HELD,
    (_S.HELD, _E.HOLD): _S.HELD,
    (_S.HELD, _E.RESUME): _S.ACTIVE,
    (_S.HELD, _E.RETURN): _S.WAITING,
    (_S.HELD, _E.LOSE): _S.WAITING,
    (_S.HELD, _E.END): _S.WRAP_UP,
    (_S.WRAP_UP, _E.END): _S.WRAP_UP,
    (_S.WRAP_UP, _E.WRAP): _S.CLOSED,
    (_S.CLOSED, _E.END): _S.CLOSED,
    (_S.CLOSED, _E.WRAP): _S.CLOSED,
}


def state_after(state: ChatState, event: Event) -> ChatState:
    found = NEXT.get((state, event))
    if found is None:
        raise OfferOver if event in {Event.OFFER, Event.PASS} else ChatOver
    return found


def moved(chat: Chat, event: Event, now: datetime) -> Chat:
    """The chat after an event; the same one when nothing changes."""
    state = state_after(chat.state, event)
    return chat if state is chat.state else replace(chat, state=state, since=now)


def offered(chat: Chat, to: PersonId, until: datetime, now: datetime) -> Chat:
    return replace(moved(chat, Event.OFFER, now), offered_to=to, offer_until=until)


def passed(chat: Chat, now: datetime) -> Chat:
    """Nobody's again, in the same place: at the head, unless somebody more urgent came."""
    return replace(moved(chat, Event.PASS, now), offered_to=None, offer_until=None)


def accepted(chat: Chat, by: PersonId, now: datetime) -> Chat:
    """Hers from now on; ``OfferOver`` for whoever it is not offered to (any more)."""
    if chat.state in {ChatState.ACTIVE, ChatState.HELD} and chat.operator == by:
        return chat
    if chat.state is not ChatState.OFFERED or chat.offered_to != by:
        raise OfferOver
    if chat.offer_until is None or now >= chat.offer_until:
        raise OfferOver
    return taken(chat, by, now)


def taken(chat: Chat, by: PersonId, now: datetime) -> Chat:
    """Hers, whoever had it before."""
    after = moved(chat, Event.ACCEPT, now)
    return replace(
        after,
        operator=by,
        offered_to=None,
        offer_until=None,
        answered_at=chat.answered_at or now,
        handing=None,
        skill=None,
    )


def returned(chat: Chat, now: datetime, *, lost: bool, skill: str | None = None) -> Chat:
    """In the queue again, at the head; ``lost``: her operator's line has died."""
    after = moved(chat, Event.LOSE if lost else Event.RETURN, now)
    return replace(
        after,
        operator=None,
        handing=None,
        skill=skill,
        rank=interrupted(chat.asked_at, chat.level),
    )


def ended(chat: Chat, ending: Ending, now: datetime) -> Chat:
    """Over for her; how it ended is said once."""
    after = moved(chat, Event.END, now)
    if after is chat:
        return chat
    return replace(
        after, offered_to=None, offer_until=None, handing=None, ending=ending, ended_at=now
    )
