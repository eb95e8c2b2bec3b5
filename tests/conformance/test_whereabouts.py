"""The promises of ``geo.whereabouts.ports.Whereabouts``, each tested, on every backend."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import h3
import pytest

from geo.cells import Cell, cell_of, parent, steps
from geo.errors import WhereaboutsFull
from geo.point import Point
from geo.whereabouts.ports import FRESH, Found, Whereabouts
from realtime.kernel.errors import Malformed
from realtime.kernel.ids import PersonId
from tests.support.redis_handles import BACKENDS, two_handles, url_of
from tests.support.whereabouts import Make, in_memory, on_redis

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
PARIS = Point(lat=48.8566, lon=2.3522)
HERE = cell_of(PARIS)
FAR = cell_of(Point(lat=46.17, lon=1.87))
ANNA, BEA, CLEO, DINA = (PersonId(name) for name in ("anna", "bea", "cleo", "dina"))


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One event loop: what is waited for here is Redis, and each loop is tested elsewhere."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(params=BACKENDS)
async def make(request: pytest.FixtureRequest) -> AsyncGenerator[Make]:
    url = url_of(request)
    if url is None:
        yield in_memory
        return
    async with two_handles(url) as handles:
        yield on_redis(handles)


@pytest.fixture
def whereabouts(make: Make) -> Whereabouts:
    return make(1_000)


def at_ring(ring: int, place: int = 0) -> Cell:
    return Cell(sorted(h3.grid_ring(HERE, ring))[place])


async def arrive(whereabouts: Whereabouts, person: PersonId, cell: Cell, tags: int = 0) -> None:
    await whereabouts.enlist(person, tags)
    assert await whereabouts.move(person, cell, NOW)


async def crowd(whereabouts: Whereabouts, cell: Cell, many: int, prefix: str = "") -> set[PersonId]:
    people = {PersonId(f"{prefix}{cell}-{number}") for number in range(many)}
    for person in sorted(people):
        await arrive(whereabouts, person, cell)
    return people


async def everybody(whereabouts: Whereabouts, now: datetime = NOW) -> dict[PersonId, Cell]:
    found = await whereabouts.near(HERE, ring=None, want=1_000, now=now)
    return {it.person: it.cell for it in found}


async def test_w1_only_who_is_enlisted_is_kept(whereabouts: Whereabouts) -> None:
    moved = await whereabouts.move(ANNA, HERE, NOW)
    await whereabouts.enlist(ANNA, 0)

    assert moved is False
    assert await everybody(whereabouts) == {}


async def test_w2_discharge_forgets_everything(whereabouts: Whereabouts) -> None:
    await arrive(whereabouts, ANNA, HERE)
    await arrive(whereabouts, BEA, HERE)

    await whereabouts.discharge(ANNA)
    await whereabouts.discharge(ANNA)

    assert await everybody(whereabouts) == {BEA: HERE}
    assert await whereabouts.move(ANNA, HERE, NOW) is False
    await whereabouts.enlist(ANNA, 0)
    assert await everybody(whereabouts) == {BEA: HERE}


async def test_w3_a_person_is_in_one_place_the_latest_told(whereabouts: Whereabouts) -> None:
    await arrive(whereabouts, ANNA, HERE)

    await whereabouts.move(ANNA, FAR, NOW + timedelta(seconds=5))

    assert await everybody(whereabouts) == {ANNA: FAR}


async def test_w3_a_late_report_does_not_undo_a_recent_one(whereabouts: Whereabouts) -> None:
    await whereabouts.enlist(ANNA, 0)
    await whereabouts.move(ANNA, HERE, NOW + timedelta(seconds=5))

    late = await whereabouts.move(ANNA, FAR, NOW)

    assert late is True
    assert await everybody(whereabouts) == {ANNA: HERE}


async def test_w4_ten_minutes_after_the_last_move_a_person_is_not_live(
    whereabouts: Whereabouts,
) -> None:
    await arrive(whereabouts, ANNA, HERE)
    await arrive(whereabouts, BEA, HERE)
    await whereabouts.move(BEA, HERE, NOW + timedelta(seconds=1))

    just_before = await everybody(whereabouts, NOW + FRESH - timedelta(milliseconds=1))
    on_time = await everybody(whereabouts, NOW + FRESH)

    assert just_before == {ANNA: HERE, BEA: HERE}
    assert on_time == {BEA: HERE}
    assert await whereabouts.move(ANNA, FAR, NOW + FRESH)
    assert await everybody(whereabouts, NOW + FRESH) == {ANNA: FAR, BEA: HERE}


async def test_w4_a_crowd_that_falls_silent_is_gone_at_once(whereabouts: Whereabouts) -> None:
    await crowd(whereabouts, HERE, 300)

    assert await everybody(whereabouts, NOW + FRESH) == {}
    assert await whereabouts.counts(8, NOW + FRESH) == {}


async def test_w5_nearest_first_by_whole_layers(whereabouts: Whereabouts) -> None:
    for ring, many in ((0, 2), (1, 3), (4, 5), (40, 2)):
        await crowd(whereabouts, at_ring(ring), many)

    answers = {
        want: [it.steps for it in await whereabouts.near(HERE, ring=None, want=want, now=NOW)]
        for want in (0, 1, 2, 3, 6, 11, 99)
    }

    assert answers[0] == []
    assert answers[1] == answers[2] == [0] * 2
    assert answers[3] == [0] * 2 + [1] * 3
    assert answers[6] == [0] * 2 + [1] * 3 + [4] * 5
    assert answers[11] == answers[99] == [0] * 2 + [1] * 3 + [4] * 5 + [40] * 2


async def test_w5_a_layer_is_every_cell_at_that_distance(whereabouts: Whereabouts) -> None:
    rim = [Cell(it) for it in h3.grid_ring(HERE, 15)]
    people = [person for cell in rim for person in await crowd(whereabouts, cell, 1)]

    found = await whereabouts.near(HERE, ring=15, want=1, now=NOW)

    assert {it.person for it in found} == set(people)


async def test_w6_the_order_in_a_layer_tells_nothing_of_cells_or_arrivals(make: Make) -> None:
    people = [PersonId(f"p{number}") for number in range(12)]
    rim = sorted(h3.grid_ring(HERE, 2))
    one, other = make(100), make(100)
    for person, cell in zip(people, rim, strict=True):
        await arrive(one, person, Cell(cell))
    for person, cell in zip(reversed(people), rim, strict=True):
        await arrive(other, person, Cell(cell))

    orders = [
        [it.person for it in await each.near(HERE, ring=3, want=9, now=NOW, salt=salt)]
        for each in (one, other)
        for salt in ("alert-1", "alert-2")
    ]

    assert orders[0] == orders[2]
    assert orders[1] == orders[3]
    assert orders[0] != orders[1]
    assert sorted(people) not in orders


@pytest.mark.parametrize("ring", [0, 1, 3, 5, 15, 30])
async def test_w7_the_ring_is_the_furthest_layer(whereabouts: Whereabouts, ring: int) -> None:
    inside = await crowd(whereabouts, at_ring(ring), 1)
    await crowd(whereabouts, at_ring(ring + 1), 1)

    found = await whereabouts.near(HERE, ring=ring, want=9, now=NOW)

    assert {it.person for it in found} == inside


async def test_w7_without_a_ring_the_whole_earth_is_looked_at(whereabouts: Whereabouts) -> None:
    everywhere = {
        PersonId(f"{lat}{lon}"): cell_of(Point(lat=lat, lon=lon))
        for lat, lon in ((48.8, 2.3), (-20.9, 55.4), (16.2, -61.5), (-22.2, 166.4), (64.7, 10.5))
    }
    for person, cell in everywhere.items():
        await arrive(whereabouts, person, cell)

    assert await everybody(whereabouts) == everywhere


async def test_w8_only_those_with_all_the_tags(whereabouts: Whereabouts) -> None:
    await arrive(whereabouts, ANNA, HERE, tags=0b01)
    await arrive(whereabouts, BEA, at_ring(2), tags=0b11)
    await arrive(whereabouts, CLEO, at_ring(3), tags=0b10)

    async def with_tags(tags: int) -> set[PersonId]:
        found = await whereabouts.near(HERE, ring=5, want=9, now=NOW, tags_all=tags)
        return {it.person for it in found}

    assert await with_tags(0b01) == {ANNA, BEA}
    assert await with_tags(0b11) == {BEA}
    assert await with_tags(0b100) == set()
    assert await with_tags(0) == {ANNA, BEA, CLEO}
    await whereabouts.enlist(ANNA, 0b10)
    assert await with_tags(0b10) == {ANNA, BEA, CLEO}
    assert (await everybody(whereabouts))[ANNA] == HERE


async def test_w9_live_beats_declared(whereabouts: Whereabouts) -> None:
    zone, other = parent(HERE, 7), parent(FAR, 7)
    declared = {zone: [ANNA, BEA], other: [BEA, CLEO]}
    await arrive(whereabouts, ANNA, FAR)

    found = await whereabouts.near(HERE, ring=None, want=9, now=NOW, declared=declared)

    to_zone, to_far = steps(HERE, zone), steps(HERE, FAR)
    assert {it.person: it for it in found} == {
        ANNA: Found(ANNA, FAR, to_far, live=True),
        BEA: Found(BEA, zone, to_zone, live=False),
        CLEO: Found(CLEO, other, steps(HERE, other), live=False),
    }
    assert found[0].person == BEA


async def test_w9_live_beyond_the_ring_or_without_the_tags_is_not_declared_either(
    whereabouts: Whereabouts,
) -> None:
    declared = {parent(HERE, 7): [ANNA, BEA, CLEO]}
    await arrive(whereabouts, ANNA, FAR, tags=1)
    await arrive(whereabouts, BEA, HERE, tags=0)

    found = await whereabouts.near(HERE, ring=15, want=9, now=NOW, declared=declared, tags_all=1)

    assert [it.person for it in found] == [CLEO]


async def test_w9_who_falls_silent_falls_back_to_the_declared_zone(
    whereabouts: Whereabouts,
) -> None:
    zone = parent(HERE, 7)
    # More than are swept with a question, and she after them.
    await crowd(whereabouts, FAR, 300)
    await arrive(whereabouts, ANNA, FAR)

    found = await whereabouts.near(HERE, ring=15, want=9, now=NOW + FRESH, declared={zone: [ANNA]})

    assert found == [Found(ANNA, zone, steps(HERE, zone), live=False)]


@pytest.mark.parametrize("zones", [1, 2_000])
async def test_w9_a_zone_counts_from_its_middle_and_the_ring_holds_for_it(
    whereabouts: Whereabouts, zones: int
) -> None:
    near, beyond = h3.grid_ring(parent(HERE, 7), 2)[:1], h3.grid_ring(parent(HERE, 7), 6)[:1]
    middle = steps(HERE, Cell(near[0]))
    declared = {Cell(near[0]): [ANNA], Cell(beyond[0]): [BEA]}
    for number, zone in enumerate(h3.grid_disk(parent(FAR, 7), 25)[:zones]):
        declared[Cell(zone)] = [PersonId(f"far-{number}")]

    at_the_ring = await whereabouts.near(HERE, ring=middle, want=9, now=NOW, declared=declared)
    inside = await whereabouts.near(HERE, ring=middle - 1, want=9, now=NOW, declared=declared)

    assert at_the_ring == [Found(ANNA, Cell(near[0]), middle, live=False)]
    assert inside == []


@pytest.mark.parametrize(("away", "ring"), [(1, 4), (2, 10), (3, 17)])
async def test_w9_the_nearest_zone_of_each_ring_of_zones_is_found_among_many(
    whereabouts: Whereabouts, away: int, ring: int
) -> None:
    edge, zone = next(
        (Cell(edge), Cell(zone))
        for edge in h3.cell_to_children(parent(HERE, 7), 9)
        for zone in sorted(h3.grid_ring(parent(HERE, 7), away))
        if steps(Cell(edge), Cell(zone)) == ring
    )
    declared = {Cell(it): [PersonId(it)] for it in h3.grid_disk(parent(FAR, 7), 25)}

    found = await whereabouts.near(
        edge, ring=ring, want=9, now=NOW, declared={**declared, zone: [ANNA]}
    )

    assert found == [Found(ANNA, zone, ring, live=False)]


async def test_w10_two_places_of_one_cell_cannot_be_told_apart(make: Make) -> None:
    corner = Point(lat=48.8566, lon=2.3522)
    other = next(
        point
        for number in range(1, 99)
        if cell_of(point := Point(lat=48.8566 + number * 1e-5, lon=2.3522)) == HERE and number > 20
    )
    assert corner.distance_to(other) > 20

    answers = []
    for place in (corner, other):
        whereabouts = make(100)
        await arrive(whereabouts, ANNA, cell_of(place))
        await crowd(whereabouts, at_ring(1), 5)
        near = await whereabouts.near(cell_of(place), ring=5, want=9, now=NOW, salt="alert")
        answers.append((near, await whereabouts.counts(8, NOW)))

    assert answers[0] == answers[1]


async def test_w11_counts_leave_out_cells_of_few(whereabouts: Whereabouts) -> None:
    await crowd(whereabouts, HERE, 4)
    await crowd(whereabouts, FAR, 5)

    assert await whereabouts.counts(7, NOW) == {parent(FAR, 7): 5}
    assert await whereabouts.counts(7, NOW, at_least=1) == {parent(FAR, 7): 5, parent(HERE, 7): 4}
    await crowd(whereabouts, at_ring(1), 1)
    assert (await whereabouts.counts(5, NOW))[parent(HERE, 5)] == 5


@pytest.mark.parametrize("res", [-1, 0, 4, 9, 15])
async def test_w11_nothing_finer_nor_coarser_is_counted(whereabouts: Whereabouts, res: int) -> None:
    with pytest.raises(Malformed):
        await whereabouts.counts(res, NOW)


async def test_w12_one_too_many_is_refused_and_changes_nothing(make: Make) -> None:
    whereabouts = make(2)
    await arrive(whereabouts, ANNA, HERE)
    await arrive(whereabouts, BEA, HERE)

    with pytest.raises(WhereaboutsFull):
        await whereabouts.enlist(CLEO, 0)

    assert await whereabouts.move(CLEO, HERE, NOW) is False
    await whereabouts.enlist(ANNA, 1)
    await whereabouts.discharge(BEA)
    await arrive(whereabouts, CLEO, HERE)
    assert await everybody(whereabouts) == {ANNA: HERE, CLEO: HERE}


@pytest.mark.parametrize("cell", ["", "nowhere", str(parent(HERE, 8)), "891fb466257fff0"])
async def test_w13_what_is_no_cell_of_res_9_is_refused(whereabouts: Whereabouts, cell: str) -> None:
    await arrive(whereabouts, ANNA, HERE)

    with pytest.raises(Malformed):
        await whereabouts.move(ANNA, Cell(cell), NOW)
    with pytest.raises(Malformed):
        await whereabouts.near(Cell(cell), ring=1, want=1, now=NOW)

    assert await everybody(whereabouts) == {ANNA: HERE}


async def test_w13_a_finer_cell_counts_as_the_one_that_holds_it(whereabouts: Whereabouts) -> None:
    finer = Cell(h3.cell_to_center_child(HERE, 12))

    await arrive(whereabouts, ANNA, finer)

    assert await everybody(whereabouts) == {ANNA: HERE}
    assert await whereabouts.near(finer, ring=0, want=1, now=NOW) == [
        Found(ANNA, HERE, 0, live=True)
    ]


async def test_w15_who_is_at_hand_is_moved_without_waiting(whereabouts: Whereabouts) -> None:
    await arrive(whereabouts, ANNA, FAR)

    if whereabouts.at_hand(ANNA):
        whereabouts.move_at_once(ANNA, PARIS, NOW)
    else:
        await whereabouts.move(ANNA, HERE, NOW)

    assert await everybody(whereabouts) == {ANNA: HERE}
    assert not whereabouts.at_hand(BEA)


async def test_w15_at_once_is_no_other_way_of_moving() -> None:
    """As W1, W3 and W4 have it: only in memory is anybody at hand."""
    whereabouts, later = in_memory(2), NOW + timedelta(seconds=5)
    await whereabouts.enlist(ANNA, 0)
    await whereabouts.enlist(BEA, 0)
    whereabouts.move_at_once(ANNA, PARIS, later)
    whereabouts.move_at_once(ANNA, Point(lat=46.17, lon=1.87), NOW)
    assert await everybody(whereabouts) == {ANNA: HERE}

    whereabouts.move_at_once(BEA, PARIS, later + FRESH)

    assert await everybody(whereabouts, later + FRESH) == {BEA: HERE}
    await whereabouts.discharge(BEA)
    assert not whereabouts.at_hand(BEA)
