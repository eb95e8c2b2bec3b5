"""Which reports are about one event, what it is then, and until when. Pure.

Two reports are of one event when nothing speaks against it: the same line and way, cars that do
not differ, places that one vehicle can join in the time between them.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.witness.rules import (
    GROUPED_FOR,
    JOINED_FOR,
    OPEN_FOR,
    OPEN_LEAST,
    OPEN_MOST,
)
from alerts.witness.values import As, Event, Kind, Report, Standing, Where
from alerts.witness.vehicles import astray_m
from geo.transit.values import LineId, Ride, StopId
from realtime.kernel.ids import PersonId

#: Metres between two rides, or None: ``geo.transit.network.Network.apart_m``.
Apart = Callable[[Ride, Ride], float | None]

#: By word alone, a vehicle is somewhere on its line: whoever knows better comes before.
UNKNOWN_M = 1e6
#: Of a stop that somebody says, and a vehicle: so far along the line, the next one is as near.
AT_STOP_M = 700.0

_RANK = {Standing.KNOWN: 0, Standing.NEW: 1, Standing.DOUBTED: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is compared of a new report."""

    at: datetime
    line: LineId | None
    direction: int | None
    stop: StopId | None
    car: str
    where: Where | None
    mode: str = ""


def ground_of(line: LineId | None, stop: StopId | None, area: str | None) -> str:
    """What reports of one event have in common at least: they are looked for by it.

    >>> ground_of(LineId("demo:T1"), StopId("demo:s1"), None)
    'line demo:T1'
    """
    if line is not None:
        return f"line {line}"
    return f"stop {stop}" if stop is not None else f"area {area}"


def found(
    said: Said, open_events: Sequence[tuple[Event, Where | None]], apart: Apart
) -> Event | None:
    """The event that a report is about, if it is one of these: the nearest, then the newest."""
    same = [
        (away, -event.last_at.timestamp(), event.event, event)
        for event, where in open_events
        if (away := _away_m(said, event, where, apart)) is not None
    ]
    return min(same)[-1] if same else None


def _away_m(said: Said, event: Event, where: Where | None, apart: Apart) -> float | None:
    """How far away one is from the other, in metres; None: not the same event."""
    if event.ended or event.drill or said.at - event.last_at > GROUPED_FOR:
        return None
    if said.at - event.opened_at > JOINED_FOR:
        return None
    if said.line is None or event.line is None:
        if said.stop is None and event.stop is None:
            # Nothing but a neighbourhood: that it is the same is all that is known.
            return 0.0
        return 0.0 if said.stop == event.stop else None
    if said.line != event.line or _differ(said.direction, event.direction):
        return None
    if _differ(car_of(said.car) or None, car_of(event.car) or None):
        return None
    return _along_m(said, event, where, apart)


def _along_m(said: Said, event: Event, where: Where | None, apart_m: Apart) -> float | None:
    here = where.ride if where else None
    there = said.where.ride if said.where else None
    if here is None or there is None:
        # By word alone: which vehicle is not known, unless two stops are said.
        return None if _differ(said.stop, event.stop) else UNKNOWN_M
    if not (here.confidence and there.confidence):
        # One of them has said a stop: near it is near enough.
        apart = apart_m(here, there)
        return apart if apart is not None and apart <= AT_STOP_M else None
    return astray_m(here, there, apart_m(here, there), mode=said.mode, within=GROUPED_FOR)


def _differ(one: object | None, other: object | None) -> bool:
    return one is not None and other is not None and one != other


def car_of(text: str) -> str:
    """A car's number, however it was written.

    >>> car_of("Voiture 3"), car_of("n° 3 "), car_of("Z-50312 B"), car_of("tête")
    ('3', '3', '50312', 'tête')
    """
    digits = re.findall(r"\d+", text)
    return str(max(digits, key=len)) if digits else text.strip().casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What all that was reported makes of an event."""

    #: Whose word stands before the others': known, or the first.
    first: PersonId
    kind: Kind
    car: str
    stop: StopId | None
    standing: Standing
    placed: bool
    reports: int
    victims: int


def summed_up(reports: Sequence[Report]) -> Summary | None:
    """Known stands before new, a phone that is there before word alone, first before later.

    None: everybody has taken their word back.
    """
    standing = sorted(
        (it for it in reports if not it.withdrawn),
        key=lambda it: (_RANK[it.standing], not it.placed, it.at),
    )
    if not standing:
        return None
    placed = any(it.placed for it in standing)
    # Nobody whom nothing speaks for sends those who come to another car or stop.
    heard = [it for it in standing if it.placed or it.standing is Standing.KNOWN or not placed]
    return Summary(
        first=standing[0].person,
        kind=standing[0].kind,
        car=next((it.car for it in heard if it.car), ""),
        stop=next((it.stop for it in heard if it.stop), None),
        standing=standing[0].standing,
        placed=placed,
        reports=len(standing),
        victims=sum(it.role is As.VICTIM for it in standing),
    )


def until(opened_at: datetime, last_at: datetime, trip_left_s: float | None) -> datetime:
    """When an event is over: half an hour after the last report, or at the end of the trip.

    ``trip_left_s``: seconds from the last report to the terminus, where that is known.
    """
    after = OPEN_FOR
    if trip_left_s is not None:
        after = min(after, max(timedelta(seconds=trip_left_s), OPEN_LEAST))
    # Whole seconds: nobody sees less, and tables keep no less than a millisecond.
    return min(last_at + after, opened_at + OPEN_MOST).replace(microsecond=0)
