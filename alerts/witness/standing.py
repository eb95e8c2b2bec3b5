"""Who is known, who is doubted, and how many people an account nobody knows may disturb. Pure.

Trust comes from the association only: an account is *known* when it is vetted, or when an operator
or vetted eyes have confirmed what it reported before. Fifty accounts that say the same of each
other are fifty accounts that nobody knows: however old, whatever address they come from.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.witness.rules import (
    BY_HAND_MOST,
    CONTAINED_MOST,
    DOUBTED_FROM,
    HALF_LIFE,
    MARKS_KEPT,
    NETWORK_MOST,
    UNHEARD_FROM,
)
from alerts.witness.values import Event, Report, Standing
from geo.cells import DECLARED_RES, Cell, parent


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of something that an account reported."""

    good: bool
    at: datetime


def weight(marks: Collection[Mark], now: datetime) -> float:
    """How much false alarms weigh: each counts for one, and half as much every thirty days.

    >>> from datetime import UTC, timedelta
    >>> now = datetime(2026, 11, 26, tzinfo=UTC)
    >>> weight([Mark(good=False, at=now - timedelta(days=it)) for it in (0, 30, 60, 200)], now)
    1.75
    """
    ages = [now - it.at for it in marks if not it.good]
    return sum(float(0.5 ** (age / HALF_LIFE)) for age in ages if age < MARKS_KEPT)


def standing(marks: Collection[Mark], *, vetted: bool, now: datetime) -> Standing:
    doubts = weight(marks, now)
    if doubts >= UNHEARD_FROM:
        return Standing.DOUBTED
    known = vetted or any(it.good and now - it.at < MARKS_KEPT for it in marks)
    return Standing.KNOWN if known and doubts < DOUBTED_FROM else Standing.NEW


def independent(one: Report, other: Report) -> bool:
    """Whether two reports are two people's: not the same account, nor the same address."""
    if one.person == other.person:
        return False
    return not one.origin or not other.origin or one.origin != other.origin


def confirmed_by(reports: Sequence[Report]) -> bool:
    """Whether a second, independent witness who is known says the same."""
    told = [it for it in reports if not it.withdrawn and it.standing is not Standing.DOUBTED]
    return any(
        one.standing is Standing.KNOWN and independent(one, other) for one in told for other in told
    )


# Containment.


def carries_further(before: Event, now: Event) -> bool:
    """Whether what was reported now may disturb people whom it could not before.

    Whoever lies first has spent what may be, or is heard by nobody: that must not hold for the one
    who is there.
    """
    placed = now.placed and not before.placed
    heard = before.standing is Standing.DOUBTED and now.standing is not Standing.DOUBTED
    return placed or heard or (before.withheld and not now.withheld)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """The names under which people disturbed by one contained event are counted."""

    #: The line and its direction, or the stop; the cell; each address.
    near: tuple[str, ...]
    #: By word alone, in this network.
    by_hand: str
    network: str
    placed: bool

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(sorted({*self.near, self.by_hand, self.network}))

    @property
    def charged(self) -> tuple[str, ...]:
        """Where whoever is told now is counted."""
        mine = (*self.near, self.network)
        return mine if self.placed else (*mine, self.by_hand)


def budgets(event: Event, cell: Cell | None, origins: Collection[str]) -> Budgets:
    where = f"line {event.line} {event.direction}" if event.line else f"stop {event.at_stop}"
    around = () if cell is None else (f"cell {parent(cell, DECLARED_RES)}",)
    return Budgets(
        near=(where, *around, *(f"from {it}" for it in sorted(origins) if it)),
        by_hand=f"by hand {event.network}",
        network=f"network {event.network}",
        placed=event.placed,
    )


def allowance(these: Budgets, spent: Mapping[str, int]) -> int:
    """How many people it may still disturb.

    Whatever is said and wherever, who is in one place disturbs five people at most: what was spent
    by word alone in a network is taken from everybody's, and is itself what the others have left.
    """
    near = max(spent.get(it, 0) for it in these.near)
    by_hand, network = spent.get(these.by_hand, 0), spent.get(these.network, 0)
    if these.placed:
        left = min(CONTAINED_MOST - near - by_hand, NETWORK_MOST - network)
    else:
        left = min(BY_HAND_MOST - by_hand, CONTAINED_MOST - max(near, network))
    return max(left, 0)
