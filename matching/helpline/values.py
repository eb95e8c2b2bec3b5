"""A chat, from asking to closed, and the people who answer on a line. Pure.

Nothing here says who she is or what she wrote: her words are in the room, sealed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from realtime.kernel.ids import PersonId

ChatId = NewType("ChatId", str)
#: A line's public name: ``3919``.
LineId = NewType("LineId", str)


class ChatState(StrEnum):
    #: Nobody has it.
    WAITING = "waiting"
    #: Proposed to one operator, for a few seconds.
    OFFERED = "offered"
    ACTIVE = "active"
    #: Answered; asked to wait a moment.
    HELD = "held"
    #: Over for her; its operator has a form to fill in.
    WRAP_UP = "wrap_up"
    CLOSED = "closed"


#: Nobody speaks with her yet.
UNANSWERED = frozenset({ChatState.WAITING, ChatState.OFFERED})
#: Somebody does.
TALKING = frozenset({ChatState.ACTIVE, ChatState.HELD})
#: It is on somebody's mind.
TAKING = TALKING | {ChatState.OFFERED, ChatState.WRAP_UP}
#: Over for her.
OVER = frozenset({ChatState.WRAP_UP, ChatState.CLOSED})


class Ending(StrEnum):
    """How a chat came to its end."""

    #: Its operator said goodbye.
    FINISHED = "finished"
    #: She left, after she was answered.
    LEFT = "left"
    #: She left before anybody answered.
    ABANDONED = "abandoned"
    #: She went by the exit and did not come back.
    EXITED = "exited"
    #: Too many wrong code words.
    LOCKED = "locked"


class Way(StrEnum):
    """How a chat is handed on."""

    #: To whoever accepts; the one who hands on is gone then.
    COLD = "cold"
    #: Both are in the room until the first says goodbye.
    WARM = "warm"
    #: A colleague reads along and advises; she is not told, and keeps her operator.
    CONSULT = "consult"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """A chat on its way from its operator to another."""

    way: Way
    to: PersonId
    #: Until when the other may accept; None: accepted, and in the room.
    until: datetime | None

    @property
    def joined(self) -> bool:
        return self.until is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """One visitor's conversation."""

    chat: ChatId
    line: LineId
    visitor: PersonId
    room: str
    state: ChatState
    #: 0 to 3, from her own answers (``triage.py``).
    level: int
    language: str
    asked_at: datetime
    #: When it is her turn: the earliest is first (``order.py``).
    rank: datetime
    #: When it came into this state.
    since: datetime
    offered_to: PersonId | None = None
    offer_until: datetime | None = None
    operator: PersonId | None = None
    #: When somebody answered for the first time.
    answered_at: datetime | None = None
    #: A skill that whoever is offered it must have: it was handed on to the queue for that.
    skill: str | None = None
    handing: Handing | None = None
    ending: Ending | None = None
    ended_at: datetime | None = None
    #: She left by the exit, and may be in danger; None: she is here, as far as we know.
    exited_at: datetime | None = None
    #: She is asked for a word of her own when she returns.
    has_word: bool = False
    #: Wrong words of hers since the last right one.
    wrong: int = 0
    #: A colleague learns by it: in no figure.
    practice: bool = False

    @property
    def over(self) -> bool:
        return self.state in OVER

    @property
    def next_operator(self) -> PersonId | None:
        """A colleague who has it soon, or with its operator already: not one who only advises."""
        handing = self.handing
        return None if handing is None or handing.way is Way.CONSULT else handing.to


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Somebody who answers on a line, as choosing sees them."""

    person: PersonId
    on: bool
    trainee: bool
    languages: Sequence[str]
    skills: Sequence[str]
    #: Chats they have, are offered, or are about to be handed.
    load: int
    #: Since when they have had nothing new.
    idle_since: datetime
    #: Offers in a row that they did not answer.
    missed: int = 0
