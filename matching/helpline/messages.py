"""What is said, unasked, about chats and lines, field for field as it travels.

No publication holds her words, her answers, why she comes first, or where she is: channels are kept
for days in the clear. Commands answer the rest, to whom it is shown at that moment.
"""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from matching.helpline.estimate import Range
from matching.helpline.figures import Figures
from matching.helpline.values import OVER, TALKING, Chat, ChatState, LineId, Way
from realtime.kernel.ids import Channel

#: What she is told of a state: who is asked for her is no business of hers, nor is a form.
Shown = Literal["waiting", "active", "held", "closed"]
HandingState = Literal["accepted", "refused", "over", "finished"]


class ChatChanged(Struct, frozen=True, omit_defaults=True, tag="chat", tag_field="type"):
    """On the visitor's ``me:#``: her chat has become this, or her place has changed."""

    chat: str
    state: Shown
    #: From 1, while she waits.
    place: int | None = None
    #: An honest range; missing when nobody can say.
    low_s: int | None = None
    high_s: int | None = None


class ChatOffered(Struct, frozen=True, omit_defaults=True, tag="chat.offer", tag_field="type"):
    """On an operator's ``me:#``: hers if she accepts before that moment."""

    chat: str
    expires_at: datetime
    #: A colleague hands it on, in this way.
    way: Way | None = None


class HandingChanged(Struct, frozen=True, omit_defaults=True, tag="transfer", tag_field="type"):
    """On the ``me:#`` of both: what became of a chat that is handed on."""

    chat: str
    state: HandingState


class ChatGone(Struct, frozen=True, omit_defaults=True, tag="chat.gone", tag_field="type"):
    """On an operator's ``me:#``: somebody else has this chat now."""

    chat: str


class ChatBeside(Struct, frozen=True, omit_defaults=True, tag="chat.beside", tag_field="type"):
    """On the ``me:#`` of an interpreter, who has a seat in that room now."""

    chat: str
    room: str
    role: str


class DutyEnded(Struct, frozen=True, omit_defaults=True, tag="duty", tag_field="type"):
    """On an operator's ``me:#``: taken off duty, and why."""

    line: str
    on: bool
    reason: Literal["missed", "silent"]


class QueueChat(Struct, frozen=True, omit_defaults=True, tag="chat", tag_field="type"):
    """On ``queue:<line>``: a chat has become this. ``line.state`` says the rest."""

    chat: str
    state: ChatState
    level: int
    language: str
    since: datetime
    #: She left by the exit: she may be in danger.
    exited: bool = False


class QueueColleague(Struct, frozen=True, omit_defaults=True, tag="colleague", tag_field="type"):
    """On ``queue:<line>``: somebody has come on duty, or gone."""

    person: str
    on: bool


class QueueOrange(Struct, frozen=True, omit_defaults=True, tag="orange", tag_field="type"):
    """On ``queue:<line>``: code orange, and nobody has answered in time."""

    chat: str


class QueueLine(Struct, frozen=True, omit_defaults=True, tag="line", tag_field="type"):
    """On ``queue:<line>``: it has been opened or closed."""

    line: str
    open: bool


class BoardFigures(Figures, frozen=True, kw_only=True, tag="figures", tag_field="type"):
    """On ``board:<line>``: how it does, the newest only."""

    handle: str


def queue_of(line: LineId) -> Channel:
    return Channel(f"queue:{line}")


def board_of(line: LineId) -> Channel:
    return Channel(f"board:{line}")


def shown(state: ChatState) -> Shown:
    """What she is told of a state.

    >>> [shown(it) for it in (ChatState.OFFERED, ChatState.HELD, ChatState.WRAP_UP)]
    ['waiting', 'held', 'closed']
    """
    if state in OVER:
        return "closed"
    if state not in TALKING:
        return "waiting"
    return "held" if state is ChatState.HELD else "active"


def changed(chat: Chat, place: int | None = None, wait: Range | None = None) -> ChatChanged:
    return ChatChanged(
        chat=chat.chat,
        state=shown(chat.state),
        place=place,
        low_s=None if wait is None else wait.low_s,
        high_s=None if wait is None else wait.high_s,
    )


def queued(chat: Chat) -> QueueChat:
    return QueueChat(
        chat=chat.chat,
        state=chat.state,
        level=chat.level,
        language=chat.language,
        since=chat.since,
        exited=chat.exited_at is not None,
    )
