"""What an alert that nobody has accepted does next, and when. A table, not a timer.

Each rung is a durable task due at its moment; when it comes, ``climbs`` says whether it still
matters. If everybody who had accepted turns back, the ladder starts again from that moment.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from matching.dispatch.incident import Mode
from matching.dispatch.rules import BOARD_AFTER, DUTY_AFTER


class Rung(StrEnum):
    #: The operators' board.
    BOARD = "board"
    #: The duty officer.
    DUTY = "duty"


LADDER: tuple[tuple[timedelta, Rung], ...] = (
    (BOARD_AFTER, Rung.BOARD),
    (DUTY_AFTER, Rung.DUTY),
)


def ladder_from(alone_since: datetime) -> tuple[tuple[Rung, datetime], ...]:
    """When each rung is due for somebody alone since then."""
    return tuple((rung, alone_since + delay) for delay, rung in LADDER)


def at_once(mode: Mode) -> Rung | None:
    """The rung on which an alert starts: at a home, operators are told without waiting."""
    match mode:
        case Mode.HOME:
            return Rung.BOARD
        case Mode.PUBLIC:
            return None
        case _:
            assert_never(mode)


def climbs(*, accepted: int, ended: bool) -> bool:
    """Whether a rung that has come due must be climbed."""
    return not ended and accepted == 0


def absent(*, accepted: int, on_scene: int, ended: bool) -> bool:
    """Whether those who said that they would come are nowhere to be seen.

    >>> absent(accepted=2, on_scene=0, ended=False), absent(accepted=2, on_scene=1, ended=False)
    (True, False)
    """
    return not ended and accepted > 0 and on_scene == 0


def higher(reached: Rung | None, rung: Rung) -> Rung:
    """The ladder is not climbed down."""
    return Rung.DUTY if Rung.DUTY in (reached, rung) else rung
