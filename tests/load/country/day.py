"""What a day is like: who moves when, when help is asked for, who comes back, who goes on duty.

Sources: requests, the rhythm of ``tests/simulation/policy/nights.py`` scaled to a peak of 2,000 an
hour. Movement: people are on their way for about an hour a day, mostly by car (SDES, mobility
survey of 2019, in round figures); how that hour lies in the day is an assumption, and so are
``COMES_BACK`` and ``CHANGES``. All are arguments of what follows, none is measured.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

from tests.load.country.cadence import Moves
from tests.simulation.policy.nights import FLOOR, PEAK_S, WIDE_S

HOURS = range(24)
#: Of everybody's phones, those on their way in each hour, in hundredths: an hour a day in all.
ON_THEIR_WAY = (
    0.6, 0.4, 0.3, 0.3, 0.5, 1.5, 3.5, 8.0, 8.5, 5.0, 4.5, 5.0,
    6.5, 6.0, 5.0, 5.0, 7.5, 11.0, 10.0, 5.5, 3.0, 2.0, 2.0, 1.2,
)  # fmt: skip
#: How they go, as shares of that time.
WAYS = {Moves.WALKS: 0.25, Moves.DRIVES: 0.63, Moves.RIDES: 0.12}
#: The evening's nights of the policy simulator begin then.
_EVENING = 18.0
#: Requests in France in the busiest hour.
PEAK_REQUESTS = 2_000.0
#: A phone's socket is lost, and made anew, so often in an hour: tunnels, lifts, pages that sleep.
COMES_BACK = 1.0
#: Goes on duty, and off, once a day each; of those changes, the share in the busiest hour.
CHANGES, BUSIEST = 2.0, 0.12


@dataclass(frozen=True, slots=True)
class Hour:
    at: int
    #: Of all phones.
    moves: Mapping[Moves, float]
    #: A second, in the whole country; and a second for each phone.
    requests: float
    returns: float
    duties: float


def hour(at: int) -> Hour:
    on_their_way = ON_THEIR_WAY[at] / 100
    moves = {Moves.STILL: 1 - on_their_way} | {
        how: on_their_way * share for how, share in WAYS.items()
    }
    busy = ON_THEIR_WAY[at] / max(ON_THEIR_WAY)
    return Hour(
        at,
        moves,
        requests=PEAK_REQUESTS / 3600 * asked(at + 0.5),
        returns=COMES_BACK / 3600,
        duties=CHANGES * BUSIEST / 3600 * busy,
    )


def asked(at: float) -> float:
    """How busy an hour is with requests, the busiest being 1.

    >>> round(asked(22.5), 2), asked(22.5) > asked(18) > asked(10)
    (1.0, True)
    """
    away = min(abs(at - _EVENING - PEAK_S / 3600 + turn) for turn in (-24, 0, 24))
    return (FLOOR + exp(-((away * 3600 / WIDE_S) ** 2))) / (FLOOR + 1)
