"""A line's courses from its graph: each way in which it is travelled, with its stops in order.

The longest way between two of its ends is the main one; from west to east is direction 0. Another
end belongs to the side from which a train, which cannot turn, runs on along the main way. Where the
line parts and meets again, each way around is a course of its own. So all courses of a direction
lead the same way wherever they share the track.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import atan2, degrees

from geo.transit.plane import scales
from geo.transit.rules import MOST_COURSES, SHARPEST_TURN
from geo.transit.traces.graph import Graph, Node, Step
from geo.transit.track import Track
from geo.transit.values import Course, Spot, Stop, StopId

#: How far from a fork it is looked where a track leads, in metres.
_LOOK_M = 120.0

Way = Sequence[Step]


def courses(graph: Graph, stops: Mapping[Node, Sequence[Stop]]) -> tuple[Course, ...]:
    """All courses of a line, direction 0 first, the main one first in each direction."""
    there: list[Course] = []
    for part in graph.parts():
        ways = [it for it in _ways(graph, part) if it]
        there += [made for way in ways if (made := _course(graph, way, stops)) is not None]
    kept = _without_repeats(there)[:MOST_COURSES]
    return (*kept, *(_reversed(it, stops) for it in kept))


def _ways(graph: Graph, part: Sequence[Node]) -> Iterable[Way]:
    ends = graph.ends(part)
    first, last = _furthest(graph, part, ends)
    main = graph.way(first, last)
    yield main
    covered = {step.piece for step in main}
    for end in ends:
        if end not in (first, last):
            way = _branch(graph, main, end)
            covered.update(step.piece for step in way)
            yield way
    far = graph.ways(first)
    for node in sorted(part, key=lambda it: far[it][0]):
        for step in graph.steps(node):
            if step.piece not in covered:
                way = _around(graph, first, last, step, covered)
                covered.update(it.piece for it in way)
                yield way


def _furthest(graph: Graph, part: Sequence[Node], ends: Sequence[Node]) -> tuple[Node, Node]:
    """The two ends that are furthest apart by rail, the western one first.

    Of those between which a train can run without turning back at a fork: the two branches of a
    line that leaves Paris are far apart, and no train goes from one to the other.
    """
    starts = ends or sorted(part)[:1]
    goals = ends if len(ends) > 1 else part
    ways = {start: graph.ways(start) for start in starts}
    far = sorted(((ways[one][it][0], one, it) for one in starts for it in goals), reverse=True)
    _, one, other = next((it for it in far if _runs_on(graph, *it[1:])), far[0])
    one, other = sorted((one, other), key=lambda it: (it[1], it[0]))
    return one, other


def _runs_on(graph: Graph, one: Node, other: Node) -> bool:
    way = graph.way(one, other)
    forks = [n for n, step in enumerate(way[:-1], 1) if len(graph.steps(step.end)) > 2]
    return bool(way) and all(_turn(graph, way[:it], way[it:]) <= SHARPEST_TURN for it in forks)


def _branch(graph: Graph, main: Way, end: Node) -> Way:
    """The way that a train from a branch takes, in the sense of the main one."""
    first, last = main[0].start, main[-1].end
    on_main = {step.start for step in main} | {last}
    far = graph.ways(end)
    inward = graph.way(end, min(first, last, key=lambda it: far[it][0]))
    joins = next(number for number, step in enumerate(inward) if step.end in on_main)
    branch, fork = inward[: joins + 1], inward[joins].end
    to_first, to_last = graph.way(fork, first), graph.way(fork, last)
    onward = _turn(graph, branch, to_last) <= _turn(graph, branch, to_first)
    if onward:
        return [*branch, *to_last]
    return _back([*branch, *to_first])


def _around(graph: Graph, first: Node, last: Node, begins: Step, covered: set[int]) -> Way:
    """The other way around where the line parts and meets again."""
    chain = [begins]
    seen = {begins.piece}
    while True:
        on = [it for it in graph.steps(chain[-1].end) if it.piece not in covered | seen]
        if not on or len(graph.steps(chain[-1].end)) > len(on) + 1:
            break
        chain.append(on[0])
        seen.add(on[0].piece)
    # Nodes are looked at from ``first`` on, so the chain leads away from it.
    before = graph.way(first, chain[0].start)
    after = graph.way(chain[-1].end, last)
    if {it.piece for it in after} & {it.piece for it in (*before, *chain)}:
        # It meets the line where it left it: such a loop is a course of its own.
        after = []
    return [*before, *chain, *after]


def _back(way: Way) -> list[Step]:
    return [Step(it.piece, it.end, it.start) for it in reversed(way)]


def _turn(graph: Graph, arriving: Way, leaving: Way) -> float:
    """Degrees by which a train turns at the fork between the two."""
    come, go = Track(graph.path(arriving)), Track(graph.path(leaving))
    before = come.spot(come.length - _LOOK_M)
    turned = _heading(go.path[0], go.spot(_LOOK_M)) - _heading(before, come.path[-1])
    return abs((turned + 180) % 360 - 180)


def _heading(one: Spot, other: Spot) -> float:
    north, east = scales(one[0])
    return degrees(atan2((other[1] - one[1]) * east, (other[0] - one[0]) * north))


def _course(graph: Graph, way: Way, stops: Mapping[Node, Sequence[Stop]]) -> Course | None:
    """From the first stop of a way to its last; None with fewer than two."""
    nodes = [way[0].start, *(step.end for step in way)]
    served = [number for number, node in enumerate(nodes) if node in stops]
    if len(served) < 2:
        return None
    way = way[served[0] : served[-1]]
    ids: list[StopId] = []
    at, metres, name = list[int](), 0.0, ""
    for number, node in enumerate(nodes[served[0] : served[-1] + 1]):
        metres += graph.length(way[number - 1].piece) if number else 0.0
        for stop in stops.get(node, ()):
            if stop.id not in ids:
                ids.append(stop.id)
                at.append(round(metres))
                name = stop.name
    path = tuple(graph.path(way))
    return Course(direction=0, headsign=name, stops=tuple(ids), at_m=tuple(at), path=path)


def _without_repeats(all_of: Sequence[Course]) -> list[Course]:
    """Without those that go nowhere where another does not."""
    kept: list[Course] = []
    for course in all_of:
        if not any(set(course.path) <= set(it.path) for it in kept):
            kept.append(course)
    return kept


def _reversed(course: Course, stops: Mapping[Node, Sequence[Stop]]) -> Course:
    length = round(Track(course.path).length)
    names = {stop.id: stop.name for some in stops.values() for stop in some}
    return Course(
        direction=1,
        headsign=names[course.stops[0]],
        stops=course.stops[::-1],
        at_m=tuple(max(0, length - it) for it in reversed(course.at_m)),
        path=course.path[::-1],
    )
