"""Which of two designs is followed more often, said only when it is surely so. Pure.

Two designs hang at the same places; what differs by chance is not only each tap but each place: a
busy stop counts for more than fifty quiet ones. So the interval of the ratio is the wider of two:
as if every tap were drawn alone (Poisson), and as if every place were (jackknife over places: Efron
and Tibshirani 1993, chapter 11). Where there are few places, weeks are taken instead.

A verdict is looked at each week for months, and for each pair of designs: its level allows for that
(``rules.WRONG``). What is not sure is said not to be; nothing is said of why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from math import exp, log, sqrt
from statistics import NormalDist

from programmes.campaign.rules import ALIKE, LEAST_BLOCKS, LEAST_TAPS, WRONG
from programmes.campaign.values import Design


class Word(StrEnum):
    #: One design is followed more often than every other.
    BETTER = "better"
    #: No two differ by more than a quarter.
    ALIKE = "alike"
    #: Not enough taps, or they say now this and now that.
    UNSURE = "unsure"
    #: There is only one design.
    ALONE = "alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """How many times as often one design is followed as another: surely between these two."""

    over: Design
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    word: Word
    design: Design | None = None
    #: Of the best against each other one.
    ratios: tuple[Ratio, ...] = ()


#: Taps of a design, by block (a place, or a week): as many numbers for each design.
Blocks = Mapping[Design, Sequence[int]]


def judged(blocks: Blocks, *, wrong: float = WRONG) -> Verdict:
    if len(blocks) < 2:
        return Verdict(word=Word.ALONE)
    best = max(blocks, key=lambda it: sum(blocks[it]))
    ratios = [_between(blocks, best, other, wrong) for other in blocks if other != best]
    known = tuple(it for it in ratios if it is not None)
    if len(known) == len(ratios) and all(it.low > 1 for it in known):
        return Verdict(word=Word.BETTER, design=best, ratios=known)
    pairs = [_between(blocks, one, other, wrong) for one, other in combinations(blocks, 2)]
    if all(it is not None and it.low >= 1 / ALIKE and it.high <= ALIKE for it in pairs):
        return Verdict(word=Word.ALIKE)
    return Verdict(word=Word.UNSURE)


def _between(blocks: Blocks, one: Design, other: Design, wrong: float) -> Ratio | None:
    found = interval(blocks[one], blocks[other], wrong=wrong)
    return None if found is None else Ratio(over=other, low=found[0], high=found[1])


def interval(
    one: Sequence[int], other: Sequence[int], *, wrong: float = WRONG
) -> tuple[float, float] | None:
    """Between what the ratio of two sums lies, block by block; None: too little to say anything.

    >>> low, high = interval([30] * 10, [10] * 10)
    >>> round(low, 1), round(high, 1)
    (2.2, 4.0)
    >>> interval([3] * 10, [1] * 10) is None
    True
    """
    mine, others = sum(one), sum(other)
    used = [(a, b) for a, b in zip(one, other, strict=True) if a or b]
    if min(mine, others) < LEAST_TAPS or len(used) < LEAST_BLOCKS:
        return None
    without = [(mine - a, others - b) for a, b in used]
    if any(a == 0 or b == 0 for a, b in without):
        # One block is all there is of a design: nothing can be said of blocks.
        return None
    logs = [log(a / b) for a, b in without]
    mean, many = sum(logs) / len(logs), len(logs)
    by_block = (many - 1) / many * sum((it - mean) ** 2 for it in logs)
    spread = max(
        student(wrong, many - 1) * sqrt(by_block),
        NormalDist().inv_cdf(1 - wrong / 2) * sqrt(1 / mine + 1 / others),
    )
    return mine / others * exp(-spread), mine / others * exp(spread)


def student(wrong: float, freedom: int) -> float:
    """Beyond which Student's t lies, either side, once in 1/``wrong`` (Cornish-Fisher, 4 terms).

    >>> round(student(0.05, 10), 2), round(student(0.05, 30), 2)
    (2.23, 2.04)
    """
    z = NormalDist().inv_cdf(1 - wrong / 2)
    terms: tuple[float, ...] = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / float(freedom) ** (n + 1) for n, term in enumerate(terms))
