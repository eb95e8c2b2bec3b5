"""Which line a moving phone is on, which way, and how sure one can be.

Of each line and direction near the trail the course that explains it best is a claim. How sure one
may be that anybody is aboard at all comes from the best claim: how well it fits, how far it went,
and whether it stood where vehicles of that line stand. What is left is shared among the claims:
where two lines share a track, neither gets more than it deserves. The weights were fitted on
simulated people (``tests/proofs/riding/fitting.py``) and are checked on others.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import exp, log1p

from geo.cells import cell_of
from geo.point import Point
from geo.transit.boxes import Passage
from geo.transit.following import Followed, Told, by_road, followed, in_vehicle, told
from geo.transit.network import Network
from geo.transit.rules import (
    ABOARD,
    ALONG_STEP_M,
    AT_STOP_M,
    LEAST_CONFIDENCE,
    LEAST_FIXES,
    LEAST_NEAR,
    MOST_CLAIMS,
    SHARPNESS,
    STANDING_M,
    TOP_SPEED,
    TRAIL,
    WEIGHTS,
)
from geo.transit.values import Fix, LineId, Ride

_Way = tuple[LineId, int]


def match(network: Network, trail: Sequence[Fix], now: datetime) -> list[Ride]:
    """The rides that a trail may be, the likeliest first; their confidences sum to 1 at most."""
    fixes = told(trail, now)
    if len(fixes) < LEAST_FIXES:
        return []
    looked = [network.boxes.passages(it.box) for it in fixes]
    best = _claims(network, fixes, looked)
    if not best:
        return []
    likeliest = max(best, key=lambda it: it.fits)
    passages = [it.get(likeliest.track) for it in looked]
    road = followed(likeliest.track, fixes, passages, by_road)
    sure = aboard(features(likeliest, road, fixes))
    shares = [exp(SHARPNESS * (it.fits - likeliest.fits)) for it in best]
    last = max((it for it in trail if it.at <= now), key=lambda it: it.at)
    rides = [
        _ride(network, claim, sure * share / sum(shares), last)
        for claim, share in zip(best, shares, strict=True)
    ]
    rides = sorted(rides, key=lambda it: (-it.confidence, it.line, it.direction))[:MOST_CLAIMS]
    if sure < ABOARD and likeliest.progress_m < STANDING_M:
        return [_standing(network, it, last) for it in rides]
    return [it for it in rides if it.confidence >= LEAST_CONFIDENCE]


def features(claim: Followed, road: Followed, fixes: Sequence[Told]) -> tuple[float, ...]:
    """What says whether somebody is aboard, each about as large as 1."""
    lasts = fixes[-1].at - fixes[0].at
    progress = max(0.0, claim.progress_m)
    return (
        1.0,
        claim.fits / len(fixes),
        max(-3.0, min(3.0, (claim.fits - road.fits) / 10)),
        min(progress, 1_500.0) / 500,
        log1p(progress / 50),
        lasts / TRAIL.total_seconds(),
        progress / max(lasts, 20.0) / 10,
    )


def aboard(found: Sequence[float]) -> float:
    """The chance that somebody with these features is in a vehicle."""
    return 1 / (1 + exp(-sum(a * b for a, b in zip(WEIGHTS, found, strict=True))))


def _claims(
    network: Network, fixes: Sequence[Told], looked: Sequence[Mapping[int, Passage]]
) -> list[Followed]:
    """Of each line and direction that is near most of the trail, the course that fits best."""
    near = Counter(track for passages in looked for track in passages)
    best: dict[_Way, Followed] = {}
    for track, many in near.items():
        if many < LEAST_NEAR * len(fixes):
            continue
        line, course = network.course_of(track)
        way = line.id, line.courses[course].direction
        claim = followed(
            track,
            fixes,
            [it.get(track) for it in looked],
            in_vehicle(network.stop_samples(track)),
            TOP_SPEED[line.mode],
        )
        if way not in best or claim.fits > best[way].fits:
            best[way] = claim
    return list(best.values())


def _ride(network: Network, claim: Followed, confidence: float, last: Fix) -> Ride:
    line, course = network.course_of(claim.track)
    return Ride(
        line=line.id,
        direction=line.courses[course].direction,
        course=course,
        along_m=round(claim.end_m / ALONG_STEP_M) * ALONG_STEP_M,
        confidence=confidence,
        cell=cell_of(Point(lat=last.lat, lon=last.lon)),
        at=last.at,
    )


def _standing(network: Network, ride: Ride, last: Fix) -> Ride:
    """The same ride, of somebody who stands at a stop of that line, if she does."""
    for stop in network.stops_near(Point(lat=last.lat, lon=last.lon), AT_STOP_M):
        if ride.line in network.lines_at(stop.id):
            return replace(ride, stop=stop.id)
    return ride
