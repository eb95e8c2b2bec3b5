"""The walk over occupied cells finds what looking at everybody finds: same people, same layers.

Random points never found a wrong circle, points on its rim did: half of the people stand exactly
on a ring that the question asks about, or where base cells, faces and pentagons of the grid meet.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

import h3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.cells import Cell, cell_of, parent, steps, to_cell, to_index
from geo.point import Point
from geo.whereabouts.adapters.memory import MemoryWhereabouts
from geo.whereabouts.nearest import REACH, least_steps
from realtime.kernel.ids import PersonId

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
RINGS = (1, 3, 5, 15, 30)
#: A mistake on one rim of one resolution shows in one town of a hundred.
MANY = max(200, settings().max_examples)
#: Where the grid is awkward: corners of base cells, and beside pentagons.
AWKWARD = [
    *(h3.cell_to_latlng(it) for it in sorted(h3.get_pentagons(9))),
    *(corner for base in sorted(h3.get_res0_cells())[::7] for corner in h3.cell_to_boundary(base)),
]
#: With so many zones, those in reach are looked up instead of all being looked at.
ZONES_OF_NOBODY: dict[Cell, list[PersonId]] = {
    Cell(zone): [] for zone in h3.grid_disk(h3.latlng_to_cell(0, 20, 7), 12)
}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Nothing here waits: one event loop is enough."""
    return "asyncio"


lats = st.floats(-1, 1).map(lambda sine: math.degrees(math.asin(sine)))
anywhere = st.builds(Point, lat=lats, lon=st.floats(-180, 180))
france = st.builds(Point, lat=st.floats(42.5, 50.5), lon=st.floats(-4, 7.5))
awkward = st.sampled_from(AWKWARD).map(lambda spot: Point(lat=spot[0], lon=spot[1]))
origins = st.one_of(france, france, anywhere, awkward).map(cell_of)


@dataclass(frozen=True)
class Town:
    origin: Cell
    people: dict[PersonId, Cell]


def shifted(cell: Cell, north: float, east: float) -> Cell:
    lat, lon = h3.cell_to_latlng(cell)
    lon += east / max(0.01, math.cos(math.radians(lat)))
    return cell_of(Point(lat=max(-90.0, min(90.0, lat + north)), lon=(lon + 180) % 360 - 180))


@st.composite
def towns(draw: st.DrawFn) -> Town:
    """Some people around an origin: at any scale, and on the very rim of a ring."""
    origin = draw(origins)
    scale = draw(st.sampled_from([0.003, 0.02, 0.2, 2, 30]))
    spread = st.floats(-scale, scale)
    free = st.builds(lambda north, east: shifted(origin, north, east), spread, spread)
    rims = [to_cell(to_index(cell)) for ring in RINGS[:4] for cell in h3.grid_ring(origin, ring)]
    rims += h3.grid_ring(origin, 2) + h3.grid_ring(origin, 6)
    cells = draw(st.lists(st.one_of(free, st.sampled_from(rims)), max_size=40))
    return Town(origin, {PersonId(f"p{number}"): cell for number, cell in enumerate(cells)})


async def settled(town: Town) -> MemoryWhereabouts:
    whereabouts = MemoryWhereabouts()
    for person, cell in town.people.items():
        await whereabouts.enlist(person, 0)
        await whereabouts.move(person, cell, NOW)
    return whereabouts


def by_looking_at_everybody(
    places: dict[PersonId, Cell], origin: Cell, ring: int | None, want: int
) -> list[tuple[int, frozenset[PersonId]]]:
    layers: dict[int, set[PersonId]] = {}
    for person, cell in places.items():
        layers.setdefault(steps(origin, cell), set()).add(person)
    found: list[tuple[int, frozenset[PersonId]]] = []
    for at in sorted(layers):
        if (ring is not None and at > ring) or sum(len(them) for _, them in found) >= want:
            break
        found.append((at, frozenset(layers[at])))
    return found


#: The last three are those at which a zone of one more ring of zones comes into reach.
rings = st.one_of(st.none(), st.sampled_from([0, *RINGS, 2, 100, 4, 11, 18]))


@settings(max_examples=MANY)
@given(town=towns(), ring=rings, want=st.integers(1, 45))
async def test_near_is_what_looking_at_everybody_finds(
    town: Town, ring: int | None, want: int
) -> None:
    whereabouts = await settled(town)

    found = await whereabouts.near(town.origin, ring=ring, want=want, now=NOW)

    layers: dict[int, set[PersonId]] = {}
    for it in found:
        assert town.people[it.person] == it.cell
        layers.setdefault(it.steps, set()).add(it.person)
    answer = [(at, frozenset(them)) for at, them in layers.items()]
    assert answer == by_looking_at_everybody(town.people, town.origin, ring, want)


@settings(max_examples=MANY)
@given(
    town=towns(), ring=rings, want=st.integers(1, 45), live=st.integers(0, 10), others=st.booleans()
)
async def test_declared_zones_are_found_as_if_one_looked_at_all_of_them(
    town: Town, ring: int | None, want: int, live: int, others: bool
) -> None:
    whereabouts = MemoryWhereabouts()
    places: dict[PersonId, Cell] = {}
    declared: dict[Cell, list[PersonId]] = dict(ZONES_OF_NOBODY) if others else {}
    for number, (person, cell) in enumerate(town.people.items()):
        declared.setdefault(parent(cell, 7), []).append(person)
        places[person] = parent(cell, 7)
        if number < live:
            places[person] = cell
            await whereabouts.enlist(person, 0)
            await whereabouts.move(person, cell, NOW)

    found = await whereabouts.near(town.origin, ring=ring, want=want, now=NOW, declared=declared)

    layers: dict[int, set[PersonId]] = {}
    for it in found:
        assert places[it.person] == it.cell
        layers.setdefault(it.steps, set()).add(it.person)
    answer = [(at, frozenset(them)) for at, them in layers.items()]
    assert answer == by_looking_at_everybody(places, town.origin, ring, want)


@settings(max_examples=MANY)
@given(town=towns(), rest=st.lists(st.booleans(), min_size=40, max_size=40))
async def test_who_leaves_is_forgotten_and_the_others_are_still_found(
    town: Town, rest: list[bool]
) -> None:
    whereabouts = await settled(town)
    stay = {
        person: cell
        for (person, cell), stays in zip(town.people.items(), rest, strict=False)
        if stays
    }
    for person in town.people:
        if person not in stay:
            await whereabouts.discharge(person)

    found = await whereabouts.near(town.origin, ring=None, want=100, now=NOW)

    assert {it.person: it.cell for it in found} == stay


@settings(max_examples=MANY)
@given(origin=origins, there=st.one_of(anywhere, awkward).map(cell_of), res=st.integers(0, 8))
def test_no_cell_is_nearer_than_its_parents_promise(origin: Cell, there: Cell, res: int) -> None:
    least = least_steps(to_index(origin), to_index(parent(there, res)), res)

    assert least <= steps(origin, there)


@settings(max_examples=MANY)
@given(origin=france.map(cell_of), north=st.floats(-2, 2), east=st.floats(-2, 2))
def test_the_seven_cells_around_hold_everything_up_to_their_horizon(
    origin: Cell, north: float, east: float
) -> None:
    there = shifted(origin, north, east)
    for res in range(3, 9):
        if parent(there, res) not in h3.grid_disk(parent(origin, res), 1):
            assert steps(origin, there) > REACH[res] + 1
