"""What a search is told, and what it decides: the vocabulary of ``machine.py``. Values only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from matching.dispatch.incident import Offer, OfferId, OfferState, Ring
from realtime.kernel.ids import PersonId


class Word(Enum):
    """What a helper, or her phone, may say about an offer."""

    RECEIVED = "received"
    SEEN = "seen"
    ACCEPT = "accept"
    DECLINE = "decline"
    ARRIVED = "arrived"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody eligible, and how many cells away."""

    person: PersonId
    steps: int
    #: Has a page open; otherwise a phone that can be woken.
    live: bool = True


# Events.


@dataclass(frozen=True, slots=True)
class Step:
    """It is time to look: who could come now, nearest first."""

    near: Sequence[Candidate]
    #: The nearest at a glance, whatever the tables say of them: a second look may find others.
    more: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """Some who could be asked to call or write."""

    people: Sequence[PersonId]
    #: Others could be, after these.
    more: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    offer: OfferId
    word: Word


@dataclass(frozen=True, slots=True)
class Drop:
    """This helper is excluded from now on, and must not learn of it."""

    helper: PersonId


@dataclass(frozen=True, slots=True)
class End:
    """It is over: closed, cancelled or expired, as every offer will say."""

    state: OfferState


Event = Step | Call | Answer | Drop | End


# Decisions.


@dataclass(frozen=True, slots=True)
class Ask:
    """Make an offer, or make one ``again``: from remote to near, or after "covered"."""

    offer: OfferId
    helper: PersonId
    ring: Ring
    at: datetime
    again: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """An offer becomes this."""

    offer: Offer


@dataclass(frozen=True, slots=True)
class Widen:
    ring: int
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """Look again then."""

    at: datetime


@dataclass(frozen=True, slots=True)
class LookAfar:
    """Look, when there is time, for those who could call or write."""


@dataclass(frozen=True, slots=True)
class Rest:
    """There is nothing more to look for."""


@dataclass(frozen=True, slots=True)
class Finish:
    """The search is over."""


Decision = Ask | Change | Widen | Look | LookAfar | Rest | Finish
