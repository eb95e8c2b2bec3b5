"""Those around are passed in pieces: cut to what is hoped for, never begun again, and bounded."""

from collections.abc import Sequence

from geo.cells import Cell
from geo.whereabouts.ports import Found
from matching.dispatch.rules import PASSED_MOST
from matching.dispatch.search import PASSED_AT_ONCE, Passing
from realtime.kernel.ids import PersonId

HERE = Cell("891fb466257ffff")


class Layers:
    """A walk over layers of so many people."""

    def __init__(self, *sizes: int) -> None:
        self._left = [
            [Found(PersonId(f"p{at}-{number}"), HERE, at, True) for number in range(size)]
            for at, size in enumerate(sizes)
        ]
        self.whole = [it for layer in self._left for it in layer]

    async def on(self, want: int) -> list[Found]:
        found: list[Found] = []
        while self._left and len(found) < want:
            found += self._left.pop(0)
        return found


def sizes(pieces: Sequence[Sequence[Found]]) -> list[int]:
    return [len(it) for it in pieces]


async def test_each_piece_is_as_many_as_all_before_it_and_nobody_is_passed_twice() -> None:
    walk = Layers(*[3] * 40)

    pieces = [it async for it in Passing(walk, 12)]

    assert sizes(pieces) == [12, 12, 24, 48, 24]
    assert [it for piece in pieces for it in piece] == walk.whole


async def test_a_station_is_cut_and_the_rest_of_it_is_next() -> None:
    walk = Layers(1, 5_000)

    pieces = [it async for it in Passing(walk, 150)]

    assert sizes(pieces)[:5] == [150, 150, 300, PASSED_AT_ONCE, PASSED_AT_ONCE]
    assert [it for piece in pieces for it in piece] == walk.whole


async def test_so_many_are_passed_and_no_more() -> None:
    pieces = [it async for it in Passing(Layers(5_000), 12, most=200)]

    assert sizes(pieces) == [12, 12, 24, 48, 96, 8]


async def test_a_search_passes_no_more_than_it_may() -> None:
    pieces = [it async for it in Passing(Layers(PASSED_MOST + 1), 12)]

    assert sum(sizes(pieces)) == PASSED_MOST


async def test_with_nobody_around_there_is_no_piece() -> None:
    assert [it async for it in Passing(Layers(), 12)] == []
