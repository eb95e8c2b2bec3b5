"""The demo city's hotels: invented, in the city, with room for everybody, and desks that answer."""

from random import Random

from web.demo.city import CITY, communes
from web.demo.inns import INNS, accepts, answers_after, confirms, hotel_id


def test_they_are_where_nobody_lives_and_alike_at_each_start() -> None:
    assert 8 <= len(INNS) <= 12
    assert len({it.name for it in INNS}) == len({it.street for it in INNS}) == len(INNS)
    assert all(it.commune < len(communes()) for it in INNS)
    assert all(it.at.distance_to(CITY.town.middle) < 10_000 for it in INNS)
    assert hotel_id(3) == "demo-hotel-3"


def test_there_is_a_room_for_a_family_a_wheelchair_and_a_dog() -> None:
    rooms = [room for inn in INNS for room in inn.rooms]

    assert any(it.people >= 4 and it.cots for it in rooms)
    assert any(it.accessible and it.ground_floor for it in rooms)
    assert any(it.pets for it in rooms)


def test_desks_answer_in_seconds_and_the_visitors_waits_for_the_visitor() -> None:
    chance = Random(1)
    visitors = sorted(answers_after(0, chance) for _ in range(200))
    others = sorted(answers_after(4, chance) for _ in range(200))

    assert 60 < visitors[100] < 90
    assert 5 < others[100] < 10


def test_most_say_yes_and_the_first_always() -> None:
    chance = Random(1)

    assert all(confirms(INNS[0], chance) for _ in range(100))
    said = [confirms(inn, chance) for inn in INNS for _ in range(100)]
    took = [accepts(inn, chance) for inn in INNS for _ in range(100)]
    assert 0.7 < sum(said) / len(said) < 1
    assert 0.3 < sum(took) / len(took) < 0.8
