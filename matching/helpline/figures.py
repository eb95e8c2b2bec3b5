"""How the line does, in figures that name nobody. Pure.

Waits are those of everybody who waited: who left before an answer waited too, and leaving her out
would make a line that answers nobody look quick.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from msgspec import Struct

from matching.helpline.rules import NENA_SHARE, NENA_WITHIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """When one chat began, was answered and ended: nothing else of it."""

    asked_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None

    @property
    def wait(self) -> timedelta | None:
        """Until the answer, or until she left; None: she waits still."""
        until = self.answered_at or self.ended_at
        return None if until is None else until - self.asked_at


class Figures(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of the last ``hours``, and of now."""

    hours: int
    waiting: int
    #: Since when the first in the queue has waited, in seconds; None: nobody waits.
    longest_s: float | None
    talking: int
    on_duty: int
    asked: int
    answered: int
    abandoned: int
    #: Of those who have been answered or have left.
    answer_rate: float | None
    abandon_rate: float | None
    wait_p50_s: float | None
    wait_p95_s: float | None
    #: Conversations answered in an hour, over the whole time.
    per_hour: float
    #: The share answered within ``within_s`` of all that were asked, beside what NENA asks of
    #: emergency calls.
    within: float | None
    within_s: float = NENA_WITHIN.total_seconds()
    within_aim: float = NENA_SHARE


def figures(
    chats: Collection[Timed],
    now: datetime,
    *,
    hours: int,
    waiting_since: Collection[datetime],
    talking: int,
    on_duty: int,
) -> Figures:
    answered = sum(it.answered_at is not None for it in chats)
    settled = [it for it in chats if it.wait is not None]
    waits = sorted(it.wait.total_seconds() for it in settled if it.wait is not None)
    quick = sum(
        it.answered_at is not None and it.answered_at - it.asked_at <= NENA_WITHIN for it in chats
    )
    longest = min(waiting_since, default=None)
    return Figures(
        hours=hours,
        waiting=len(waiting_since),
        longest_s=None if longest is None else (now - longest).total_seconds(),
        talking=talking,
        on_duty=on_duty,
        asked=len(chats),
        answered=answered,
        abandoned=len(settled) - answered,
        answer_rate=_share(answered, len(settled)),
        abandon_rate=_share(len(settled) - answered, len(settled)),
        wait_p50_s=percentile(waits, 0.50),
        wait_p95_s=percentile(waits, 0.95),
        per_hour=round(answered / hours, 2),
        within=_share(quick, len(settled)),
    )


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """The smallest of them that so many are not above.

    >>> percentile([1.0, 2.0, 3.0, 4.0], 0.5), percentile([1.0, 9.0], 0.95), percentile([], 0.5)
    (2.0, 9.0, None)
    """
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else None


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
