"""Another process, which is told what to do and answers; and as many sockets as it may need.

Both ends of it: ``Process`` for whoever measures, ``tell`` and ``busy_s`` for what is measured.
Nothing of the program is imported here, so that what measures without it starts at once.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import msgspec

ROOT = Path(__file__).parents[2]


class Process:
    """A process that is given orders on a line and answers on lines."""

    def __init__(self, module: str, orders: Mapping[str, object]) -> None:
        self._module = module
        self._process = subprocess.Popen(
            (sys.executable, "-m", module),
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.say(msgspec.json.encode(orders).decode())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._process.kill()
        try:
            self._process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, object]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._module} said nothing more")
        return cast("dict[str, object]", json.loads(line))


def allow_sockets() -> None:
    """As many files open as this user may have: both processes inherit it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def tell(**what: object) -> None:
    """Answer: one line on standard output."""
    sys.stdout.write(msgspec.json.encode(what).decode() + "\n")
    sys.stdout.flush()


def busy_s() -> float:
    """Seconds of a processor that this process has had."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
