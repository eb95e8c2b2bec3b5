"""Pieces of track as a graph: what touches what, and the shortest way between two ends.

A node is where pieces end. Pieces that were drawn by hand miss one another by some metres where a
line is in two parts, or stop short of it: they are joined by a short straight piece.
"""

from collections.abc import Collection, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from geo.transit.plane import apart
from geo.transit.rules import JOIN_M, STUB_M
from geo.transit.track import Track
from geo.transit.values import Spot

Node = Spot


class Step(NamedTuple):
    """One piece travelled one way."""

    piece: int
    start: Node
    end: Node


class Graph:
    def __init__(self, pieces: Sequence[Sequence[Spot]]) -> None:
        self.pieces: list[Sequence[Spot]] = []
        self._lengths: list[float] = []
        self._from: dict[Node, list[Step]] = {}
        for piece in pieces:
            self._add(piece)
        self._join_parts()

    @property
    def nodes(self) -> list[Node]:
        return sorted(self._from)

    def steps(self, node: Node) -> Sequence[Step]:
        return self._from[node]

    def length(self, piece: int) -> float:
        return self._lengths[piece]

    def ends(self, among: Collection[Node]) -> list[Node]:
        """Where only one piece ends, west to east."""
        found = (it for it in among if len(self._from[it]) == 1)
        return sorted(found, key=lambda it: (it[1], it[0]))

    def parts(self) -> list[list[Node]]:
        """Nodes that hang together, in each part that there is; the largest first."""
        left, parts = set(self._from), []
        for node in self.nodes:
            if node in left:
                part = list(self.ways(node))
                left.difference_update(part)
                parts.append(part)
        return sorted(parts, key=len, reverse=True)

    def ways(self, start: Node) -> dict[Node, tuple[float, Step | None]]:
        """For each node within reach: how far it is, and the last step of the shortest way."""
        done: dict[Node, tuple[float, Step | None]] = {}
        heap: list[tuple[float, Node, Step | None]] = [(0.0, start, None)]
        while heap:
            metres, node, last = heappop(heap)
            if node in done:
                continue
            done[node] = metres, last
            for step in self._from[node]:
                if step.end not in done:
                    heappush(heap, (metres + self._lengths[step.piece], step.end, step))
        return done

    def way(self, start: Node, end: Node) -> list[Step]:
        """The shortest way, step by step."""
        ways, found = self.ways(start), list[Step]()
        while (step := ways[end][1]) is not None:
            found.append(step)
            end = step.start
        return found[::-1]

    def path(self, steps: Sequence[Step]) -> list[Spot]:
        """The corners of a way, each once."""
        path = [steps[0].start]
        for step in steps:
            piece = self.pieces[step.piece]
            path += piece[1:] if tuple(piece[0]) == step.start else piece[-2::-1]
        return path

    def join_stubs(self, stations: Collection[Node]) -> None:
        """Lead on what ends short of the line, and at no station: it was drawn too short."""
        for end in self.ends(self.nodes):
            if end not in stations:
                beside = {end, self._from[end][0].end}
                near = [(apart(end, it), it) for it in self._from if it not in beside]
                if near and min(near)[0] <= STUB_M:
                    self._add([end, min(near)[1]])

    def _add(self, piece: Sequence[Spot]) -> None:
        number = len(self.pieces)
        self.pieces.append(piece)
        self._lengths.append(Track(piece).length)
        start, end = piece[0], piece[-1]
        self._from.setdefault(start, []).append(Step(number, start, end))
        self._from.setdefault(end, []).append(Step(number, end, start))

    def _join_parts(self) -> None:
        while len(parts := self.parts()) > 1:
            gaps = [
                (apart(one, other), one, other)
                for n, part in enumerate(parts)
                for one in self.ends(part)
                for far in parts[n + 1 :]
                for other in self.ends(far)
            ]
            if not gaps or min(gaps)[0] > JOIN_M:
                return
            _, one, other = min(gaps)
            self._add([one, other])
