"""Which cells hold somebody, and how many, at every resolution. Who they are is the caller's.

Only occupied cells are kept, each coarser one as a mask of its occupied children, so that a search
(``nearest.py``) goes down where there is somebody and nowhere else.
"""

from geo.cells import NEAR_RES, Index, digit, up

#: The resolutions at which people are counted.
COUNTED = (5, 6, 7, 8)
_FINEST_FIRST = COUNTED[::-1]


class Occupied:
    def __init__(self) -> None:
        #: The res-9 cells with somebody in them.
        self.leaves: set[Index] = set()
        #: The base cells with somebody in them.
        self.bases: set[Index] = set()
        #: For each coarser cell with somebody in it, a bit for each such child, by its digit.
        self.children: dict[Index, int] = {}
        self._people: dict[int, dict[Index, int]] = {res: {} for res in COUNTED}

    def people(self, res: int) -> dict[Index, int]:
        """How many are in each cell of one of the counted resolutions."""
        return self._people[res]

    def arrive(self, leaf: Index, *, first: bool) -> None:
        """Somebody is now in this res-9 cell; ``first``: it was empty."""
        for res in COUNTED:
            people, cell = self._people[res], up(leaf, res)
            people[cell] = people.get(cell, 0) + 1
        if first:
            self.leaves.add(leaf)
            self._grow(leaf)

    def leave(self, leaf: Index, *, last: bool) -> None:
        """Somebody has left this res-9 cell; ``last``: it is now empty."""
        for res in COUNTED:
            people, cell = self._people[res], up(leaf, res)
            people[cell] -= 1
            if not people[cell]:
                del people[cell]
        if last:
            self.leaves.remove(leaf)
            self._prune(leaf)

    def go(self, left: Index, entered: Index, *, last: bool, first: bool) -> None:
        """Somebody has gone from one res-9 cell to another: most often both are in one coarser."""
        for res in _FINEST_FIRST:
            people, one, other = self._people[res], up(left, res), up(entered, res)
            if one == other:
                break
            people[other] = people.get(other, 0) + 1
            people[one] -= 1
            if not people[one]:
                del people[one]
        # First the new one: what both are in stays.
        if first:
            self.leaves.add(entered)
            self._grow(entered)
        if last:
            self.leaves.remove(left)
            self._prune(left)

    def _grow(self, cell: Index) -> None:
        for res in range(NEAR_RES - 1, -1, -1):
            parent = up(cell, res)
            mask = self.children.get(parent, 0)
            self.children[parent] = mask | 1 << digit(cell)
            if mask:
                return
            cell = parent
        self.bases.add(cell)

    def _prune(self, cell: Index) -> None:
        for res in range(NEAR_RES - 1, -1, -1):
            parent = up(cell, res)
            mask = self.children[parent] & ~(1 << digit(cell))
            if mask:
                self.children[parent] = mask
                return
            del self.children[parent]
            cell = parent
        self.bases.remove(cell)
