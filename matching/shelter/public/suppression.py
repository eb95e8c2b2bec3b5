"""Small counts are not told, and neither is anything from which they could be worked out. Pure.

A table of counts has a total for each row, for each column, and one of all. Each line (a row with
its total, a column with its total, the totals themselves) is an equation that everybody can solve:
with one number missing it gives that number away. So:

1. a count of 1 to k − 1 is hidden, total or not;
2. in a line where something is hidden, at least two are, and those hidden before a known total are
   together large enough for one of them to be anything from 1 to k − 1; else the smallest of the
   line that is still told is hidden too, and if need be its total;
3. lines can be added up, and no count is below one. So whatever is hidden must really be able to be
   something else: the whole table is a flow from rows to columns, back by the totals, and a count
   can change when a change can go round in a circle (Gusfield 1988). Else more is hidden.

Hiding only ever hides more, so this ends.
"""

from collections.abc import Iterable, Mapping, Sequence

#: The name of a total, in a row, in a column, or in both.
TOTAL = ""
Cell = tuple[str, str]
#: A row (0) or a column (1), by its name.
Node = tuple[int, str]


def with_totals(
    counts: Mapping[Cell, int], rows: Sequence[str], columns: Sequence[str]
) -> dict[Cell, int]:
    """The whole table: every cell, and the totals."""
    table: dict[Cell, int] = {}
    for row in rows:
        for column in columns:
            count = counts.get((row, column), 0)
            for cell in ((row, column), (row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
                table[cell] = table.get(cell, 0) + count
    return table


def hidden(table: Mapping[Cell, int], k: int, already: Iterable[Cell] = ()) -> frozenset[Cell]:
    """The cells of a table with its totals that must not be told."""
    out = {cell for cell, count in table.items() if 0 < count < k} | set(already)
    lines = _lines(table)
    while True:
        before = len(out)
        for line in lines:
            while (weak := _weak(table, out, line, k)) is not None:
                out.add(weak)
        if len(out) == before and (known := _known(table, out)) is not None:
            out.add(known)
        if len(out) == before:
            return frozenset(out)


def together(tables: Sequence[Mapping[Cell, int]], k: int) -> list[frozenset[Cell]]:
    """The same for tables that share the totals of their rows, and the total of all."""
    found = [frozenset[Cell]() for _ in tables]
    while True:
        shared = {cell for each in found for cell in each if cell[1] == TOTAL}
        again = [
            hidden(table, k, {*mine, *shared}) for table, mine in zip(tables, found, strict=True)
        ]
        if again == found:
            return found
        found = again


def _lines(table: Mapping[Cell, int]) -> list[list[Cell]]:
    """Every equation: its cells, the total last."""
    rows = sorted({row for row, _ in table}, reverse=True)
    columns = sorted({column for _, column in table}, reverse=True)
    return [
        *([(row, column) for column in columns] for row in rows),
        *([(row, column) for row in rows] for column in columns),
    ]


def _weak(table: Mapping[Cell, int], out: set[Cell], line: Sequence[Cell], k: int) -> Cell | None:
    """What more to hide in a line that gives something away."""
    missing = [cell for cell in line if cell in out]
    if not missing or _holds(table, out, line, missing, k):
        return None
    # The total last: it is worth more than any of its parts.
    return _smallest(table, out, line, last=line[-1])


def _holds(
    table: Mapping[Cell, int],
    out: set[Cell],
    line: Sequence[Cell],
    missing: Sequence[Cell],
    k: int,
) -> bool:
    if len(missing) < 2:
        return False
    if line[-1] in missing:
        return True
    spare = sum(table[cell] - _least(table, out, cell) for cell in missing)
    return spare >= k - 2


def _least(table: Mapping[Cell, int], out: set[Cell], cell: Cell) -> int:
    """What a hidden count is at least, as everybody knows who reads these lines."""
    if TOTAL not in cell:
        return 1
    row, column = cell
    return sum(
        1 if each in out else table[each]
        for each in table
        if TOTAL not in each and row in (each[0], TOTAL) and column in (each[1], TOTAL)
    )


def _smallest(
    table: Mapping[Cell, int], out: set[Cell], among: Iterable[Cell], *, last: Cell | None = None
) -> Cell | None:
    told = [cell for cell in among if cell not in out and table[cell] > 0]
    return min(
        told, key=lambda cell: (cell == last, TOTAL in cell, table[cell], cell), default=None
    )


def _known(table: Mapping[Cell, int], out: set[Cell]) -> Cell | None:
    """What more to hide where a hidden count can be nothing but what it is."""
    ways: dict[Node, set[tuple[Node, Cell]]] = {}
    for cell in out:
        source, goal = _ends(cell)
        ways.setdefault(source, set()).add((goal, cell))
        if table[cell] > 1:
            ways.setdefault(goal, set()).add((source, cell))
    for cell in sorted(out):
        source, goal = _ends(cell)
        more = _reaches(ways, goal, source, cell)
        if more or (table[cell] > 1 and _reaches(ways, source, goal, cell)):
            continue
        beside = [each for each in table if each[0] == cell[0] or each[1] == cell[1]]
        # When all is hidden, all can change: so there is something left to hide.
        return _smallest(table, out, beside) or _smallest(table, out, table)
    return None


def _ends(cell: Cell) -> tuple[Node, Node]:
    """From a row to a column; totals go back, so that what flows in flows out."""
    row, column = (0, cell[0]), (1, cell[1])
    back = (cell[0] == TOTAL) != (cell[1] == TOTAL)
    return (column, row) if back else (row, column)


def _reaches(
    ways: Mapping[Node, set[tuple[Node, Cell]]], start: Node, goal: Node, without: Cell
) -> bool:
    """Whether a change can go from one place to another without this cell."""
    seen, todo = {start}, [start]
    while todo:
        for node, cell in ways.get(todo.pop(), ()):
            if cell != without and node not in seen:
                seen.add(node)
                todo.append(node)
    return goal in seen
