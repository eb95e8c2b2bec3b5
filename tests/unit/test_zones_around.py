"""Declared zones are found by the steps to their middle, no sooner than somebody asks so far."""

import random
from collections.abc import Iterator

import h3
import pytest

from geo.cells import Cell, Index, cell_of, index_steps, middle, parent, to_cell, to_index
from geo.point import Point
from geo.whereabouts.nearest import EVERYWHERE
from geo.whereabouts.order import ZonesAround
from realtime.kernel.ids import PersonId

PARIS = to_index(cell_of(Point(lat=48.8566, lon=2.3522)))
PENTAGON = min(to_index(it) for it in h3.get_pentagons(9))


class Watched(dict[Cell, list[PersonId]]):
    """Says whether all of it was gone through."""

    gone_through = False

    def __iter__(self) -> Iterator[Cell]:
        self.gone_through = True
        return super().__iter__()


def zones_around(origin: Index, many: int, seed: int) -> Watched:
    disk = sorted(h3.grid_disk(h3.cell_to_parent(to_cell(origin), 7), 14))
    some = random.Random(seed).sample(disk, many)
    return Watched({Cell(it): [PersonId(it)] for it in some})


def at(origin: Index, zone: Cell) -> int:
    return index_steps(origin, middle(to_index(zone)))


@pytest.mark.parametrize("origin", [PARIS, PENTAGON])
@pytest.mark.parametrize("many", [1, 3, 30, 400])
@pytest.mark.parametrize("ring", [0, 30, None])
@pytest.mark.parametrize("asked", [(EVERYWHERE,), (5, 40, 41, EVERYWHERE), (0, 70, EVERYWHERE)])
def test_each_zone_is_found_once_and_in_its_place(
    origin: Index, many: int, ring: int | None, asked: tuple[int, ...]
) -> None:
    zones = zones_around(origin, many, many)
    around = ZonesAround(zones, origin, ring)

    taken = [list(around.take(steps)) for steps in asked]

    limit = EVERYWHERE if ring is None else ring
    expected = sorted((at(origin, it), it) for it in zones if at(origin, it) <= limit)
    assert sorted((it, zone) for some in taken for it, there in some for zone in there) == expected
    steps = [it for some in taken for it, _ in some]
    assert steps == sorted(steps)
    for so_far, upper in enumerate(asked, 1):
        told = {it for some in taken[:so_far] for it, _ in some}
        assert told == {it for it, _ in expected if it <= upper}


def test_what_is_near_is_found_without_going_through_all() -> None:
    zones = zones_around(PARIS, 400, 1)
    around = ZonesAround(zones, PARIS, None)

    near, further = list(around.take(30)), next(around.take(EVERYWHERE))

    assert near
    assert further > near[-1]
    assert not zones.gone_through


def test_of_a_zone_that_comes_or_goes_meanwhile_nothing_breaks() -> None:
    zones = zones_around(PARIS, 400, 1)
    around = ZonesAround(zones, PARIS, None)
    near = {zone for _, there in around.take(30) for zone in there}

    zones.clear()
    home = parent(to_cell(PARIS), 7)
    zones[home] = [PersonId("anna")]
    rest = {zone for _, there in around.take(EVERYWHERE) for zone in there}

    assert not near & rest


@pytest.mark.parametrize("empty", [0, 40])
def test_a_zone_that_comes_behind_whoever_walks_is_not_found_by_her(empty: int) -> None:
    home = parent(to_cell(PARIS), 7)
    them = zones_around(PARIS, 400, 1).items()
    zones = Watched({it: each for it, each in them if it != home and at(PARIS, it) > empty})
    around = ZonesAround(zones, PARIS, None)
    near = list(around.take(40))

    zones[home] = [PersonId("anna")]
    further = list(around.take(EVERYWHERE))

    assert bool(near) == (empty == 0)
    assert min(it for it, _ in further) > 40
