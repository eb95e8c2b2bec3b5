"""Autobahn's cases (PyPI ``kosoku``), run against our edge and against the ``websockets`` library.

Each server is a process of its own, so that neither waits for the client or for the other.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from kosoku import FailureError, run_fuzzingclient

from tests.support.server import ROOT

#: What the issue asks for; 12 and 13 are compression, which neither is asked to speak.
GROUPS = tuple(f"{group}.*" for group in (1, 2, 3, 4, 5, 6, 7, 9, 10))


@dataclass(frozen=True, slots=True)
class Verdict:
    case: str
    passed: bool
    #: Not only allowed, but exactly what the case asks for.
    strict: bool
    said: str
    milliseconds: int

    @property
    def group(self) -> int:
        return int(self.case.partition(".")[0])


@dataclass(frozen=True, slots=True)
class Comparison:
    ours: dict[str, Verdict]
    theirs: dict[str, Verdict]

    @property
    def behind(self) -> list[str]:
        """Cases that the library passes and we do not."""
        return [
            case for case, it in self.theirs.items() if it.passed and not self.ours[case].passed
        ]

    @property
    def laxer(self) -> list[str]:
        """Cases where the library does exactly what is asked and we only what is allowed."""
        return [
            case for case, it in self.theirs.items() if it.strict and not self.ours[case].strict
        ]


async def compare(cases: Sequence[str], *, without: Sequence[str] = ()) -> Comparison:
    ours = await judged_twice("edge", cases, without=without)
    theirs = await judge("websockets", cases, without=without)
    assert list(ours) == list(theirs)
    return Comparison(ours, theirs)


async def judged_twice(
    who: str, cases: Sequence[str], *, without: Sequence[str] = ()
) -> dict[str, Verdict]:
    """The same, with another look at what was not exactly as asked, one case at a time.

    A case gives an answer a second, and on a busy machine one comes too late. What is wrong is
    wrong every time.
    """
    first = await judge(who, cases, without=without)
    lax = [case for case, it in first.items() if not it.strict]
    return first | (await judge(who, lax, at_once=1) if lax else {})


async def judge(
    who: str, cases: Sequence[str], *, without: Sequence[str] = (), at_once: int = 4
) -> dict[str, Verdict]:
    """Run the cases against one of the servers of ``tests.support.echo``."""
    async with _serving(who) as port:
        try:
            results = await run_fuzzingclient(
                f"ws://127.0.0.1:{port}", list(cases), list(without), concurrency=at_once
            )
        except FailureError as failure:
            results = failure.results
    return {
        it.case_id: Verdict(
            case=it.case_id,
            passed=it.passed,
            strict=it.behavior.value == "OK" and it.behavior_close.value == "OK",
            said=f"{it.result} {it.result_close}",
            milliseconds=it.duration,
        )
        for it in results
    }


@asynccontextmanager
async def _serving(who: str) -> AsyncGenerator[int]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.echo", who), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            word, port = (await process.stdout.readline()).split()
        assert word == b"ready"
        yield int(port)
    finally:
        process.terminate()
        await process.wait()
