"""A question about people kept elsewhere: what is asked for, in which order, and when it ends."""

import h3.api.basic_int as grid
import pytest

from geo.cells import (
    Cell,
    Index,
    cell_of,
    index_steps,
    middle,
    parent,
    to_cell,
    to_index,
    up,
)
from geo.point import Point
from geo.whereabouts.asking import DISKS, Asking
from geo.whereabouts.asks import Check, Directory, Look, Question
from geo.whereabouts.nearest import REACH
from geo.whereabouts.ports import Found
from geo.whereabouts.reached import Reached
from geo.whereabouts.stems import index_of, share_of, stem_of
from realtime.kernel.ids import PersonId

HERE = to_index(cell_of(Point(lat=48.8566, lon=2.3522)))
ANNA, BEA = PersonId("anna"), PersonId("bea")


def question(ring: int | None, want: int = 3, origin: Index = HERE) -> Question:
    return Question(origin=origin, ring=ring, want=want, tags_all=0, zones={}, salt="")


def res_of(cells: object) -> set[int]:
    assert isinstance(cells, Look)
    return {grid.get_resolution(it) for group in cells.groups for it in group}


def test_nobody_wanted_nothing_asked() -> None:
    assert Asking(question(5, want=0)).next() is None


def test_a_short_ring_is_read_cell_by_cell_ring_by_ring() -> None:
    asking = Asking(question(2))
    look = asking.next()

    assert isinstance(look, Look)
    assert [len(group) for group in look.groups] == [1, 6, 12]
    assert res_of(look) == {9}
    asking.looked({}, 3)
    assert asking.next() is None
    assert asking.answer() == []


def test_of_rings_that_were_not_read_nothing_is_believed() -> None:
    asking = Asking(question(None, want=2))
    asking.next()
    near, far = (min(grid.grid_ring(HERE, ring)) for ring in (1, 2))

    asking.looked({near: [ANNA], far: [BEA]}, 2)

    assert res_of(asking.next()) == {8}
    asking.looked({near: [ANNA], far: [BEA]}, 1)
    assert asking.next() is None
    assert [(it.person, it.steps) for it in asking.answer()] == [(ANNA, 1), (BEA, 2)]


def test_a_layer_is_answered_whole_and_no_more_than_needed() -> None:
    asking = Asking(question(None, want=1))
    asking.next()
    near, far = (min(grid.grid_ring(HERE, ring)) for ring in (1, 2))

    asking.looked({near: [ANNA, BEA], far: [PersonId("cleo")]}, 4)

    assert asking.next() is None
    assert {it.person for it in asking.answer()} == {ANNA, BEA}


@pytest.mark.parametrize(("res", "rings", "horizon"), DISKS)
def test_a_wide_ring_ends_with_the_smallest_disk_that_holds_it(
    res: int, rings: int, horizon: int
) -> None:
    asking = Asking(question(horizon))
    seen = []
    while (look := asking.next()) is not None:
        assert isinstance(look, Look)
        seen.append((res_of(look), len(look.groups[-1])))
        asking.looked({}, len(look.groups))

    last = len(grid.grid_ring(HERE, rings) if res == 9 else grid.grid_disk(HERE, rings))
    assert seen[-1] == ({res}, last)
    assert len(seen) <= 9


def test_who_stands_in_two_lists_is_answered_once_at_the_nearer() -> None:
    asking = Asking(question(None, want=2))
    asking.next()
    near, far = (min(grid.grid_ring(HERE, ring)) for ring in (1, 2))

    asking.looked({far: [ANNA], near: [ANNA]}, 4)

    assert asking.answer() == [Found(ANNA, to_cell(near), 1, live=True)]


def test_on_the_whole_earth_places_are_read_from_the_nearest_and_none_twice() -> None:
    asking = Asking(question(None, want=1), reach=131)
    look = asking.next()
    assert res_of(look) == {5}
    asking.looked({}, 1)
    assert asking.next() == Directory(grid.grid_disk(up(HERE, 3), 1))
    lyon = to_index(cell_of(Point(lat=45.76, lon=4.83)))
    tours = to_index(cell_of(Point(lat=47.39, lon=0.69)))
    orleans = to_index(cell_of(Point(lat=48.2, lon=1.9)))
    shares = [share_of(stem_of(it)) for it in (lyon, HERE, tours, orleans)]

    asking.listed([shares[1], shares[3]])
    look = asking.next()
    assert isinstance(look, Look)
    assert [up(it, 5) for it in look.groups[0]] == [up(orleans, 5)]
    asking.looked({}, 1)
    assert asking.next() == Directory()
    asking.listed(shares)

    look = asking.next()
    assert isinstance(look, Look)
    assert [up(it, 5) for it in look.groups[0]] == [up(tours, 5), up(lyon, 5)]
    asking.looked({lyon: [BEA], tours: [ANNA]}, 1)
    assert asking.next() is None
    assert [it.person for it in asking.answer()] == [ANNA]


def test_beside_a_pentagon_nothing_is_taken_for_granted() -> None:
    pentagon = min(grid.get_pentagons(9))

    assert Asking(question(3, origin=pentagon)).next() == Directory()


ZONE = parent(Cell(to_cell(HERE)), 7)


