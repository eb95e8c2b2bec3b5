"""The demo's city and people are drawn by a dice that is given, and behave as people do."""

import itertools
from random import Random
from statistics import median

import pytest

from geo.cells import Cell, cell_of
from geo.density import shown_resolution
from geo.point import Point
from web.demo import phrases
from web.demo.city import CITY, Spot, communes
from web.demo.people import Answer, Personality, around, personality, plan, population
from web.demo.streets import Streets, streets, walk


def town() -> Streets:
    return streets(CITY.town, Random(1))


def test_the_same_dice_draw_the_same_city_and_the_same_people() -> None:
    assert population(Random(7)) == population(Random(7))
    assert town().spots == town().spots


def test_no_two_people_have_the_same_name_even_in_a_crowd() -> None:
    people = population(Random(1), town=400, hills=100)

    assert len({person.name for person in people}) == 500


def test_everyone_can_come_and_some_may_come_to_a_home() -> None:
    people = population(Random(1))

    assert all("come" in person.skills for person in people)
    assert 10 <= sum(person.tier == 2 for person in people) <= 40


def test_the_chances_of_the_three_answers_make_a_whole() -> None:
    for person in population(Random(3)):
        assert 0 < person.accepts < 1
        assert person.declines > 0
        assert person.accepts + person.declines < 1


def answers(person: Personality, *, near: bool) -> list[Answer]:
    random = Random(2)
    return [plan(person, random, near=near).answer for _ in range(4000)]


def test_people_answer_as_often_as_their_personality_says() -> None:
    person = personality("Nadia B.", Random(5))

    given = answers(person, near=True)

    assert given.count(Answer.ACCEPTS) / 4000 == pytest.approx(person.accepts, abs=0.03)
    assert given.count(Answer.DECLINES) / 4000 == pytest.approx(person.declines, abs=0.03)
    assert given.count(Answer.IS_SILENT) > 0


def test_who_is_far_accepts_less_often() -> None:
    person = personality("Nadia B.", Random(5))

    far = answers(person, near=False).count(Answer.ACCEPTS)

    assert 0 < far < answers(person, near=True).count(Answer.ACCEPTS) / 4


def test_half_of_the_answers_come_within_four_to_twelve_seconds() -> None:
    random = Random(4)

    taken = [plan(person, random).total_s for person in population(random) for _ in range(100)]

    assert 4 < median(taken) < 12
    assert all(0 < seconds < 120 for seconds in taken)


def test_a_delay_is_around_its_median() -> None:
    random = Random(6)

    assert median(around(5.0, 0.45, random) for _ in range(2000)) == pytest.approx(5.0, rel=0.1)


def test_places_survive_the_way_to_degrees_and_back() -> None:
    spot = Spot(1234.0, -567.0)

    back = CITY.spot(*CITY.degrees(spot))

    assert back.distance_to(spot) < 0.001


def test_a_metre_of_the_city_is_a_metre_of_the_earth() -> None:
    lat, lon = CITY.degrees(CITY.hills.middle)

    metres = Point(lat=CITY.lat, lon=CITY.lon).distance_to(Point(lat=lat, lon=lon))

    assert metres == pytest.approx(CITY.hills.middle.distance_to(Spot(0, 0)), rel=0.005)


def test_the_invented_communes_hide_each_place_of_the_city_in_a_cell_of_streets() -> None:
    populations: dict[Cell, int] = {}
    for commune in communes():
        cell = cell_of(Point(lat=commune.lat, lon=commune.lon), 6)
        populations[cell] = populations.get(cell, 0) + commune.population

    shown = set()
    for district in (CITY.town, CITY.hills):
        for spot in streets(district, Random(1)).spots:
            lat, lon = CITY.degrees(spot)
            shown.add(shown_resolution(cell_of(Point(lat=lat, lon=lon)), populations))

    assert shown == {8}


def test_the_codes_of_the_invented_communes_are_nobodys() -> None:
    assert all(commune.code.startswith("00") for commune in communes())
    assert len({commune.code for commune in communes()}) == len(communes())


def test_every_crossing_can_be_walked_to() -> None:
    made = town()
    start = made.spots[0]

    ways = [made.way(start, spot) for spot in made.spots]

    assert all(way[-1] == spot for way, spot in zip(ways, made.spots, strict=True))
    assert all(made.beside(crossing) for crossing in range(len(made.spots)))


def test_a_way_goes_from_crossing_to_crossing_beside_it() -> None:
    made = town()

    way = made.way(made.spots[0], made.spots[-1])

    numbers = [made.spots.index(spot) for spot in way[:-1]]
    assert numbers[0] == 0
    for here, there in itertools.pairwise(numbers):
        assert there in made.beside(here)


def test_where_streets_are_missing_the_largest_part_is_the_town(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("web.demo.streets.MISSING", 0.45)

    made = town()

    assert len(made.spots) > 100
    assert all(made.way(made.spots[0], spot)[-1] == spot for spot in made.spots)


def test_people_may_live_at_any_crossing() -> None:
    made, random = town(), Random(9)

    homes = {made.anywhere(random) for _ in range(10_000)}

    assert homes == set(range(len(made.spots)))


def test_no_other_way_is_shorter() -> None:
    line = [Spot(0, 0), Spot(100, 0), Spot(200, 0), Spot(100, 300)]
    made = Streets(line, [(0, 1), (1, 2), (0, 3), (3, 2)])

    assert made.way(Spot(0, 0), Spot(200, 0)) == [*line[:3], Spot(200, 0)]


def test_a_walk_stops_where_the_metres_end() -> None:
    way = [Spot(100, 0), Spot(100, 100)]

    here, left = walk(Spot(0, 0), way, 150)

    assert here == Spot(100, 50)
    assert left == [Spot(100, 100)]


def test_a_walk_goes_no_further_than_its_way() -> None:
    assert walk(Spot(0, 0), [Spot(10, 0)], 1000) == (Spot(10, 0), [])
    assert walk(Spot(0, 0), [], 1000) == (Spot(0, 0), [])
    assert walk(Spot(0, 0), [Spot(0, 0), Spot(9, 0)], 0) == (Spot(0, 0), [Spot(0, 0), Spot(9, 0)])


def test_a_phrase_tells_a_distance_to_the_nearest_fifty_metres() -> None:
    said = phrases.say(("{metres} m, {minutes}",), Random(1), metres=12)

    assert said == "50 m, dans 1 minute"


def test_every_phrase_can_be_said() -> None:
    everything = (
        *phrases.COMING, *phrases.CALLING, *phrases.THERE, *phrases.ANSWERING,
        *phrases.ASKING, *phrases.THANKING, *phrases.STAYING,
    )  # fmt: skip

    assert all("{" not in phrases.say((line,), Random(1), metres=300) for line in everything)
