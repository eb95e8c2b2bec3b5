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
from geo.whereabouts.asking import DISKS, Asking, with_nobody_live
from geo.whereabouts.asks import Check, Directory, Look, Question, Spot, Tally
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
    return {grid.get_resolution(it) for it in cells.cells}


def test_nobody_wanted_nothing_asked() -> None:
    assert Asking(question(5, want=0)).next() is None


def test_a_short_ring_is_one_look_at_seven_small_cells() -> None:
    asking = Asking(question(2))
    look = asking.next()

    assert res_of(look) == {8}
    asking.looked([])
    assert asking.next() is None
    assert asking.answer() == []


def test_a_wide_one_begins_where_enough_are_listed() -> None:
    asking = Asking(question(12))
    tally = asking.next()
    assert isinstance(tally, Tally)
    assert len(tally.groups) == 3

    asking.tallied([1, 3, 90])

    assert res_of(asking.next()) == {7}
    asking.looked([])
    assert res_of(asking.next()) == {6}
    asking.looked([])
    assert asking.next() is None


def test_whoever_is_listed_is_looked_up_once_and_stands_where_she_is() -> None:
    asking = Asking(question(None, want=1))
    asking.next()
    asking.tallied([1, 1, 1, 1])
    near, far = (min(grid.grid_ring(HERE, ring)) for ring in (1, 2))
    asking.next()
    asking.looked([(near, ANNA), (far, ANNA), (near, ANNA)])
    assert asking.next() == Check([ANNA])

    asking.checked({ANNA: Spot(far, 0)})

    assert asking.next() is None
    assert asking.answer() == [Found(ANNA, to_cell(far), 2, live=True)]


@pytest.mark.parametrize("res", [8, 7, 6])
def test_one_step_beyond_what_seven_cells_hold_is_looked_for_in_coarser_ones(res: int) -> None:
    asking = Asking(question(REACH[res] + 2, want=1))
    tally = asking.next()
    assert isinstance(tally, Tally)
    asking.tallied([0] * (len(tally.groups) - 2) + [1, 1])

    assert res_of(asking.next()) == {res}
    asking.looked([])
    assert res_of(asking.next()) == {res - 1}


def test_of_a_crowd_the_nearest_are_looked_up_first() -> None:
    asking = Asking(question(None, want=1))
    asking.next()
    asking.tallied([101, 101, 101, 101])
    asking.next()
    crowd = [PersonId(f"person-{number}") for number in range(100)]
    near, far = (min(grid.grid_ring(HERE, ring)) for ring in (1, 2))

    asking.looked([(far, ANNA), *((near, person) for person in crowd)])

    assert asking.next() == Check(crowd)
    asking.checked({})
    assert asking.next() == Check([ANNA])


def test_who_is_not_live_any_more_is_passed_over_and_more_is_looked_at() -> None:
    asking = Asking(question(None, want=1))
    asking.next()
    asking.tallied([1, 1, 1, 1])
    asking.next()
    asking.looked([(HERE, ANNA)])
    asking.next()

    asking.checked({})

    assert res_of(asking.next()) == {7}


def test_on_the_whole_earth_places_are_read_from_the_nearest_and_none_twice() -> None:
    asking = Asking(question(None, want=1))
    asking.next()
    asking.tallied([0, 0, 0, 0])
    look = asking.next()
    assert res_of(look) == {5}
    asking.looked([])
    assert asking.next() == Directory(grid.grid_disk(up(HERE, 3), 1))
    lyon = to_index(cell_of(Point(lat=45.76, lon=4.83)))
    tours = to_index(cell_of(Point(lat=47.39, lon=0.69)))
    orleans = to_index(cell_of(Point(lat=48.2, lon=1.9)))
    shares = [share_of(stem_of(it)) for it in (lyon, HERE, tours, orleans)]

    asking.listed([shares[1], shares[3]])
    look = asking.next()
    assert isinstance(look, Look)
    assert [up(it, 5) for it in look.cells] == [up(orleans, 5)]
    asking.looked([])
    assert asking.next() == Directory()
    asking.listed(shares)

    look = asking.next()
    assert isinstance(look, Look)
    assert [up(it, 5) for it in look.cells] == [up(tours, 5), up(lyon, 5)]
    asking.looked([(lyon, BEA), (tours, ANNA)])
    assert asking.next() == Check([ANNA, BEA])
    asking.checked({ANNA: Spot(tours, 0), BEA: Spot(lyon, 0)})
    assert asking.next() is None
    assert [it.person for it in asking.answer()] == [ANNA]


def test_beside_a_pentagon_nothing_is_taken_for_granted() -> None:
    pentagon = min(grid.get_pentagons(9))

    assert Asking(question(3, origin=pentagon)).next() == Directory()


@pytest.mark.parametrize("ring", [5, 30, None])
def test_with_nobody_live_the_declared_are_answered(ring: int | None) -> None:
    zone = parent(Cell(to_cell(HERE)), 7)
    asked = Question(
        origin=HERE, ring=ring, want=9, tags_all=1, zones={zone: [ANNA, BEA]}, salt="alert"
    )

    found = with_nobody_live(asked)

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


def test_where_somebody_asked_before_as_much_is_read_and_looked_up_at_once() -> None:
    crowd = [PersonId(f"p{number}") for number in range(200)]
    near, far = (min(grid.grid_ring(HERE, ring)) for ring in (4, 11))
    asking = Asking(question(None, want=150), reach=11)

    assert res_of(asking.next()) == {7}
    asking.looked([(near if number < 100 else far, it) for number, it in enumerate(crowd)])
    assert asking.next() == Check(crowd)

    asking.checked({it: Spot(near, 0) for it in crowd})
    assert asking.next() is None
    assert len(asking.answer()) == 200


def test_where_that_is_not_enough_it_goes_on_with_coarser_cells() -> None:
    asking = Asking(question(None, want=1), reach=2)

    assert res_of(asking.next()) == {9}
    for res in (7, 6, 5):
        asking.looked([])
        assert res_of(asking.next()) == {res}
    asking.looked([])
    assert isinstance(asking.next(), Directory)


def test_far_away_lists_are_read_at_once_and_never_again() -> None:
    asking = Asking(question(None, want=1), reach=1_000)
    look = asking.next()
    assert isinstance(look, Look)
    asking.looked([])
    assert isinstance(asking.next(), Directory)

    asking.listed(map(stem_of, look.cells))

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
