"""Finds the proofs and the measurements, and runs them.

A program is a file ``prove_NAME.py`` or ``bench_NAME.py`` with
``main(seed: int, reduced: bool) -> Table``; there is no list to keep.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from time import perf_counter

from realtime.kernel.clock import Clock
from tests.proofs.table import Table
from tests.support.circumstances import Circumstances, circumstances

#: The seed of a run that names none.
SEED = 20261123


@dataclass(frozen=True, slots=True)
class Ran:
    """One program that has run."""

    name: str
    table: Table
    command: str
    where: Circumstances
    took_s: int

    @property
    def text(self) -> str:
        """What is kept of it for people."""
        return self.table.markdown(f"`{self.command}` · {self.where} · took {self.took_s} s")

    @property
    def figures(self) -> dict[str, object]:
        """What is kept of it for charts, ready for JSON."""
        found = {"command": self.command, "took_s": self.took_s, **asdict(self.where)}
        return {"title": self.table.title, **found, **self.table.figures()}


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs of one folder of ``tests``."""

    #: ``prove`` or ``bench``: the verb of ``./run`` and the start of the files' names.
    verb: str
    folder: Path

    def names(self) -> list[str]:
        found = self.folder.glob(f"{self.verb}_*.py")
        return sorted(path.stem.removeprefix(f"{self.verb}_").replace("_", "-") for path in found)

    def load(self, name: str) -> Callable[[int, bool], Table]:
        file = f"{self.verb}_{name.replace('-', '_')}"
        main: Callable[[int, bool], Table] = import_module(f"tests.{self.folder.name}.{file}").main
        return main

    def run(self, arguments: Sequence[str], clock: Clock) -> Iterator[Ran]:
        """Each program asked for, as it has run."""
        asked = self._parse(arguments)
        for name in self.names() if asked.name == "all" else [asked.name]:
            where = circumstances(clock.now(), seed=asked.seed, reduced=asked.reduced)
            started = perf_counter()
            table = self.load(name)(asked.seed, asked.reduced)
            command = f"./run {self.verb} {name}{' --reduced' if asked.reduced else ''}"
            yield Ran(name, table, command, where, round(perf_counter() - started))

    def _parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        parser = argparse.ArgumentParser(prog=f"./run {self.verb}")
        parser.add_argument("name", choices=["all", *self.names()], type=_with_dashes)
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--reduced", action="store_true", help="at the size of ./run test")
        return parser.parse_args(arguments)


def _with_dashes(name: str) -> str:
    return name.replace("_", "-")


def tell(name: str, table: Table, text: str) -> bool:
    """Print a table; whether it says what it must."""
    sys.stdout.write(text + "\n")
    for sentence in table.unmet:
        sys.stderr.write(f"{name}: not so: {sentence}\n")
    sys.stdout.flush()
    return not table.unmet
