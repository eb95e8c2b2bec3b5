"""The dispatch bench at a small size: it measures what it says, and its promises hold there too."""

import pytest

from tests.load import bench_dispatch
from tests.load.dispatch_world import Size, Spot, World, dense, draw, plain, read_stations

SIZE = Size(helpers=2_000, sockets=60, requests=10, rate=2.0)


@pytest.mark.timeout(150)
def test_two_come_to_every_request_that_has_seven_helpers_near() -> None:
    table = bench_dispatch.main(seed=7, reduced=True)

    assert table.unmet == []
    assert {row[0] for row in table.rows} >= {
        "command → first offer written",
        "command → first offer on a real socket, alone",
        "near offers per request",
        "redundant arrivals per request",
    }


def test_the_two_lists_of_stations_agree_on_nearly_all_travellers() -> None:
    found = read_stations()

    counted = [station for station in found if station.counted]

    assert len(found) > 900
    assert len(counted) > 330
    assert max(counted, key=lambda it: it.weight).name in {"NORD", "SAINT LAZARE", "LYON"}


def test_the_same_seed_draws_the_same_world_and_another_does_not() -> None:
    stations = read_stations()

    assert draw(stations, SIZE, 1) == draw(stations, SIZE, 1)
    assert draw(stations, SIZE, 1).requests != draw(stations, SIZE, 2).requests


def test_names_written_in_two_ways_are_one_name() -> None:
    assert plain("Saint-Germain-des-Prés") == plain("ST GERMAIN DES PRES")
    assert plain("La Défense (Grande Arche)") != plain("Esplanade de la Défense")
    assert plain("Gare") == "GARE"


def test_a_request_is_dense_when_enough_helpers_are_within_the_circle() -> None:
    here, beyond = Spot(48.85, 2.35), Spot(48.90, 2.35)
    world = World(
        requests=[here, beyond], sockets=[here] * 3, others=[here] * 4, stations=1, counted=1
    )

    assert dense(world, least=7, within_m=5_000) == [True, False]
    assert dense(world, least=8, within_m=5_000) == [False, False]
    assert dense(world, least=7, within_m=6_000) == [True, True]
