"""Under what circumstances something was measured: a figure without its machine says nothing.

Nothing here says whose machine it is, nor where.
"""

import os
import platform
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: What a run writes itself: that it has changed says nothing about the program.
WRITTEN = ("README.md", "docs", "tests/load/results", "tests/proofs/*.md")


@dataclass(frozen=True, slots=True)
class Machine:
    processor: str
    cores: int
    memory_gib: int
    system: str
    python: str

    def __str__(self) -> str:
        """As one reads it.

        >>> str(Machine("some processor", 2, 24, "Linux 6.1", "3.11.7"))
        'some processor, 2 cores, 24 GiB · Linux 6.1 · Python 3.11.7'
        """
        return (
            f"{self.processor}, {self.cores} cores, {self.memory_gib} GiB · {self.system} · "
            f"Python {self.python}"
        )


@dataclass(frozen=True, slots=True)
class Circumstances:
    #: UTC, to the minute.
    at: str
    seed: int
    reduced: bool
    #: None: not a checkout; with a plus, something had been changed since.
    commit: str | None
    machine: Machine
    #: Of the minute before it was told: how many wanted a processor.
    load: float = 0.0

    def __str__(self) -> str:
        """The line under a title.

        >>> here = Machine("some processor", 2, 24, "Linux 6.1", "3.11.7")
        >>> str(Circumstances("2026-11-26 15:46", 1, True, "8b2a208", here))
        '2026-11-26 15:46 UTC · seed 1 · reduced size · some processor, 2 cores, 24 GiB · ...'
        """
        size = "reduced" if self.reduced else "full"
        when = f"{self.at} UTC · seed {self.seed} · {size} size"
        return f"{when} · {self.machine} · load {self.load:.1f}"


def circumstances(now: datetime, *, seed: int, reduced: bool) -> Circumstances:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return Circumstances(
        at=f"{now:%Y-%m-%d %H:%M}",
        seed=seed,
        reduced=reduced,
        commit=_commit(),
        load=round(os.getloadavg()[0], 1),
        machine=Machine(
            processor=_processor(),
            cores=os.cpu_count() or 1,
            memory_gib=round(memory),
            system=f"{platform.system()} {platform.release()}",
            python=platform.python_version(),
        ),
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _commit() -> str | None:
    name = _git("rev-parse", "--short=10", "HEAD")
    if name is None:
        return None
    changed = _git("status", "--porcelain", "--", ".", *(f":!{it}" for it in WRITTEN))
    return f"{name}+" if changed else name


def _git(*words: str) -> str | None:
    try:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
