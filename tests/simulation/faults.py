"""What goes wrong in a run, and when: drawn by the seed, and over by the time it is to be quiet."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

#: Nothing breaks before everybody has come in, and nothing after.
FIRST_S, LAST_S = 4.0, 56.0


class Kind(StrEnum):
    #: ``kill -9``, and started again.
    CRASH = "crash"
    #: Frozen, and going on as if nothing had happened.
    PAUSE = "pause"
    BROKER_AWAY = "broker away"
    BROKER_CUT = "broker cut"
    DATABASE_AWAY = "database away"
    DATABASE_CUT = "database cut"
    #: The lines of some phones are cut.
    PHONES_CUT = "phones cut"
    #: Some phones read nothing for a while.
    PHONES_SLOW = "phones slow"


#: How long each lasts, in seconds.
LASTS: dict[Kind, tuple[float, float]] = {
    Kind.CRASH: (0.5, 8),
    Kind.PAUSE: (2, 52),
    Kind.BROKER_AWAY: (0.3, 12),
    Kind.BROKER_CUT: (0.3, 12),
    Kind.DATABASE_AWAY: (0.2, 8),
    Kind.DATABASE_CUT: (0.2, 10),
    Kind.PHONES_CUT: (0, 0),
    Kind.PHONES_SLOW: (2, 25),
}


@dataclass(frozen=True, slots=True)
class Fault:
    at: float
    kind: Kind
    seconds: float
    #: Which node, where it is one.
    node: int


def drawn(dice: Random, nodes: int) -> list[Fault]:
    """Between none and seven faults: with none, whatever breaks is our own doing."""
    faults = []
    for _ in range(dice.randrange(8)):
        kind = dice.choice(list(Kind))
        at = dice.uniform(FIRST_S, LAST_S - 2)
        seconds = min(dice.uniform(*LASTS[kind]), LAST_S - at)
        faults.append(Fault(at, kind, seconds, dice.randrange(nodes)))
    return sorted(faults, key=lambda it: it.at)
