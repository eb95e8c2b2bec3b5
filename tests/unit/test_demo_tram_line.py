"""The demo's tram keeps to its track and its times, and people get on and off where they said."""

from itertools import pairwise

import pytest

from geo.point import Point
from web.demo import tram
from web.demo.city import CITY, Spot
from web.demo.tram import (
    HALF_S,
    HEADWAY_S,
    LENGTH_M,
    PLATFORMS,
    ROUND_S,
    STOPS,
    TRACK,
    VEHICLES,
    Ride,
    next_stop,
    vehicle,
)

#: Each second of one round.
ROUND = range(int(ROUND_S))


def test_it_has_eight_stops_and_leaves_each_of_its_ends_every_few_minutes() -> None:
    assert len(STOPS) == len(set(STOPS)) == len(PLATFORMS) == 8
    assert VEHICLES * HEADWAY_S == ROUND_S
    assert 180 <= HEADWAY_S <= 300


def test_it_goes_from_the_town_through_the_square_to_the_hills() -> None:
    assert all(it.distance_to(CITY.town.middle) <= CITY.town.radius_m for it in PLATFORMS[:4])
    assert min(it.distance_to(Spot(0.0, 0.0)) for it in PLATFORMS) < 100
    assert PLATFORMS[-1] == CITY.hills.middle


def test_it_never_goes_faster_than_trams_do_nor_jumps() -> None:
    for number in range(VEHICLES):
        places = [vehicle(number, second).at for second in (*ROUND, ROUND[-1] + 1)]

        assert max(one.distance_to(other) for one, other in pairwise(places)) <= 16.01


def test_it_is_always_on_its_track() -> None:
    for second in ROUND:
        at = vehicle(0, second).at
        off = min(
            one.at.distance_to(at) + at.distance_to(other.at) - one.at.distance_to(other.at)
            for one, other in pairwise(TRACK)
        )
        assert off < 0.001


def test_both_ways_are_as_long_and_are_counted_from_where_they_begin() -> None:
    there = [vehicle(0, second) for second in ROUND if second < HALF_S]
    back = [vehicle(0, second) for second in ROUND if second >= HALF_S]

    assert {it.direction for it in there} == {0}
    assert {it.direction for it in back} == {1}
    for way in (there, back):
        assert all(one.along_m <= other.along_m for one, other in pairwise(way))
        assert way[-1].along_m == pytest.approx(LENGTH_M)


def test_it_stands_at_each_stop_in_order_both_ways() -> None:
    stood = [it.stop for it in (vehicle(0, second) for second in ROUND) if it.stop is not None]
    order = [stood[0], *(other for one, other in pairwise(stood) if one != other)]

    assert order == [*range(1, 8), *range(6, -1, -1)]
    assert all(stood.count(number) >= 18 for number in range(8))


def test_the_next_stop_is_the_one_it_stands_at_next() -> None:
    coming = None
    for second in reversed(ROUND):
        here = vehicle(0, second)
        coming = here.stop if here.stop is not None else coming
        assert next_stop(0, second) == coming


def test_each_vehicle_is_one_headway_behind_the_one_before() -> None:
    for number in range(1, VEHICLES):
        assert vehicle(number, 5_000.0) == vehicle(number - 1, 5_000.0 - HEADWAY_S)


def test_whoever_rides_is_on_the_vehicle_or_at_her_stop() -> None:
    rides = [Ride(it, first, last) for it in (0, 3) for first, last in ((0, 7), (2, 5), (1, 6))]
    for ride in rides:
        for second in ROUND:
            here = ride.at(second)
            if ride.aboard(second):
                assert here == vehicle(ride.vehicle, second).at
            else:
                assert here in {PLATFORMS[ride.first], PLATFORMS[ride.last]}


def test_whoever_gets_off_waits_there_until_it_comes_back() -> None:
    ride = Ride(0, 2, 5)
    seen = [(ride.aboard(second), ride.at(second)) for second in ROUND]

    waits_below = [at for on, at in seen if not on and at == PLATFORMS[2]]
    waits_above = [at for on, at in seen if not on and at == PLATFORMS[5]]

    assert len(waits_below) + len(waits_above) == sum(1 for on, _ in seen if not on)
    assert min(len(waits_below), len(waits_above)) > 120
    # Nobody is carried further than 16 m in a second, getting on or off included.
    assert max(one.distance_to(other) for (_, one), (_, other) in pairwise(seen)) <= 16.01


def test_its_ways_say_in_degrees_what_the_track_says_in_metres() -> None:
    there, back = tram.ways()

    assert (there.headsign, back.headsign) == ("Les Hauts", "Quai du Matin")
    assert back.stops == there.stops[::-1] == (7, 6, 5, 4, 3, 2, 1, 0)
    assert back.path == there.path[::-1]
    assert (there.at_m[0], back.at_m[0]) == (0, 0)
    assert there.at_m[-1] == back.at_m[-1] == round(LENGTH_M)
    assert all(
        one + other == pytest.approx(LENGTH_M, abs=2)
        for one, other in zip(there.at_m, back.at_m[::-1], strict=True)
    )
    metres = sum(
        Point(lat=one[0], lon=one[1]).distance_to(Point(lat=other[0], lon=other[1]))
        for one, other in pairwise(there.path)
    )
    assert metres == pytest.approx(LENGTH_M, rel=0.005)


def test_a_page_that_draws_straight_lines_between_moments_is_where_the_tram_is() -> None:
    points = tram.round_trip()

    assert points[0][0] == 0
    assert points[-1] == (ROUND_S, *points[0][1:])
    for (then, *here), (until, *there) in pairwise(points):
        middle = (then + until) / 2
        lat, lon = ((one + other) / 2 for one, other in zip(here, there, strict=True))
        assert CITY.spot(lat, lon).distance_to(vehicle(0, middle).at) < 3
