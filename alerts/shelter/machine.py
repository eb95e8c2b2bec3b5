"""The states of a need for a room, and what moves it from one to the next. Pure.

While it is open, its state follows from the room held for it and nothing else, so that it is right
again by itself when a hotel declines or she does not come. Once ended it stays ended, in the first
way it was.
"""

from enum import StrEnum
from typing import assert_never

from matching.shelter.values import HoldState


class NeedPhase(StrEnum):
    #: No room is held.
    SEARCHING = "searching"
    #: A room is held; the hotel has not answered.
    HELD = "held"
    #: The hotel expects her.
    CONFIRMED = "confirmed"
    #: She is there.
    ARRIVED = "arrived"
    #: Over: she was sheltered, or is safe otherwise.
    SAFE = "safe"
    #: Over: she did not want what there was.
    DECLINED = "declined"
    #: Over: nothing was found.
    UNMET = "unmet"


ENDED = frozenset({NeedPhase.SAFE, NeedPhase.DECLINED, NeedPhase.UNMET})


class Outcome(StrEnum):
    """How a need is closed."""

    SAFE = "safe"
    DECLINED = "declined"
    UNMET = "unmet"


class Reason(StrEnum):
    """Why nothing was taken: counted, without anything personal."""

    FULL = "full"
    TOO_NEAR = "too_near"
    TOO_FAR = "too_far"
    NO_FIT = "no_fit"
    COST = "cost"
    OTHER = "other"


def progressed(phase: NeedPhase, hold: HoldState | None) -> NeedPhase:
    """The state that her last hold makes.

    >>> progressed(NeedPhase.CONFIRMED, HoldState.NO_SHOW).value
    'searching'
    """
    if phase in ENDED:
        return phase
    match hold:
        case HoldState.HELD:
            return NeedPhase.HELD
        case HoldState.CONFIRMED:
            return NeedPhase.CONFIRMED
        case HoldState.ARRIVED:
            return NeedPhase.ARRIVED
        case HoldState.LEFT:
            # She was sheltered; more is another need.
            return NeedPhase.SAFE
        case (
            HoldState.DECLINED | HoldState.EXPIRED | HoldState.CANCELLED | HoldState.NO_SHOW | None
        ):
            return NeedPhase.SEARCHING
        case _:
            assert_never(hold)


def ended(phase: NeedPhase, outcome: Outcome) -> NeedPhase:
    """How it ends; what has ended stays as it was."""
    return phase if phase in ENDED else NeedPhase(outcome.value)


def left_alone(phase: NeedPhase) -> Outcome:
    """What becomes of a need that nobody closed: whoever had arrived was sheltered."""
    return Outcome.SAFE if phase is NeedPhase.ARRIVED else Outcome.UNMET


def waits(phase: NeedPhase) -> bool:
    """Whether no hotel has said yes yet: the ladder goes on."""
    return phase in {NeedPhase.SEARCHING, NeedPhase.HELD}
