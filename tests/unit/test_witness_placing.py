"""Where a report is, of what its phone says and what is said by hand."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from alerts.witness import placing
from alerts.witness.placing import Spoken
from alerts.witness.values import (
    Standing,
    Where,
)
from geo.cells import cell_of
from geo.point import Point
from geo.transit.values import Candidate, Fix, LineId, Located, Ride
from tests.support.transport import T1, T2, place, stop_id
from tests.support.witnessing import EVENT, HERE, NETWORK, NOW, RIDE, later, report

# Where it is.


def located(*rides: Ride, stop: int | None = None) -> Located:
    found = tuple(
        Candidate(
            ride=it, line=NETWORK.line(it.line) or pytest.fail("a line"), headsign="", next=()
        )
        for it in rides
    )
    return Located(candidates=found, stop=None if stop is None else NETWORK.stop(stop_id(stop)))


LAST = [Fix(lat=place(3_000)[0], lon=place(3_000)[1], at=NOW)]


def test_the_phone_says_where_it_is() -> None:
    found = placing.placed(NETWORK, Spoken(), LAST, located(RIDE), NOW)

    assert (found.network, found.line, found.direction, found.placed) == ("demo", T1, 0, True)
    assert (found.stop, found.ahead, found.mode) == (None, stop_id(6), "tram")
    assert found.where == Where(at=NOW, cell=HERE, ride=RIDE)


def test_what_is_said_by_hand_stands() -> None:
    spoken = Spoken(line=T2, direction=1, stop=stop_id(2, T2))

    found = placing.placed(NETWORK, spoken, LAST, located(RIDE), NOW)

    assert (found.line, found.direction, found.placed) == (T2, 1, False)
    assert found.where is not None
    assert found.where.ride is not None
    assert (found.where.ride.along_m, found.where.ride.confidence) == (5_400, 0.0)
    assert found.ahead == stop_id(1, T2)


@pytest.mark.parametrize(
    "ride",
    [replace(RIDE, confidence=0.4), replace(RIDE, stop=stop_id(5)), replace(RIDE, direction=1)],
)
def test_a_ride_that_does_not_fit_is_not_taken(ride: Ride) -> None:
    found = placing.placed(NETWORK, Spoken(line=T1, direction=0), LAST, located(ride), NOW)

    assert (found.line, found.placed) == (T1, False)
    assert found.where == Where(at=NOW, cell=HERE)


def test_at_a_stop_without_a_line() -> None:
    here = placing.placed(NETWORK, Spoken(), LAST, located(stop=5), NOW)
    elsewhere = placing.placed(NETWORK, Spoken(stop=stop_id(9)), LAST, located(stop=5), NOW)
    nowhere = placing.placed(NETWORK, Spoken(stop=stop_id(9)), (), located(), NOW)

    assert (here.network, here.line, here.stop, here.placed) == ("demo", None, stop_id(5), True)
    assert (elsewhere.stop, elsewhere.placed) == (stop_id(9), False)
    assert (nowhere.where, nowhere.placed, nowhere.area) == (None, False, None)


def test_nothing_but_a_neighbourhood() -> None:
    found = placing.placed(NETWORK, Spoken(), LAST, located(), NOW)

    assert (found.network, found.line, found.placed) == ("", None, False)
    assert found.area is not None


def test_at_the_terminus_nothing_is_ahead() -> None:
    end = replace(RIDE, along_m=6_600)

    found = placing.placed(NETWORK, Spoken(), LAST, located(end, stop=11), NOW)
    no_stop = placing.placed(NETWORK, Spoken(line=T1, stop=stop_id(1)), (), located(), NOW)
    unknown = placing.placed(
        NETWORK, Spoken(line=T1, direction=0, stop=stop_id(1, T2)), (), located(), NOW
    )

    assert found.ahead == stop_id(11)
    assert (no_stop.where, unknown.where) == (None, None)


def test_how_long_the_trip_is_still() -> None:
    def left(ride: Ride | None) -> float | None:
        return placing.trip_left_s(NETWORK, None if ride is None else Where(at=NOW, ride=ride))

    assert left(RIDE) == pytest.approx(720, abs=1)
    assert left(None) is None
    assert left(replace(RIDE, confidence=0.0)) is None
    assert left(replace(RIDE, line=LineId("demo:gone"))) is None


def test_where_the_vehicle_is_by_now() -> None:
    def now_at(ride: Ride, mates: Sequence[Ride] = (), seconds: float = 60) -> int | None:
        found = placing.now_at(NETWORK, ride, mates, later(seconds))
        return None if found is None else found.along_m

    mates = [replace(RIDE, along_m=it, at=later(50)) for it in (4_000, 3_900, 5_000)]
    assert now_at(RIDE) == 3_300
    assert now_at(RIDE, mates) == 4_000
    # Too old, on another way, standing at a stop: they show nothing.
    old, other = replace(mates[0], at=later(29)), replace(mates[0], direction=1)
    assert now_at(RIDE, [old, other, replace(mates[0], stop=stop_id(7))]) == 3_300
    assert now_at(replace(RIDE, along_m=6_500)) == 6_600
    assert now_at(RIDE, seconds=181) is None
    assert now_at(replace(RIDE, stop=stop_id(5)), seconds=600) == 3_000
    assert now_at(replace(RIDE, confidence=0.0), seconds=600) == 3_000
    assert now_at(replace(RIDE, line=LineId("demo:gone")), seconds=600) == 3_000
    moved = placing.now_at(NETWORK, RIDE, (), later(60))
    assert moved is not None
    assert (moved.at, moved.cell == HERE) == (later(60), False)


def test_the_cell_of_an_event() -> None:
    at_stop = replace(EVENT, stop=stop_id(5))

    assert placing.cell_about(NETWORK, EVENT, Where(at=NOW, cell=HERE)) == HERE
    assert placing.cell_about(NETWORK, at_stop, Where(at=NOW)) == cell_of(
        Point(lat=place(3_000)[0], lon=place(3_000)[1])
    )
    assert placing.cell_about(NETWORK, EVENT, None) is None


def test_an_event_says_what_it_is() -> None:
    assert EVENT.contained
    assert not replace(EVENT, confirmed=True).contained
    assert not replace(EVENT, drill=True).contained
    assert not replace(EVENT, standing=Standing.KNOWN).contained
    assert not EVENT.ended
    assert (EVENT.channel, EVENT.key) == ("alert:event-1", "witness:event-1")
    assert replace(EVENT, ahead=stop_id(6)).at_stop == stop_id(6)
    assert report().trusted
    assert not report(placed=False).trusted
    assert not report(withdrawn=True).trusted
