"""The people of the dispatch bench: the same for every process, and enough of them everywhere.

That two come to every request that is answered is required by its table, which
``tests/load/test_reduced.py`` holds it to.
"""

from tests.load.dispatch_world import Size, draw, metres, others
from tests.load.stations import plain, read_stations

SIZE = Size(helpers=500, sockets=60, places=3, answered=2, requests=10, rate=2.0)


def test_the_same_seed_draws_the_same_world_and_another_does_not() -> None:
    assert draw(SIZE, 1) == draw(SIZE, 1)
    assert draw(SIZE, 1).asking != draw(SIZE, 2).asking


def test_whoever_asks_has_enough_people_with_an_open_page_within_five_kilometres() -> None:
    world = draw(SIZE, 1)

    for here in world.asking:
        assert sum(metres(here, there) < 5_000 for there in world.sockets) >= 7


def test_everybody_else_is_spread_over_france() -> None:
    found = list(others(SIZE, 1))

    assert len(found) == SIZE.helpers - SIZE.sockets
    assert max(it.lat for it in found) - min(it.lat for it in found) > 5


def test_the_two_lists_of_stations_agree_on_nearly_all_travellers() -> None:
    found = read_stations()

    counted = [station for station in found if station.counted]

    assert len(found) > 900
    assert len(counted) > 330
    assert max(counted, key=lambda it: it.weight).name in {"NORD", "SAINT LAZARE", "LYON"}


def test_names_written_in_two_ways_are_one_name() -> None:
    assert plain("Saint-Germain-des-Prés") == plain("ST GERMAIN DES PRES")
    assert plain("La Défense (Grande Arche)") != plain("Esplanade de la Défense")
    assert plain("Gare") == "GARE"
