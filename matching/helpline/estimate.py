"""How long she will probably wait: an honest range, or nothing. Pure.

With so many conversations at once and so long each, places come free at random moments at a known
pace: the wait for the n-th of them spreads as 1/√n. The range holds eight waits of ten; where we
cannot know (nobody is on duty), nothing is said.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil, sqrt

from matching.helpline.rules import ANSWERS_IN, OFFER_FOR

#: Of a normal distribution, what eighty per cent lie within.
EIGHT_OF_TEN = 1.2816
#: Nobody is told a wait in seconds, which would be false precision, nor one of more than this.
STEP_S, MOST_S = 60, 4 * 3600


@dataclass(frozen=True, slots=True)
class Range:
    low_s: int
    high_s: int


def expected(place: int, *, slots: int, taken: int, chat: timedelta) -> Range | None:
    """The range for whoever stands at that place, from 1.

    ``slots``: conversations that those on duty can have at once, of which ``taken`` are under way;
    ``chat``: how long one lasts.

    >>> expected(1, slots=6, taken=2, chat=timedelta(minutes=30))
    Range(low_s=0, high_s=60)
    >>> expected(3, slots=6, taken=6, chat=timedelta(minutes=30))
    Range(low_s=180, high_s=1620)
    >>> expected(1, slots=0, taken=0, chat=timedelta(minutes=30))
    """
    if slots < 1:
        return None
    ahead = place - max(0, slots - taken)
    if ahead <= 0:
        return Range(0, _up(ANSWERS_IN.total_seconds() + OFFER_FOR.total_seconds()))
    pace = chat.total_seconds() / slots
    middle, spread = ahead * pace, EIGHT_OF_TEN * sqrt(ahead) * pace
    # The first to come free is as often soon as late: an exponential, whose tail is longer.
    low = max(0.1 * pace, middle - spread)
    high = middle + spread + OFFER_FOR.total_seconds()
    return Range(int(min(low, MOST_S) // STEP_S * STEP_S), _up(min(high, MOST_S)))


def _up(seconds: float) -> int:
    return ceil(seconds / STEP_S) * STEP_S
