"""Whether two phones on one line are in one vehicle, of where each of them was last. Pure.

What both told is of two moments: one of them may be in a tunnel since. In between the vehicle has
gone on as its kind goes, or has stood, or has made up for it; the longer, the less is known. One
that the network's feed names on both sides is that one and no other.
"""

from datetime import timedelta

from alerts.witness.rules import (
    ALONG_ERROR_M,
    LENGTH_M,
    LENGTH_USUAL_M,
    SPEED_MS,
    SPEED_USUAL_MS,
    STOOD_M,
    UNSTEADY,
)
from geo.transit.values import Ride


def astray_m(
    here: Ride, there: Ride, apart_m: float | None, *, mode: str, within: timedelta
) -> float | None:
    """How far one is from where the vehicle of the other should be; None: not in that vehicle.

    ``apart_m``: metres between both along the line; None: not on one line and direction.
    ``within``: so long after one another, at most.
    """
    if apart_m is None or there.stop is not None or here.stop is not None:
        return None
    if here.trip is not None and there.trip is not None:
        return 0.0 if here.trip == there.trip else None
    between = there.at - here.at
    if abs(between) > within:
        return None
    gone = SPEED_MS.get(mode, SPEED_USUAL_MS) * between.total_seconds()
    reach = LENGTH_M.get(mode, LENGTH_USUAL_M) + ALONG_ERROR_M
    unsure = reach + min(abs(gone), STOOD_M + UNSTEADY * abs(gone))
    if here.course == there.course:
        astray = abs(there.along_m - here.along_m - gone)
    else:
        # Two ways of a fork have no common beginning: how far, and not whether ahead or behind.
        astray = abs(apart_m - abs(gone))
    return astray if astray <= unsure else None
