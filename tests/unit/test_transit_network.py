"""A network in memory: nearest stops, stops ahead, forks, and metres on a plane."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.cells import Cell
from geo.point import Point
from geo.transit.aboard.index import Key, by_cell, by_line, by_stop, names_of
from geo.transit.drawing import drawn
from geo.transit.grid import StopGrid
from geo.transit.network import Network
from geo.transit.plane import apart
from geo.transit.rules import ABOARD, AT_STOP_M
from geo.transit.track import Track
from geo.transit.values import Line, LineId, Ride, Stop, StopId
from tests.support.small_line import NOW, TRAM, TRUNK, course, small_network, spot, stop_id

NETWORK = small_network()


def names(stops: list[Stop]) -> list[str]:
    return [it.id.partition(":")[2] for it in stops]


def ride(along_m: int, course: int = 0, direction: int = 0, line: LineId = TRAM) -> Ride:
    return Ride(
        line=line, direction=direction, course=course, along_m=along_m, confidence=0.9,
        cell=Cell("891fb466257ffff"), at=NOW,
    )  # fmt: skip


@given(
    lat=st.floats(-60, 60), lon=st.floats(-179, 179),
    north=st.floats(-0.009, 0.009), east=st.floats(-0.009, 0.009),
)  # fmt: skip
def test_a_kilometre_on_the_plane_is_one_on_the_ellipsoid(
    lat: float, lon: float, north: float, east: float
) -> None:
    metres = apart((lat, lon), (lat + north, lon + east))

    exact = Point(lat=lat, lon=lon).distance_to(Point(lat=lat + north, lon=lon + east))
    assert metres == pytest.approx(exact, abs=0.5)


def test_the_nearest_stop_is_found_near_and_within_a_kilometre_only() -> None:
    beside, far, beyond = (Point(lat=spot(620, it)[0], lon=spot(620)[1]) for it in (90, 900, 1_100))

    assert NETWORK.nearest(beside) == NETWORK.nearest(far) == NETWORK.stop(stop_id("s1"))
    assert NETWORK.nearest(beyond) is None


@pytest.mark.parametrize("lat", [0.0, 48.8, 69.9, 89.0])
def test_a_stop_just_inside_the_reach_is_found_at_any_latitude(lat: float) -> None:
    stop = Stop(id=StopId("x:1"), name="x", lat=lat, lon=2.0)
    east = 999 / max(1e-9, Point(lat=lat, lon=2).distance_to(Point(lat=lat, lon=2.001))) / 1000

    assert StopGrid([stop]).nearest(lat, 2.0 + east) == stop


def test_of_two_stops_as_near_the_first_by_id_is_named() -> None:
    one, other = (Stop(id=StopId(f"x:{it}"), name="x", lat=1.0, lon=2.0) for it in "ab")

    assert StopGrid([other, one]).nearest(1.0, 2.0) == one


def test_stops_near_and_together_are_those_of_one_place() -> None:
    lat, lon = spot(600, AT_STOP_M - 5)
    quay = Stop(id=stop_id("quay"), name="Quay", lat=lat, lon=lon)
    network = Network(NETWORK.lines, [*small_stops(), quay])

    assert network.together(stop_id("s1")) == [stop_id("s1"), stop_id("quay")]
    assert network.together(stop_id("none")) == []
    assert names(network.stops_near(Point(lat=lat, lon=lon))) == ["quay", "s1"]
    assert network.many_stops == 12


def small_stops() -> list[Stop]:
    return [it for name in ALL if (it := NETWORK.stop(stop_id(name))) is not None]


ALL = ["s0", "s1", "s2", "s3", "s4", "e1", "e2", "e3", "n1", "n2", "n3"]


def test_lines_and_stops_are_known_by_their_ids() -> None:
    assert NETWORK.lines_at(stop_id("s4")) == (TRAM,)
    assert NETWORK.lines_at(stop_id("none")) == ()
    assert NETWORK.line(LineId("none")) is None
    assert NETWORK.courses(LineId("none"), 0) == []
    assert names(NETWORK.stops_of(TRAM, 0)) == ["s0", "s1", "s2", "s3", "s4", "n1", "n2", "n3",
                                                "e1", "e2", "e3"]  # fmt: skip
    assert names(NETWORK.stops_of(TRAM, 1))[-5:] == ["s4", "s3", "s2", "s1", "s0"]


def test_the_next_stops_are_those_ahead() -> None:
    assert names(NETWORK.next_stops(TRAM, 0, along_m=650, course=0)) == ["s2", "s3"]
    assert names(NETWORK.next_stops(TRAM, 0, along_m=600)) == ["s2", "s3"]
    assert names(NETWORK.next_stops(TRAM, 1, along_m=4_150, course=2)) == ["s0"]
    assert NETWORK.next_stops(TRAM, 0, along_m=99_999, course=0) == []
    assert NETWORK.next_stops(TRAM, 0, along_m=0, course=7) == []
    assert names(NETWORK.next_stops(TRAM, 0, stop=stop_id("s0"), count=3)) == ["s1", "s2", "s3"]


def test_before_a_fork_the_next_stops_are_those_of_every_way() -> None:
    assert names(NETWORK.next_stops(TRAM, 0, along_m=2_000, course=1)) == ["s4", "e1", "n1"]
    assert names(NETWORK.next_stops(TRAM, 0, stop=stop_id("s4"))) == ["e1", "e2", "n1", "n2"]
    assert names(NETWORK.next_stops(TRAM, 0, along_m=2_500, course=1)) == ["n1", "n2"]


def test_the_headsign_names_every_terminus_that_lies_ahead() -> None:
    assert NETWORK.headsign(ride(700)) == "To e3 / To n3"
    assert NETWORK.headsign(ride(2_900, course=1)) == "To n3"
    assert NETWORK.headsign(ride(4_200, course=2, direction=1)) == "To s0"
    assert NETWORK.headsign(ride(99_999)) == "To e3"


def test_metres_left_and_metres_between_two_rides() -> None:
    northern = NETWORK.track(TRAM, 1).length

    assert NETWORK.metres_left(TRAM, 0, 4_000) == pytest.approx(200, abs=3)
    assert NETWORK.metres_left(TRAM, 0, 0, course=1) == northern
    assert NETWORK.metres_left(TRAM, 0, 99_999) == 0
    assert NETWORK.metres_left(LineId("none"), 0, 0) == 0
    assert NETWORK.apart_m(ride(700), ride(1_000)) == 300
    assert NETWORK.apart_m(ride(700), ride(1_000, course=1)) == pytest.approx(300, abs=2)
    assert NETWORK.apart_m(ride(700), ride(700, course=2, direction=1)) is None
    assert NETWORK.apart_m(ride(700), ride(700, line=LineId("demo:9"))) is None


def test_a_track_knows_where_it_passes() -> None:
    track = Track([spot(0), spot(1_000), spot(1_000, 500), spot(0, 500), spot(0, -200)])

    assert track.spot(-5) == spot(0)
    assert track.spot(1e9) == spot(0, -200)
    assert apart(track.spot(1_250), spot(1_000, 250)) < 0.5
    first, later = track.seen(spot(0, 10), slack=25), track.seen(spot(0, 10), start=100)
    assert (round(first.along), round(first.off)) == (0, 10)
    assert (round(later.along), round(later.off)) == (2_990, 0)
    assert track.seen(spot(500, 40), end=600).off == pytest.approx(40, abs=0.2)
    assert track.seen(spot(0), start=9_999).along == pytest.approx(3_200, abs=1)


def test_a_track_does_not_look_back_beyond_its_start() -> None:
    track = Track([spot(0), spot(1_000)])

    behind = track.seen(spot(200), start=300)

    assert (round(behind.along), round(behind.off)) == (300, 100)


def test_with_slack_the_bottom_of_the_first_approach_is_named() -> None:
    there = [spot(it * 10.0) for it in range(60)]
    track = Track([*there, *(spot(590 - it * 10.0, 30) for it in range(60))])

    passed = track.seen(spot(300, 20), slack=25)

    assert (round(passed.along), round(passed.off)) == (300, 20)


def test_a_corner_told_twice_does_no_harm() -> None:
    track = Track([spot(0), spot(0), spot(100)])

    assert track.seen(spot(0, 5)).off == pytest.approx(5, abs=0.1)
    assert Track([spot(0), spot(0)]).seen(spot(30), start=0).off == pytest.approx(30, abs=0.1)


def test_right_and_left_are_seen_as_one_travels() -> None:
    track = Track([spot(0), spot(1_000)])

    assert track.is_right_of(spot(500, -20), 500)
    assert not track.is_right_of(spot(500, 20), 500)


def test_a_line_is_drawn_with_each_piece_once() -> None:
    line = NETWORK.line(TRAM)
    assert line is not None

    paths = drawn(line)

    # The trunk with the eastern branch, straight; then the northern branch alone.
    assert [len(it) // 2 for it in paths] == [2, 2]
    assert paths[0][:2] == [48.85, 2.3]
    twice = replace(line, courses=(line.courses[0], line.courses[1], line.courses[1]))
    assert drawn(twice) == paths
    detour = course(0, [("d0", spot(600, 900)), *TRUNK[1:3], ("d1", spot(1_200, 900))])
    assert len(drawn(replace(line, courses=(*line.courses, detour)))) == 4
    assert drawn(Line(id=TRAM, network=line.network, name="x", mode="tram")) == []


def test_what_the_first_question_would_make_is_made_beforehand() -> None:
    network = small_network()
    network.prepare()

    assert "boxes" in vars(network)


@pytest.mark.parametrize(
    ("stop", "confidence", "found"),
    [
        (None, ABOARD, by_line(LineId("n:1"), 1)),
        (None, ABOARD - 0.1, None),
        (StopId("n:a"), 1.0, by_stop(StopId("n:a"))),
    ],
)
def test_a_ride_is_found_by_its_cell_and_by_what_it_is_known_to_be_on(
    stop: StopId | None, confidence: float, found: Key | None
) -> None:
    ride = Ride(
        line=LineId("n:1"), direction=1, course=0, along_m=300, confidence=confidence,
        cell=Cell("891fb466257ffff"), at=NOW, stop=stop,
    )  # fmt: skip

    assert names_of(ride) == [by_cell(ride.cell), *([found] if found else [])]
