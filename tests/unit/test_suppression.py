"""Small counts: none is told, and none can be worked out, by somebody who tries every table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.shelter.public.suppression import TOTAL, Cell, hidden, together, with_totals

K = 5
#: For a cell that no told total bounds.
MOST = 9
#: More choices than any of these tables needs before two differ in each cell.
TRIES = 20_000


def table_of(rows: list[list[int]]) -> dict[Cell, int]:
    names = [f"r{row}" for row in range(len(rows))]
    columns = [f"c{column}" for column in range(len(rows[0]))]
    counts = {
        (names[row], columns[column]): count
        for row, line in enumerate(rows)
        for column, count in enumerate(line)
    }
    return with_totals(counts, names, columns)


@dataclass
class Equation:
    """What a told total says of the hidden cells before it."""

    cells: frozenset[Cell]
    left: int
    open: int


def equations(table: Mapping[Cell, int], out: frozenset[Cell]) -> list[Equation]:
    found = []
    for total in (cell for cell in table if TOTAL in cell and cell not in out):
        mine = parts(table, total)
        missing = frozenset(c for c in mine if c in out)
        known = sum(table[c] for c in mine if c not in out)
        found.append(Equation(missing, table[total] - known, len(missing)))
    return found


def parts(table: Mapping[Cell, int], cell: Cell) -> list[Cell]:
    """The inner cells that a total is the sum of; of an inner cell, itself."""
    row, column = cell
    return [c for c in table if TOTAL not in c and row in (c[0], TOTAL) and column in (c[1], TOTAL)]


def filled(
    inside: list[Cell], so_far: dict[Cell, int], equations: list[Equation]
) -> Iterator[dict[Cell, int]]:
    if not inside:
        yield dict(so_far)
        return
    cell, *rest = inside
    bound = [it for it in equations if cell in it.cells]
    most = min((it.left - it.open + 1 for it in bound), default=MOST)
    for value in range(1, most + 1):
        if any(it.open == 1 and it.left != value for it in bound):
            continue
        for each in bound:
            each.left, each.open = each.left - value, each.open - 1
        yield from filled(rest, so_far | {cell: value}, equations)
        for each in bound:
            each.left, each.open = each.left + value, each.open + 1


def certain(table: Mapping[Cell, int], out: frozenset[Cell]) -> set[Cell]:
    """The hidden cells that can be nothing but what they are.

    Whoever sees the rest knows the rules: what is hidden is at least one, told totals are sums.
    """
    sure = set()
    for cell in out:
        mine = parts(table, cell)
        # Its own cells are chosen last, so that they are the first to change.
        inside = sorted((c for c in out if TOTAL not in c), key=lambda c: (c in mine, c))
        choices = islice(filled(inside, {}, equations(table, out)), TRIES)
        if all(sum(it.get(c, table[c]) for c in mine) == table[cell] for it in choices):
            sure.add(cell)
    return sure


def test_a_total_does_not_give_a_hidden_count_away() -> None:
    table = table_of([[3, 20, 30], [40, 50, 60]])

    out = hidden(table, K)

    assert ("r0", "c0") in out
    assert len(out) == 4
    assert certain(table, out) == set()


def test_what_is_large_is_told() -> None:
    table = table_of([[30, 20], [40, 50]])

    assert hidden(table, K) == frozenset()
    assert table[TOTAL, TOTAL] == 140


def test_nobody_is_nobody() -> None:
    assert hidden(table_of([[0, 0], [0, 0]]), K) == frozenset()
    assert hidden({}, K) == frozenset()


def test_two_ones_before_their_total_are_two_ones() -> None:
    # 22 - 20 = 2, and both are at least one: hiding them alone tells them.
    table = table_of([[1, 1, 20], [30, 30, 30]])

    out = hidden(table, K)

    assert ("r0", "c2") in out
    assert certain(table, out) == set()


def test_lines_that_are_added_up_give_nothing_away() -> None:
    # Two at least are hidden in each line; yet rows 0 and 1 less columns 0 and 1 leave one cell.
    rows = [[3, 3, 3, 20], [3, 3, 20, 20], [20, 20, 3, 3], [20, 20, 3, 3]]
    table = table_of(rows)
    small = frozenset(cell for cell, count in table.items() if 0 < count < K)

    assert certain(table, small) == {("r0", "c2")}
    assert certain(table, hidden(table, K)) == set()


def test_a_total_of_six_cells_is_not_six_ones() -> None:
    table = table_of([[1, 1, 1], [1, 1, 1]])

    assert certain(table, hidden(table, K)) == set()


def test_two_small_counts_before_their_total_could_be_any_small_counts() -> None:
    # 24 - 20 = 4: neither could be 4, which is more than "fewer than five" says.
    out = hidden(table_of([[2, 2, 20], [30, 30, 30]]), K)

    assert ("r0", "c2") in out


@pytest.mark.parametrize(
    "rows",
    [
        [[0, 0, 1], [0, 1, 4], [1, 4, 0]],
        [[1, 1], [1, 1], [1, 1]],
        [[1, 9, 0], [9, 1, 0], [0, 9, 1]],
        [[1, 5, 0, 0], [5, 1, 0, 0], [0, 0, 1, 5], [1, 0, 5, 1]],
    ],
)
def test_a_count_that_could_only_be_less_than_one_is_known(rows: list[list[int]]) -> None:
    table = table_of(rows)

    assert certain(table, hidden(table, K)) == set()


def test_one_person_alone_is_not_told_by_any_total() -> None:
    table = table_of([[1, 0], [0, 0]])

    assert hidden(table, K) == {("r0", "c0"), ("r0", TOTAL), (TOTAL, "c0"), (TOTAL, TOTAL)}


small_tables = st.integers(1, 3).flatmap(
    lambda columns: st.lists(
        st.lists(st.integers(0, 9), min_size=columns, max_size=columns), min_size=1, max_size=3
    )
)


@given(small_tables)
@settings(max_examples=150)
def test_whoever_tries_every_table_knows_no_hidden_count(rows: list[list[int]]) -> None:
    table = table_of(rows)

    out = hidden(table, K)

    assert all(cell in out for cell, count in table.items() if 0 < count < K)
    assert certain(table, out) == set()
    # Two at least in each equation, whatever its size.
    for names in ({row for row, _ in table}, {column for _, column in table}):
        for name in names:
            for at in (0, 1):
                line = [cell for cell in out if cell[at] == name]
                assert len(line) != 1, (name, rows, out)


@pytest.mark.parametrize("seed", range(3))
def test_tables_that_share_totals_hide_the_same_ones(seed: int) -> None:
    one = table_of([[3 + seed, 20], [40, 50]])
    other = table_of([[10, 13 + seed], [1, 89]])

    by_reason, by_shape = together([one, other], K)

    assert {c for c in by_reason if c[1] == TOTAL} == {c for c in by_shape if c[1] == TOTAL}
    for table, out in ((one, by_reason), (other, by_shape)):
        assert certain(table, out) == set()
