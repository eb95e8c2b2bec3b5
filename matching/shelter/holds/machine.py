"""What may happen to a hold, and what it becomes. Pure.

The same word said twice does the same as once; a word that comes too late is ``HoldEnded``.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto

from matching.shelter.errors import AlreadyExtended, HoldEnded, NotApproved
from matching.shelter.night import at
from matching.shelter.rules import (
    ARRIVES_BY,
    ARRIVES_FROM,
    ARRIVES_WITHIN,
    HOLD_MINUTES,
    LEAVES_BY,
    NIGHTS_ALONE,
    NIGHTS_MOST,
    NO_SHOW_AFTER,
)
from matching.shelter.values import Hold, HoldState
from realtime.kernel.errors import LimitExceeded, Malformed, NotAllowed


class Event(Enum):
    #: The hotel says yes, or no.
    CONFIRM = auto()
    DECLINE = auto()
    #: She, or her worker.
    EXTEND = auto()
    CANCEL = auto()
    ARRIVE = auto()
    LEAVE = auto()
    #: Time.
    EXPIRE = auto()
    NO_SHOW = auto()


_S, _E = HoldState, Event
#: What is not here cannot happen. A word said again leaves things as they are.
NEXT: dict[tuple[HoldState, Event], HoldState] = {
    (_S.HELD, _E.CONFIRM): _S.CONFIRMED,
    (_S.HELD, _E.DECLINE): _S.DECLINED,
    (_S.HELD, _E.EXTEND): _S.HELD,
    (_S.HELD, _E.CANCEL): _S.CANCELLED,
    (_S.HELD, _E.EXPIRE): _S.EXPIRED,
    (_S.CONFIRMED, _E.CONFIRM): _S.CONFIRMED,
    # A room may be flooded after all.
    (_S.CONFIRMED, _E.DECLINE): _S.DECLINED,
    (_S.CONFIRMED, _E.EXTEND): _S.CONFIRMED,
    (_S.CONFIRMED, _E.CANCEL): _S.CANCELLED,
    (_S.CONFIRMED, _E.ARRIVE): _S.ARRIVED,
    (_S.CONFIRMED, _E.NO_SHOW): _S.NO_SHOW,
    (_S.ARRIVED, _E.CONFIRM): _S.ARRIVED,
    (_S.ARRIVED, _E.ARRIVE): _S.ARRIVED,
    (_S.ARRIVED, _E.LEAVE): _S.LEFT,
    (_S.LEFT, _E.LEAVE): _S.LEFT,
    (_S.DECLINED, _E.DECLINE): _S.DECLINED,
    (_S.CANCELLED, _E.CANCEL): _S.CANCELLED,
    (_S.EXPIRED, _E.EXPIRE): _S.EXPIRED,
    (_S.NO_SHOW, _E.NO_SHOW): _S.NO_SHOW,
}


def state_after(state: HoldState, event: Event) -> HoldState:
    found = NEXT.get((state, event))
    if found is None:
        raise HoldEnded
    return found


def after(hold: Hold, event: Event, now: datetime) -> Hold:
    """The hold after an event; the same one when nothing changes."""
    state = state_after(hold.state, event)
    if event is Event.EXTEND:
        return _longer(hold)
    if state is hold.state:
        return hold
    if event is Event.CONFIRM:
        return _confirmed(hold, now)
    changed = replace(hold, state=state)
    return changed if changed.alive else replace(changed, ended_at=now)


def due(hold: Hold) -> datetime | None:
    """When time itself has something to say about a hold, if nobody else has."""
    match hold.state:
        case HoldState.HELD:
            return hold.expires_at
        case HoldState.CONFIRMED:
            return hold.expires_at + NO_SHOW_AFTER
        case HoldState.ARRIVED:
            return ends(hold)
        case _:
            return None


def timely(hold: Hold) -> Event | None:
    """What time says of a hold when it is due."""
    match hold.state:
        case HoldState.HELD:
            return Event.EXPIRE
        case HoldState.CONFIRMED:
            return Event.NO_SHOW
        case HoldState.ARRIVED:
            return Event.LEAVE
        case _:
            return None


def ends(hold: Hold) -> datetime:
    """Noon after the last night."""
    return at(hold.first + timedelta(days=hold.nights), LEAVES_BY)


def approved(hold: Hold, actor: str) -> Hold:
    """A second person's word for a long stay."""
    if not hold.alive:
        raise HoldEnded
    if hold.approved:
        return hold
    if actor == hold.by:
        raise NotAllowed
    return replace(hold, approved=True)


def more(hold: Hold, nights: int, actor: str) -> Hold:
    """A longer stay; past ``NIGHTS_ALONE`` it needs a second person's word (again)."""
    if nights < 1:
        raise Malformed
    if hold.state not in {HoldState.CONFIRMED, HoldState.ARRIVED}:
        raise HoldEnded
    total = hold.nights + nights
    if total > NIGHTS_MOST:
        raise LimitExceeded
    return replace(hold, nights=total, approved=total <= NIGHTS_ALONE, by=actor)


def arrives_from(hold: Hold) -> datetime:
    """From when the hotel may expect her."""
    return max(hold.held_at, at(hold.first, ARRIVES_FROM))


def arrives_until(hold: Hold) -> datetime:
    """Until when the hotel expects her: as confirmed, or as it would be were it confirmed last."""
    return hold.expires_at if hold.state is not HoldState.HELD else _window(hold, hold.expires_at)


def _confirmed(hold: Hold, now: datetime) -> Hold:
    if not hold.approved:
        raise NotApproved
    return replace(hold, state=HoldState.CONFIRMED, expires_at=_window(hold, now))


def _window(hold: Hold, now: datetime) -> datetime:
    return max(now + ARRIVES_WITHIN, at(hold.first, ARRIVES_BY))


def _longer(hold: Hold) -> Hold:
    if hold.extended:
        raise AlreadyExtended
    later = hold.expires_at + timedelta(minutes=HOLD_MINUTES)
    return replace(hold, expires_at=later, extended=True)
