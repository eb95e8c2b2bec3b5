"""Figures by kind of fault, from a history and what was found. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.adversity.history.lines import (
    Fault,
    Found,
    Heard,
    Joined,
    Line,
    Operation,
    Phase,
    What,
)

#: A fault is felt for some seconds after it was mended: phones come back, clients ask again.
AFTERMATH_S = 3.0
SPOKEN = (What.RAISE, What.SAY)


@dataclass(slots=True)
class Felt:
    """What clients saw while one kind of thing was broken."""

    runs: int = 0
    acknowledged: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    #: Seconds between what was said and what was heard, by phones that were there all the while.
    delays: list[float] = field(default_factory=list)
    #: Phones that came back, and those of them that missed nothing.
    resumed: int = 0
    whole: int = 0
    #: Seconds until every hub had written again, run by run.
    recovered: list[float] = field(default_factory=list)


def felt(lines: Sequence[Line], found: Found) -> dict[str, Felt]:
    """By kind of fault; what happened while nothing was broken is under the empty name."""
    faults = [line for line in lines if isinstance(line, Fault)]
    kinds: dict[str, Felt] = {"": Felt()}
    for fault in faults:
        kinds.setdefault(fault.what, Felt()).runs += 1
    said = {(channel, it.offset): it.at for channel, entries in found.log.items() for it in entries}
    joined: dict[tuple[str, str], float] = {}
    for line in lines:
        kind = kinds[_during(faults, line.at)]
        match line:
            case Operation():
                _count(kind, line)
            case Joined():
                back = (line.who, line.channel) in joined
                kind.resumed += back
                kind.whole += back and line.recovered
                joined[line.who, line.channel] = line.at
            case Heard():
                at = said.get((line.channel, line.offset), line.at)
                if joined.get((line.who, line.channel), line.at) < at:
                    # Felt when it was said, whenever it was heard.
                    kinds[_during(faults, at)].delays.append(line.at - at)
            case _:
                pass
    return kinds


def _count(kind: Felt, line: Operation) -> None:
    if line.phase is Phase.OK:
        kind.acknowledged += line.what in SPOKEN
    elif line.phase is Phase.FAIL:
        kind.refused[line.error] += 1
    elif line.phase is Phase.INFO:
        kind.unanswered += 1


def _during(faults: Sequence[Fault], at: float) -> str:
    # The aftermath of one ends where the next begins.
    during = [it.what for it in faults if it.at <= at <= it.until + AFTERMATH_S]
    return during[-1] if during else ""


def acknowledged(lines: Sequence[Line]) -> int:
    """Requests and messages that were answered "ok"."""
    return sum(
        isinstance(it, Operation) and it.phase is Phase.OK and it.what in SPOKEN for it in lines
    )


def unfinished(lines: Sequence[Line]) -> list[str]:
    """Commands that were asked, again and again, and in the end not done."""
    asked: dict[str, str] = {}
    for line in lines:
        if isinstance(line, Operation):
            asked[line.id] = line.phase if asked.get(line.id) != Phase.OK else Phase.OK
    return [id_ for id_, phase in asked.items() if phase != Phase.OK]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so many do not exceed; 0 when there is none.

    >>> percentile([3.0, 1.0, 2.0], 0.5), percentile([], 0.99)
    (2.0, 0.0)
    """
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def merged(parts: Sequence[Mapping[str, Felt]]) -> dict[str, Felt]:
    """Several runs as one."""
    whole: dict[str, Felt] = {}
    for part in parts:
        for name, it in part.items():
            kind = whole.setdefault(name, Felt())
            kind.runs += it.runs
            kind.acknowledged += it.acknowledged
            kind.refused += it.refused
            kind.unanswered += it.unanswered
            kind.delays += it.delays
            kind.resumed += it.resumed
            kind.whole += it.whole
            kind.recovered += it.recovered
    return whole
