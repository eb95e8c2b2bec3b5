"""How urgent it is, from what she answered, with the reasons said. Pure.

Nothing is guessed from her words and nothing is weighed in secret: an answer has a level, the
highest is hers, and the answers that gave it are shown beside it. It puts her earlier in the queue
and decides nothing else.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from matching.helpline.rules import ORANGE

Answer = Literal[
    "danger_now",
    "weapon",
    "strangled",
    "threatened_death",
    "alone_with_him",
    "children_here",
    "injured",
    "suicidal",
]
ANSWERS: frozenset[str] = frozenset(get_args(Answer))
#: Whether somebody can see her screen.
Seen = Literal["yes", "no", "unsure"]

#: Strangulation and threats of death are what is most often there before a killing.
LEVEL: Mapping[str, int] = {
    "danger_now": 3,
    "weapon": 3,
    "strangled": 3,
    "suicidal": 3,
    "threatened_death": 2,
    "injured": 2,
    "alone_with_him": 1,
    "children_here": 1,
}
#: Two answers of this level say together what one of the next does.
TOGETHER = 2


@dataclass(frozen=True, slots=True)
class Triage:
    level: int
    #: What gave the level, the gravest first; keys of the catalogues.
    reasons: tuple[str, ...]


def triage(answers: Collection[str], seen: str | None = None) -> Triage:
    """The level of risk and why.

    >>> triage(["children_here", "strangled"])
    Triage(level=3, reasons=('strangled', 'children_here'))
    >>> triage(["threatened_death", "injured"]).level, triage([]).level
    (3, 0)
    >>> triage([], seen="yes")
    Triage(level=1, reasons=('seen',))
    """
    known = {it: LEVEL[it] for it in answers if it in LEVEL}
    if seen == "yes":
        known["seen"] = 1
    reasons = tuple(sorted(known, key=lambda it: (-known[it], it)))
    level = max(known.values(), default=0)
    if sum(it == level for it in known.values()) > 1 and level == TOGETHER:
        level = ORANGE
    return Triage(level, reasons)
