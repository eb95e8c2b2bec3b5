"""Streets to walk along: crossings on a bent grid, all of them in reach of each other. Pure."""

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from math import cos, radians, sin
from random import Random

from web.demo.city import District, Spot

#: Streets that were never built, of all that a grid would have.
MISSING = 0.18
#: A grid that runs north is a plan, not a town.
TURN = radians(17)

Crossing = int


class Streets:
    """A district's crossings, and which lead to which."""

    def __init__(self, spots: Sequence[Spot], pairs: Iterable[tuple[Crossing, Crossing]]) -> None:
        self.spots = tuple(spots)
        self._next: list[list[Crossing]] = [[] for _ in self.spots]
        for one, other in pairs:
            self._next[one].append(other)
            self._next[other].append(one)

    def beside(self, crossing: Crossing) -> Sequence[Crossing]:
        return self._next[crossing]

    def nearest(self, spot: Spot) -> Crossing:
        return min(range(len(self.spots)), key=lambda it: self.spots[it].distance_to(spot))

    def anywhere(self, random: Random) -> Crossing:
        return random.randrange(len(self.spots))

    def way(self, start: Spot, end: Spot) -> list[Spot]:
        """The shortest way by the streets, its last steps off them: from a door to a door."""
        target = self.nearest(end)
        came: dict[Crossing, Crossing] = {}
        best = {self.nearest(start): 0.0}
        waiting = [(0.0, crossing) for crossing in best]
        # Every crossing can be reached, so the target comes out before there is nothing left.
        while (nearest := heappop(waiting))[1] != target:
            walked, here = nearest
            for there in self._next[here]:
                further = walked + self.spots[here].distance_to(self.spots[there])
                if further < best.get(there, float("inf")):
                    best[there], came[there] = further, here
                    heappush(waiting, (further, there))
        return [*self._traced(came, target), end]

    def _traced(self, came: dict[Crossing, Crossing], target: Crossing) -> list[Spot]:
        crossings = [target]
        while crossings[-1] in came:
            crossings.append(came[crossings[-1]])
        return [self.spots[it] for it in reversed(crossings)]


def walk(start: Spot, way: Sequence[Spot], metres: float) -> tuple[Spot, list[Spot]]:
    """Where ``metres`` along the way lead, and what is left of it."""
    here, left = start, list(way)
    while left and metres > 0:
        step = here.distance_to(left[0])
        here = here.towards(left[0], metres)
        if step > metres:
            break
        metres -= step
        del left[0]
    return here, left


def streets(district: District, random: Random) -> Streets:
    """Draw a district's streets. Only crossings that can be walked to are kept."""
    block = district.block_m
    reach = int(district.radius_m / block) + 1
    grid = {
        (column, row): spot
        for column in range(-reach, reach + 1)
        for row in range(-reach, reach + 1)
        if (spot := _bent(district, column, row, random)).distance_to(district.middle)
        <= district.radius_m
    }
    joined: dict[tuple[int, int], list[tuple[int, int]]] = {place: [] for place in grid}
    for column, row in grid:
        for there in ((column + 1, row), (column, row + 1)):
            if there in grid and random.random() >= MISSING:
                joined[column, row].append(there)
                joined[there].append((column, row))
    kept = sorted(_largest(joined))
    number = {place: index for index, place in enumerate(kept)}
    return Streets(
        [grid[place] for place in kept],
        [
            (number[place], number[there])
            for place in kept
            for there in joined[place]
            if place < there
        ],
    )


def _bent(district: District, column: int, row: int, random: Random) -> Spot:
    shift = district.block_m / 5
    east = column * district.block_m + random.uniform(-shift, shift)
    north = row * district.block_m + random.uniform(-shift, shift)
    return Spot(
        district.middle.east + east * cos(TURN) - north * sin(TURN),
        district.middle.north + east * sin(TURN) + north * cos(TURN),
    )


def _largest(joined: dict[tuple[int, int], list[tuple[int, int]]]) -> set[tuple[int, int]]:
    left, largest = set(joined), set[tuple[int, int]]()
    while left:
        found, waiting = set[tuple[int, int]](), [min(left)]
        while waiting:
            place = waiting.pop()
            if place not in found:
                found.add(place)
                waiting += joined[place]
        left -= found
        largest = max(largest, found, key=len)
    return largest
