"""Several servers on one core, measured in turns on the other: medians, intervals, ratios.

All are alive and hold their sockets meanwhile; each run goes once round them, in an order that the
seed shuffles, so that whatever slows the machine slows all of them alike. A run in which the host
took more than a twentieth of the processors is done again, five times at most.
"""

import os
import random
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.load.crowd import Crowd, Opened
from tests.load.peers.peer import Peer, Served

T = TypeVar("T")
#: Of two cores' time, the share that the host may take from us in a run; runs done again at most.
MOST_STOLEN, AGAIN = 0.05, 5
_RESAMPLED = 2_000


@dataclass(frozen=True, slots=True)
class Middle:
    """A median with the interval that holds it in 95 of 100 such measurements."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Three figures of each.

        >>> str(Middle(1.234, 1.1, 1.5))
        '1.23 (1.10–1.50)'
        """
        return f"{_figures(self.value)} ({_figures(self.low)}–{_figures(self.high)})"


def middle(values: Sequence[float], dice: random.Random) -> Middle:
    """By resampling: no shape of the distribution is supposed."""
    medians = sorted(
        statistics.median(dice.choices(values, k=len(values))) for _ in range(_RESAMPLED)
    )
    low, high = medians[_RESAMPLED // 40], medians[-(_RESAMPLED // 40) - 1]
    return Middle(statistics.median(values), low, high)


def ratio(ours: Sequence[float], theirs: Sequence[float], dice: random.Random) -> Middle:
    """Run by run: how many times theirs ours is."""
    return middle([mine / other for mine, other in zip(ours, theirs, strict=True)], dice)


def slope(at: Sequence[float], values: Sequence[float]) -> float:
    """What a step of one adds, by the line of least squares; nothing is known of a single point.

    >>> slope([4, 5, 6], [100, 110, 120]), slope([4], [100])
    (10.0, 0.0)
    """
    return statistics.linear_regression(at, values).slope if len(at) > 1 else 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """A server that holds its sockets."""

    peer: Peer
    crowd: Crowd
    opened: Opened


@contextmanager
def standing(peers: Sequence[Peer], sockets: int) -> Iterator[list[Standing]]:
    """All of them, each with so many sockets, until the block ends."""
    cores = sorted(os.sched_getaffinity(0))
    server, client = (cores[0], cores[1]) if len(cores) > 1 else (None, None)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="entraide-bench-")))
        found, started = [], []
        for number, peer in enumerate(peers):
            own = folder / str(number)
            own.mkdir()
            served = Served(peer, own, server)
            stack.callback(served.stop)
            started.append(served)
        for served in started:
            served.wait()
        for served in started:
            crowd = Crowd(served, client)
            stack.callback(crowd.stop)
            found.append(Standing(served.peer, crowd, crowd.open(sockets)))
        yield found


def interleaved(
    servers: Sequence[Standing], runs: int, measure: Callable[[Standing], T], dice: random.Random
) -> tuple[dict[str, list[T]], int]:
    """What each run found of each server, by name; how many runs were done again."""
    by_name = {it.peer.name: it for it in servers}
    return in_turns(tuple(by_name), runs, lambda name: measure(by_name[name]), dice)


def in_turns(
    names: Sequence[str], runs: int, measure: Callable[[str], T], dice: random.Random
) -> tuple[dict[str, list[T]], int]:
    """The same of anything that has a name."""
    kept: dict[str, list[T]] = {name: [] for name in names}
    again = 0
    while len(kept[names[0]]) < runs:
        turn = list(names)
        dice.shuffle(turn)
        before = _jiffies()
        found = {name: measure(name) for name in turn}
        stolen = _stolen(before, _jiffies())
        if stolen > MOST_STOLEN and again < AGAIN:
            again += 1
            continue
        for name, one in found.items():
            kept[name].append(one)
    return kept, again


def _jiffies() -> list[int]:
    with Path("/proc/stat").open(encoding="ascii") as file:
        return [int(it) for it in file.readline().split()[1:]]


def _stolen(before: Sequence[int], after: Sequence[int]) -> float:
    spent = [now - then for then, now in zip(before, after, strict=True)]
    return spent[7] / max(1, sum(spent[:8]))


def _figures(value: float) -> str:
    return f"{value:#.3g}".rstrip(".")
