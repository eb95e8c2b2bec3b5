"""Who is next: risk first, then how long she has waited; and nobody starves. Pure.

A level is worth a head start, so a chat's rank is the moment at which she asked, less that. The
rank never changes while she waits: whoever comes later than the greatest head start after her is
behind her, whatever their level. That is the ageing, without a clock.
"""

from collections.abc import Iterable
from datetime import datetime

from matching.helpline.rules import HEAD_START, INTERRUPTED
from matching.helpline.values import Chat, ChatId


def rank(asked_at: datetime, level: int) -> datetime:
    """When it is her turn, as a moment: the earliest is first."""
    return asked_at - HEAD_START[level]


def interrupted(asked_at: datetime, level: int) -> datetime:
    """The same for her whose operator has vanished: at the head."""
    return rank(asked_at, level) - INTERRUPTED


def in_order(waiting: Iterable[Chat]) -> list[Chat]:
    return sorted(waiting, key=lambda it: (it.rank, it.chat))


def places(waiting: Iterable[Chat]) -> dict[ChatId, int]:
    """Everyone's place, from 1: those who are being offered to somebody are in it."""
    return {it.chat: place for place, it in enumerate(in_order(waiting), start=1)}
