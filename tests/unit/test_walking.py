"""One walk, piece by piece, over whoever has to be asked for: what is lost when nobody answers."""

from collections.abc import Iterator

import h3.api.basic_int as grid

from geo.cells import Index, cell_of, parent, to_cell, to_index
from geo.point import Point
from geo.whereabouts.adapters.walking import Walking
from geo.whereabouts.asking import Asking
from geo.whereabouts.asks import Ask, Question
from geo.whereabouts.reached import Reached
from realtime.kernel.errors import Unavailable
from realtime.kernel.ids import PersonId

HERE = to_index(cell_of(Point(lat=48.8566, lon=2.3522)))
ANNA, BEA, CLEO, DORA = (PersonId(it) for it in ("anna", "bea", "cleo", "dora"))
BESIDE, FAR, ZONE = (min(grid.grid_ring(HERE, ring)) for ring in (4, 6, 22))

People = dict[Index, list[PersonId]]


def walk(answers: Iterator[People], reached: Reached) -> Walking:
    async def find_out(asking: Asking, ask: Ask) -> None:
        people = next(answers, None)
        if people is None:
            raise Unavailable
        asking.looked(people, len(getattr(ask, "groups", ())))

    zones = {parent(to_cell(ZONE), 7): [DORA]}
    question = Question(origin=HERE, ring=40, want=0, tags_all=0, zones=zones, salt="")
    return Walking(question, reached, find_out, patience_s=9.0)


async def test_whoever_was_found_before_nobody_answers_any_more_is_answered() -> None:
    """With Anna, who has moved on and is not answered twice, there seemed to be enough."""
    pieces = iter([{HERE: [ANNA]}, {BESIDE: [ANNA], FAR: [BEA, CLEO]}])
    walking = walk(pieces, Reached())

    first, second = await walking.on(1), await walking.on(3)

    assert [it.person for it in first] == [ANNA]
    assert {it.person for it in second} == {BEA, CLEO, DORA}


async def test_how_far_the_first_piece_went_is_remembered_and_no_other() -> None:
    reached = Reached()
    walking = walk(iter([{HERE: [ANNA]}, {BESIDE: [BEA], FAR: [CLEO]}]), reached)

    await walking.on(1)
    await walking.on(1)

    question = Question(origin=HERE, ring=40, want=1, tags_all=0, zones={}, salt="")
    assert reached.before(question) == 0
