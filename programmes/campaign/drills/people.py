"""What may be told of the people that exercises have reached. Pure.

Each person an exercise reached has claimed a role, or has looked, or has not looked. So a month is
a table: exercises down, these three across, with their totals; and what is told of it hides, as in
``matching.shelter.public.suppression``, every count of one to four, and all that would give one
away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from matching.shelter.public.suppression import TOTAL, hidden, with_totals
from programmes.campaign.rules import SMALL
from programmes.campaign.values import Drill

CAME, LOOKED, MISSED = COLUMNS = ("came", "looked", "missed")


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """None: fewer than five, or it could be worked out."""

    delivered: int | None
    seen: int | None
    claimed: int | None


def people(drills: Mapping[str, Drill], *, k: int = SMALL) -> dict[str, People]:
    """What is told of each of a month's exercises, and, under no name, of all of them.

    >>> told = people({"a": Drill(delivered=40, seen=30, claimed=9)})
    >>> told["a"]
    People(delivered=40, seen=30, claimed=9)
    >>> people({"a": Drill(delivered=40, seen=38, claimed=9)})["a"]
    People(delivered=40, seen=None, claimed=None)
    """
    counts: dict[tuple[str, str], int] = {}
    for name, it in drills.items():
        seen = min(it.seen, it.delivered)
        came = min(it.claimed, seen)
        parts = (came, seen - came, it.delivered - seen)
        counts |= {(name, column): many for column, many in zip(COLUMNS, parts, strict=True)}
    table = with_totals(counts, list(drills), COLUMNS)
    out = hidden(table, k)
    told = {cell: None if cell in out else many for cell, many in table.items()}
    return {name: _of(told, name) for name in (*drills, TOTAL)}


def _of(told: Mapping[tuple[str, str], int | None], row: str) -> People:
    whole, missed = told.get((row, TOTAL)), told.get((row, MISSED))
    return People(
        delivered=whole,
        seen=None if whole is None or missed is None else whole - missed,
        claimed=told.get((row, CAME)),
    )


def usual_s(drills: Sequence[Drill]) -> float | None:
    """Within how many seconds half of those that were answered at all were answered."""
    times = [it.first_claim_s for it in drills if it.first_claim_s is not None]
    return median(times) if times else None
