"""Many seeds, on as many processors as there are; the first that fails is the one to replay."""

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

from tests.simulation.planted import BUGS
from tests.simulation.world import play


@dataclass(frozen=True, slots=True)
class Told:
    """What another process tells of a run."""

    seed: int
    broken: tuple[str, ...]
    digest: str
    faults: tuple[str, ...]
    publications: int
    restarts: int
    turns: int

    @property
    def replay(self) -> str:
        """The one command that plays this run again, and says what happened in it."""
        return f"./run prove simulation --seed {self.seed}"

    def __str__(self) -> str:
        return f"{self.replay}\n    " + "\n    ".join(self.broken[:5])


def told(seed: int) -> Told:
    it = play(seed)
    kinds = tuple(fault.kind.value for fault in it.faults)
    return Told(seed, it.broken, it.trace.digest(), kinds, it.publications, it.restarts, it.turns)


def _pool() -> ProcessPoolExecutor:
    """Processes are begun anew: a fork would inherit our threads."""
    return ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("spawn"))


def play_all(seeds: Iterable[int]) -> Iterator[Told]:
    """Play them, and tell in the order of the seeds."""
    with _pool() as pool:
        yield from pool.map(told, seeds, chunksize=5)


@dataclass(frozen=True, slots=True)
class Found:
    """A planted bug, and how many seeds had to be played until it was seen."""

    bug: str
    #: 0: not found.
    after: int
    how: str


def found(bug: str, most: int) -> Found:
    with BUGS[bug]():
        for seed in range(1, most + 1):
            broken = play(seed).broken
            if broken:
                return Found(bug, seed, broken[0])
    return Found(bug, 0, "")


def find_all(bugs: Iterable[str], most: int = 100) -> Iterator[Found]:
    """Planted bugs, each in the first seeds there are."""
    with _pool() as pool:
        yield from pool.map(partial(found, most=most), bugs)
