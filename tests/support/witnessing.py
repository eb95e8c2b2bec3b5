"""An event on the tram line of ``transport``, a ride and a report: for the pure tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from alerts.witness.values import (
    As,
    Event,
    EventId,
    Kind,
    Report,
    ReportId,
    Standing,
    State,
)
from geo.cells import cell_of
from geo.point import Point
from geo.transit.values import Ride
from realtime.kernel.ids import PersonId
from tests.support.transport import T1, network

NOW = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)
HERE = cell_of(Point(lat=48.827, lon=2.35))
NETWORK = network()
#: At 3 km, going north: the stop is called 5, the next ones 6 and 7.
RIDE = Ride(line=T1, direction=0, course=0, along_m=3_000, confidence=0.9, cell=HERE, at=NOW)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


EVENT = Event(
    event=EventId("event-1"),
    network="demo",
    line=T1,
    direction=0,
    stop=None,
    car="",
    kind=Kind.VERBAL,
    state=State.OPEN,
    opened_at=NOW,
    last_at=NOW,
    until=later(1_800),
    ground="line demo:T1",
    standing=Standing.NEW,
    placed=True,
)


def report(person: str = "a", **changes: object) -> Report:
    made = Report(
        report=ReportId(f"report of {person}"),
        event=EVENT.event,
        person=PersonId(person),
        role=As.WITNESS,
        kind=Kind.VERBAL,
        at=NOW,
        standing=Standing.NEW,
        origin=f"from {person}",
        placed=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]
