"""What a bridge may become: asked, then yes, no, or over. Pure.

It is asked by an operator and answered by nobody but her. A no is a no: it has no reason, it is no
figure, and the same may be asked again when she wishes.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from matching.helpline.bridges.errors import BridgeOver
from matching.helpline.bridges.rules import ASKED_FOR
from realtime.kernel.ids import PersonId


class Kind(StrEnum):
    #: A room for tonight (``alerts/shelter``).
    SHELTER = "shelter"
    #: People nearby (``alerts/help``).
    HELP = "help"
    #: Something to read (``sheets.py``).
    SHEET = "sheet"


class State(StrEnum):
    ASKED = "asked"
    YES = "yes"
    NO = "no"
    #: Not answered in time, or the conversation ended first.
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    bridge: str
    chat: str
    room: str
    kind: Kind
    state: State
    by: PersonId
    at: datetime
    until: datetime
    answered_at: datetime | None = None
    #: The need or the alert that came of it: hers, and not told to operators.
    subject: str | None = None


def asked(bridge: str, *, chat: str, room: str, kind: Kind, by: PersonId, now: datetime) -> Bridge:
    return Bridge(
        bridge=bridge,
        chat=chat,
        room=room,
        kind=kind,
        state=State.ASKED,
        by=by,
        at=now,
        until=now + ASKED_FOR,
    )


def answered(bridge: Bridge, *, yes: bool, now: datetime) -> Bridge:
    """After her answer; ``BridgeOver`` when there is nothing to answer any more."""
    if bridge.state is not State.ASKED or now >= bridge.until:
        raise BridgeOver
    return replace(bridge, state=State.YES if yes else State.NO, answered_at=now)


def lapsed(bridge: Bridge, now: datetime) -> Bridge:
    """Nobody waits for an answer any more; what was answered stays."""
    if bridge.state is not State.ASKED:
        return bridge
    return replace(bridge, state=State.OVER, answered_at=now)
