"""Matching on a small network: who rides, which way, who stands, and who is not aboard."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from geo.point import Point
from geo.transit import boxes as boxes_file
from geo.transit.boxes import Boxes, box_of
from geo.transit.following import Told, by_road, followed, in_vehicle, told
from geo.transit.network import Network
from geo.transit.riding import match
from geo.transit.rules import ABOARD, MATCH_EVERY, MOST_FIXES, TRAIL
from geo.transit.track import Track
from geo.transit.tracking import Vehicles, with_trip
from geo.transit.trails import Trails
from geo.transit.values import Fix, Line, LineId, Ride, Stop, Vehicle
from realtime.kernel.ids import PersonId
from tests.support.small_line import (
    BUS,
    DEMO,
    NOW,
    STOPS,
    TRAM,
    at_one_place,
    both_ways,
    small_network,
    spot,
    stop_id,
    stopping_trail,
    trail,
    tram,
)

NETWORK = small_network()
ANNA = PersonId("anna")


@pytest.mark.parametrize("noise", [0.0, 20.0])
@pytest.mark.parametrize("back", [False, True])
def test_a_rider_is_matched_to_the_line_and_the_way(noise: float, back: bool) -> None:
    rides = match(NETWORK, stopping_trail(back=back, noise=noise), NOW)

    assert (rides[0].line, rides[0].direction) == (TRAM, int(back))
    assert rides[0].confidence > 0.9
    assert rides[0].stop is None
    end = NETWORK.track(TRAM, rides[0].course).spot(rides[0].along_m)
    assert abs(end[1] - spot(600 if back else 1_800)[1]) < 0.002
    assert sum(it.confidence for it in rides) <= 1


def test_a_trail_walked_the_other_way_is_the_other_direction() -> None:
    there = stopping_trail()
    turned = [replace(it, at=NOW - (it.at - there[0].at)) for it in there]

    assert match(NETWORK, turned, NOW)[0].direction == 1


def test_a_line_that_shares_the_track_shares_the_confidence() -> None:
    alone = match(NETWORK, stopping_trail(), NOW)
    other = replace(tram(), id=BUS, name="9", mode="bus")

    shared = match(small_network(other), stopping_trail(), NOW)

    assert {it.line for it in shared[:2]} == {TRAM, BUS}
    assert shared[0].confidence + shared[1].confidence == pytest.approx(
        alone[0].confidence, abs=0.1
    )
    assert shared[0].confidence < 0.7


def test_who_walks_along_the_track_is_not_aboard() -> None:
    rides = match(NETWORK, trail(start_m=700, speed=1.4, north_m=15), NOW)

    assert all(it.confidence < ABOARD for it in rides)


def test_who_stands_at_a_stop_is_at_the_stop_and_who_is_at_home_is_not() -> None:
    waiting = match(NETWORK, at_one_place(610, 10), NOW)
    at_home = match(NETWORK, at_one_place(860, 20), NOW)

    assert waiting[0].stop == stop_id("s1")
    assert waiting[0].confidence < ABOARD
    assert all(it.stop is None and it.confidence < ABOARD for it in at_home)


def test_a_stop_of_another_network_is_not_where_one_waits_for_a_line() -> None:
    lat, lon = spot(700)
    other = Stop(id=stop_id("other"), name="Other", lat=lat, lon=lon)
    network = Network(NETWORK.lines, [*STOPS, other])

    assert match(network, at_one_place(690), NOW)[0].stop == stop_id("s1")


def test_a_line_that_is_only_crossed_is_not_a_candidate() -> None:
    across = both_ways([("x0", spot(900, -900)), ("x1", spot(900, 900))])
    other = Line(id=BUS, network=DEMO, name="9", mode="bus", courses=across)

    rides = match(small_network(other), stopping_trail(), NOW)

    assert {it.line for it in rides} == {TRAM}


@pytest.mark.parametrize(
    "fixes",
    [
        [],
        trail(start_m=0, speed=8, seconds=4),
        at_one_place(1_000, 5_000),
        [replace(it, at=it.at - TRAIL) for it in stopping_trail()],
        [replace(it, at=it.at + TRAIL) for it in stopping_trail()],
    ],
    ids=["nothing", "two fixes", "far from any line", "too old", "in the future"],
)
def test_of_such_a_trail_nothing_is_said(fixes: Sequence[Fix]) -> None:
    assert match(NETWORK, fixes, NOW) == []


def test_an_outlier_changes_nothing_wherever_it_is() -> None:
    for place in (0, 1, 9, 22):
        fixes = stopping_trail()
        fixes[place] = replace(fixes[place], lat=fixes[place].lat + 0.004)

        rides = match(NETWORK, fixes, NOW)

        assert (rides[0].line, rides[0].direction) == (TRAM, 0), place


def test_a_first_fix_further_ahead_than_all_others_is_the_one_that_is_wrong() -> None:
    fixes = stopping_trail()
    lat, lon = spot(2_600)
    fixes[0] = replace(fixes[0], lat=round(lat, 3), lon=round(lon, 3))

    rides = match(NETWORK, fixes, NOW)

    assert (rides[0].direction, rides[0].confidence > ABOARD) == (0, True)


def test_fixes_are_thinned_and_bounded_and_in_order() -> None:
    fixes = [Fix(lat=48.85, lon=2.3, at=NOW - timedelta(seconds=it / 2)) for it in range(400)]

    looked = told(fixes, NOW)

    assert len(looked) <= MOST_FIXES
    assert [it.at for it in looked] == sorted(it.at for it in looked)
    assert looked[0].box == (48850, 2300)


def test_a_box_knows_the_tracks_behind_it_and_forgets_when_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(boxes_file, "MOST_BOXES", 2)
    boxes = Boxes([Track([spot(0), spot(500)])])

    there, nowhere = box_of(*spot(200)), box_of(*spot(200, 900))

    assert set(boxes.passages(there)) == {0}
    assert [it for it, _ in boxes.passages(there)[0]] == sorted(
        it for it, _ in boxes.passages(there)[0]
    )
    assert boxes.passages(nowhere) == {}
    assert boxes.passages(there) is boxes.passages(there)
    first = boxes.passages(there)
    boxes.passages(box_of(*spot(300)))
    assert boxes.passages(there) == first


def test_following_counts_fixes_that_nothing_explains() -> None:
    boxes = NETWORK.boxes
    fixes = [Told(float(at), box_of(*spot(600 + 8 * (88 + at)))) for at in range(-88, 1, 4)]
    passages = [boxes.passages(it.box).get(0) for it in fixes]
    gaps = [None if number in {0, 5} else it for number, it in enumerate(passages)]
    stands = in_vehicle(NETWORK.stop_samples(0))

    whole, gone = (followed(0, fixes, it, stands, 20.0) for it in (passages, gaps))

    assert gone.fits < whole.fits
    assert gone.progress_m == pytest.approx(whole.progress_m, abs=60)
    assert whole.progress_m == pytest.approx(8 * 88, abs=80)
    assert by_road(3) == by_road(300)


def vehicle(trip: str, east_m: float, *, ago_s: float = 10, direction: int | None = 0) -> Vehicle:
    lat, lon = spot(east_m)
    at = NOW - timedelta(seconds=ago_s)
    return Vehicle(trip=trip, line=TRAM, direction=direction, lat=lat, lon=lon, at=at)


def test_a_ride_has_the_trip_of_the_nearest_vehicle_that_could_be_there() -> None:
    (ride, *_) = match(NETWORK, stopping_trail(), NOW)
    vehicles = Vehicles(
        [
            vehicle("near", 1_750, direction=None),
            vehicle("other way", 1_800, direction=1),
            vehicle("old", 1_800, ago_s=600),
            vehicle("further", 1_500),
            vehicle("elsewhere", 4_000),
        ]
    )

    assert with_trip(NETWORK, vehicles, ride, NOW).trip == "near"
    assert with_trip(NETWORK, Vehicles(), ride, NOW) == ride
    standing = replace(ride, stop=stop_id("s1"))
    assert with_trip(NETWORK, vehicles, standing, NOW) == standing
    gone = replace(ride, line=LineId("demo:gone"))
    assert with_trip(NETWORK, vehicles, gone, NOW) == gone


def test_trails_last_ninety_seconds_and_are_looked_at_each_three() -> None:
    trails = Trails()
    place = Point(lat=48.85049, lon=2.30051)

    first = trails.moved(ANNA, place, NOW)
    again = trails.moved(ANNA, place, NOW + timedelta(seconds=1))
    later = trails.moved(ANNA, place, NOW + MATCH_EVERY)
    after = trails.moved(ANNA, place, NOW + TRAIL + timedelta(seconds=2))

    assert first == (Fix(lat=48.85, lon=2.301, at=NOW),)
    assert again is None
    assert later is not None
    assert after is not None
    assert len(later) == 3
    assert [it.at for it in after] == [NOW + MATCH_EVERY, NOW + TRAIL + timedelta(seconds=2)]


def test_trails_are_forgotten_by_themselves_and_when_asked() -> None:
    trails, place = Trails(most=2), Point(lat=48.85, lon=2.3)
    for number, person in enumerate("abc"):
        trails.moved(PersonId(person), place, NOW + timedelta(seconds=number))

    assert len(trails) == 2
    trails.forget(PersonId("c"))
    trails.forget(PersonId("c"))
    assert len(trails) == 1
    trails.sweep(NOW + TRAIL + timedelta(seconds=1))
    assert len(trails) == 0


def test_directions_of_a_line_that_nobody_can_tell_apart_are_told_as_such() -> None:
    rides = match(NETWORK, at_one_place(1_200), NOW)

    assert {it.direction for it in rides} == {0, 1}
    assert rides[0].confidence == pytest.approx(rides[1].confidence, abs=0.2)
    assert isinstance(rides[0], Ride)
