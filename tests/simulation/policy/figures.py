"""What is measured of a night, and how sure a mean over nights is.

Requests of one night meet the same helpers, so they are not independent: nights are. An interval is
Student's over nights, and a difference between two policies is taken night by night (paired).
"""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from tests.simulation.policy.play import ENDS_S, Case

#: There in time: the ten minutes of the brief.
IN_TIME_S = 600.0
#: Student's t at 95 %, by degrees of freedom; in between, that of the fewer (wider) is taken.
STUDENT = (
    (1, 12.71), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (7, 2.365), (9, 2.262),
    (11, 2.201), (15, 2.131), (19, 2.093), (23, 2.069), (31, 2.040), (60, 2.000), (120, 1.980),
)  # fmt: skip


class Figures(NamedTuple):
    """One night's means over its requests, or several nights'."""

    #: Shares of requests with somebody, and with two, there within ten minutes.
    one: float
    two: float
    #: Seconds until the second is there; fifteen minutes where she is not.
    second_s: float
    #: Asked to come, and asked to call or write, for one request.
    alerts: float
    calls: float
    #: Who came beyond the second.
    redundant: float

    @property
    def asked(self) -> float:
        """Disturbed for one request, to come or to call."""
        return self.alerts + self.calls


def figures(cases: Sequence[Case]) -> Figures:
    many = len(cases)
    return Figures(
        one=sum(_in_time(it.at(1)) for it in cases) / many,
        two=sum(_in_time(it.at(2)) for it in cases) / many,
        second_s=sum(min(ENDS_S, it.at(2) or ENDS_S) for it in cases) / many,
        alerts=sum(it.alerts for it in cases) / many,
        calls=sum(it.calls for it in cases) / many,
        redundant=sum(it.redundant for it in cases) / many,
    )


def _in_time(at: float | None) -> bool:
    return at is not None and at <= IN_TIME_S


class Estimate(NamedTuple):
    """A mean, and half of its 95 % interval."""

    mean: float
    half: float

    @property
    def is_sure(self) -> bool:
        """Whether zero is outside."""
        return abs(self.mean) > self.half

    def text(self, scale: float = 1.0, digits: int = 1) -> str:
        """As a table shows it.

        >>> Estimate(0.532, 0.041).text(100, 0), Estimate(1.25, 0.0).text()
        ('53 ±4', '1.2 ±0.0')
        """
        return f"{self.mean * scale:.{digits}f} ±{self.half * scale:.{digits}f}"

    def signed(self, scale: float = 1.0, digits: int = 1) -> str:
        return f"{self.mean * scale:+.{digits}f} ±{self.half * scale:.{digits}f}"


def estimate(values: Sequence[float]) -> Estimate:
    """The mean over nights.

    >>> estimate([1.0, 1.0, 1.0, 1.0])
    Estimate(mean=1.0, half=0.0)
    """
    many = len(values)
    mean = sum(values) / many
    if many < 2:
        return Estimate(mean, float("inf"))
    deviation = sqrt(sum((it - mean) ** 2 for it in values) / (many - 1))
    return Estimate(mean, _student(many - 1) * deviation / sqrt(many))


def of(nights: Sequence[Figures], what: str) -> Estimate:
    return estimate([getattr(it, what) for it in nights])


def between(ones: Sequence[Figures], others: Sequence[Figures], what: str) -> Estimate:
    """How much more ``ones`` have, on the same nights."""
    pairs = zip(ones, others, strict=True)
    return estimate([getattr(one, what) - getattr(other, what) for one, other in pairs])


def together(parts: Sequence[Estimate]) -> Estimate:
    """The mean of independent means, each weighing the same."""
    many = len(parts)
    return Estimate(
        sum(it.mean for it in parts) / many, sqrt(sum(it.half**2 for it in parts)) / many
    )


def _student(freedom: int) -> float:
    return next((t for most, t in reversed(STUDENT) if most <= freedom), STUDENT[0][1])
