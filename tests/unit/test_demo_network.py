"""The demo's tram is a network like others: its stops lie on its courses, and phones are found."""

import pytest

from geo.point import Point
from geo.transit.network import Network
from geo.transit.values import LineId
from web.demo import tram
from web.tramway import line, stops


def network() -> Network:
    return Network([line()], stops())


def test_each_stop_is_where_its_course_says() -> None:
    made = network()

    for number, course in enumerate(line().courses):
        track = made.track(LineId(tram.LINE), number)
        assert track.length == pytest.approx(tram.LENGTH_M, rel=0.003)
        for stop, along in zip(course.stops, course.at_m, strict=True):
            known = made.stop(stop)
            assert known is not None
            here = Point(lat=known.lat, lon=known.lon)
            lat, lon = track.spot(along)
            assert here.distance_to(Point(lat=lat, lon=lon)) < 25


def test_what_lies_ahead_is_said_in_the_direction_of_travel() -> None:
    made = network()

    ahead = made.next_stops(LineId(tram.LINE), 0, along_m=2_600)
    back = made.next_stops(LineId(tram.LINE), 1, along_m=5_400)

    assert [it.name for it in ahead] == ["La Clairière", "Bois des Amies"]
    assert [it.name for it in back] == ["Passage des Lanternes", "Place de l’Entraide"]