def test_who_declared_a_zone_is_looked_up_only_when_it_matters() -> None:
    away = index_steps(HERE, middle(to_index(ZONE)))
    asked = Question(origin=HERE, ring=None, want=1, tags_all=0, zones={ZONE: [ANNA, BEA]}, salt="")
    asking = Asking(asked, reach=30)
    assert away > 0
    asking.next()
    asking.looked({HERE: [PersonId("cleo")]}, 1)

    assert asking.next() is None
    assert [it.person for it in asking.answer()] == ["cleo"]


def test_who_is_live_elsewhere_is_not_answered_at_her_zone() -> None:
    asked = Question(origin=HERE, ring=30, want=2, tags_all=0, zones={ZONE: [ANNA, BEA]}, salt="")
    asking = Asking(asked, reach=30)
    asking.next()
    asking.looked({}, 1)
    assert asking.next() == Check([ANNA, BEA])

    asking.checked({ANNA}, [ANNA, BEA])

    assert asking.next() is None
    assert [(it.person, it.live) for it in asking.answer()] == [(BEA, False)]


def test_where_those_declared_are_live_more_is_looked_at() -> None:
    asked = Question(origin=HERE, ring=None, want=1, tags_all=0, zones={ZONE: [ANNA]}, salt="")
    asking = Asking(asked, reach=30)
    asking.next()
    asking.looked({}, 1)
    assert asking.next() == Check([ANNA])

    asking.checked({ANNA}, [ANNA])

    assert res_of(asking.next()) == {5}


@pytest.mark.parametrize("ring", [5, 30, None])
def test_with_nobody_live_the_declared_are_answered(ring: int | None) -> None:
    asked = Question(
        origin=HERE, ring=ring, want=9, tags_all=1, zones={ZONE: [ANNA, BEA]}, salt="alert"
    )

    asking = Asking(asked)
    asking.nobody_live()

    # A backend that is away is not asked again for the next piece.
    assert asking.next() is None
    found = asking.answer()
    assert asking.is_over
    assert {it.person for it in found} == {ANNA, BEA}
    assert not any(it.live for it in found)


@pytest.mark.parametrize("res", range(10))
def test_a_stem_is_its_cell(res: int) -> None:
    for cell in (up(HERE, res), *grid.get_pentagons(res)):
        assert index_of(stem_of(cell)) == cell


@pytest.mark.parametrize(("res", "rings", "horizon"), DISKS)
def test_nothing_outside_a_disk_is_as_near_as_its_horizon(
    res: int, rings: int, horizon: int
) -> None:
    coarse = up(HERE, res)
    outside = min(
        index_steps(middle(coarse), middle(it)) for it in grid.grid_ring(coarse, rings + 1)
    )

    assert outside - 2 * REACH[res] == horizon + 1


def test_where_somebody_asked_before_as_much_is_read_at_once() -> None:
    crowd = [PersonId(f"p{number}") for number in range(200)]
    near, far = (min(grid.grid_ring(HERE, ring)) for ring in (4, 11))
    asking = Asking(question(None, want=150), reach=11)
    look = asking.next()
    assert isinstance(look, Look)
    assert look.guess
    assert res_of(look) == {7}

    asking.looked({near: crowd[:100], far: crowd[100:]}, 1)

    assert asking.next() is None
    assert len(asking.answer()) == 200


def test_no_more_is_read_than_the_piece_takes() -> None:
    asking = Asking(question(None, want=7))
    first = asking.next()
    assert isinstance(first, Look)
    assert first.enough == 7
    asking.looked({HERE: [PersonId(f"p{number}") for number in range(7)]}, 1)
    asking.answer()

    asking.go_on(3)
    further = asking.next()

    assert isinstance(further, Look)
    assert further.enough == 3


def test_where_a_guess_meets_a_crowd_it_begins_with_the_nearest() -> None:
    asking = Asking(question(None, want=1), reach=131)
    asking.next()

    asking.crowded()

    look = asking.next()
    assert res_of(look) == {9}
    assert isinstance(look, Look)
    assert not look.guess


def test_where_that_is_not_enough_it_goes_on_with_coarser_cells() -> None:
    asking = Asking(question(None, want=1), reach=2)
    seen = []

    while isinstance(look := asking.next(), Look):
        seen.append(max(res_of(look)))
        asking.looked({}, len(look.groups))

    assert seen == [9, 8, 8, 7, 7, 6, 5, 5]
    assert isinstance(look, Directory)


def test_far_away_lists_are_read_at_once_and_never_again() -> None:
    asking = Asking(question(None, want=1), reach=1_000)
    look = asking.next()
    assert isinstance(look, Look)
    asking.looked({}, 1)
    assert isinstance(asking.next(), Directory)

    asking.listed(map(stem_of, look.groups[0]))

    assert asking.next() == Directory()


def test_a_reach_is_remembered_by_place_and_question_and_shrinks_slowly() -> None:
    reached, asked = Reached(most=2), question(None, want=1)

    def found(steps: int) -> list[Found]:
        return [Found(ANNA, to_cell(HERE), steps, live=True)]

    assert reached.before(asked) is None
    reached.note(asked, found(9))
    reached.note(asked, found(2))
    assert reached.before(asked) == 8
    assert reached.before(question(30, want=1)) is None
    for ring in (3, 5):
        reached.note(question(ring, want=1), found(1))
    assert reached.before(asked) is None
    reached.note(question(5, want=1), [])
    assert reached.before(question(5, want=1)) is None
