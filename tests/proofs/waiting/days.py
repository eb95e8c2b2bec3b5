"""Who comes and who answers: days with an evening's peak, visitors who leave, operators who miss.

The same for every rule that is tried: chance is drawn before anything is decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from random import Random
from typing import TypeVar

T = TypeVar("T")

DAY_S = 86_400.0
#: The hour at which most come, and how wide the evening is.
PEAK_HOUR, WIDE_H = 21.0, 3.0
#: How busy an hour is, at least, beside the peak.
FLOOR = 0.35
LEVELS = ((0, 0.55), (1, 0.25), (2, 0.12), (3, 0.08))
LANGUAGES = (("fr", 0.86), ("en", 0.04), ("ar", 0.06), ("uk", 0.02), ("es", 0.02))
#: A conversation lasts about so long, spread as logarithms are, with a form after it.
TALK_S, SPREAD, FORM_S = 35 * 60.0, 0.6, 180.0
#: How long people wait before they leave: twice as long in danger.
PATIENCE_S = 15 * 60.0
#: Until an operator accepts; one offer of so many is not seen at all.
ACCEPTS_S, UNSEEN = 8.0, 0.04
#: One of so many learns, and has one conversation at a time.
TRAINEE_EVERY = 4


@dataclass(frozen=True, slots=True)
class Visitor:
    name: str
    at: float
    level: int
    language: str
    talk_s: float
    patience_s: float


@dataclass(frozen=True, slots=True)
class Listener:
    name: str
    trainee: bool
    languages: tuple[str, ...]


def listeners(many: int, chance: Random) -> list[Listener]:
    """All speak French; about half speak another language, and every language has somebody."""
    others = [language for language, _ in LANGUAGES[1:]]
    made = []
    for number in range(many):
        spoken = {"fr", others[number % len(others)]} | (
            {chance.choice(others)} if chance.random() < 0.5 else set()
        )
        trainee = number % TRAINEE_EVERY == TRAINEE_EVERY - 1
        made.append(Listener(f"e{number:02d}", trainee, tuple(sorted(spoken))))
    return made


def visitors(a_day: int, days: int, chance: Random) -> list[Visitor]:
    made: list[Visitor] = []
    top = max(_busy(hour / 10) for hour in range(240))
    mean = sum(_busy(hour / 10) for hour in range(240)) / 240
    at = 0.0
    while True:
        # Thinned: drawn at the peak's pace, kept as often as the hour is busy.
        at += chance.expovariate(a_day * top / mean / DAY_S)
        if at >= days * DAY_S:
            return made
        if chance.random() * top > _busy(at % DAY_S / 3600):
            continue
        level = _drawn(LEVELS, chance)
        patience = PATIENCE_S * (2 if level >= 2 else 1)
        made.append(
            Visitor(
                name=f"v{len(made):06d}",
                at=at,
                level=level,
                language=_drawn(LANGUAGES, chance),
                talk_s=chance.lognormvariate(log(TALK_S) - SPREAD**2 / 2, SPREAD) + FORM_S,
                patience_s=chance.expovariate(1 / patience),
            )
        )


def _busy(hour: float) -> float:
    away = min(abs(hour - PEAK_HOUR), 24 - abs(hour - PEAK_HOUR))
    return FLOOR + exp(-((away / WIDE_H) ** 2))


def _drawn(table: Sequence[tuple[T, float]], chance: Random) -> T:
    left = chance.random()
    for what, share in table:
        left -= share
        if left < 0:
            return what
    return table[-1][0]
