"""The states of a request for help, and what moves it from one to the next. Pure.

While it is open, its state follows from the people who come and nothing else, so that it is right
again by itself when somebody turns back. Once ended it stays ended, in the first way it was.
"""

from enum import StrEnum
from typing import assert_never

from matching.dispatch.incident import Counts, OfferState
from matching.dispatch.rules import WANTED


class AlertState(StrEnum):
    SEARCHING = "searching"
    COVERED = "covered"
    ON_SCENE = "on_scene"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


ENDED = frozenset({AlertState.CLOSED, AlertState.CANCELLED, AlertState.EXPIRED})


class Ending(StrEnum):
    #: She, or an operator: it is over.
    CLOSE = "close"
    #: She: it was not needed.
    CANCEL = "cancel"
    #: Nobody closed it in time.
    EXPIRE = "expire"


def progressed(state: AlertState, counts: Counts) -> AlertState:
    """The state that these people make."""
    if state in ENDED:
        return state
    if counts.on_scene > 0:
        return AlertState.ON_SCENE
    if counts.accepted >= WANTED:
        return AlertState.COVERED
    return AlertState.SEARCHING


def ended(state: AlertState, ending: Ending) -> AlertState:
    """How it ends; what has ended stays as it was."""
    if state in ENDED:
        return state
    match ending:
        case Ending.CLOSE:
            return AlertState.CLOSED
        case Ending.CANCEL:
            return AlertState.CANCELLED
        case Ending.EXPIRE:
            return AlertState.EXPIRED
        case _:
            assert_never(ending)


def offers_become(ending: Ending) -> OfferState:
    """What is said to those who were asked, or were coming."""
    match ending:
        case Ending.CLOSE:
            return OfferState.CLOSED
        case Ending.CANCEL:
            return OfferState.CANCELLED
        case Ending.EXPIRE:
            return OfferState.EXPIRED
        case _:
            assert_never(ending)
