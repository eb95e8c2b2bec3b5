"""An evening in a city, made by dice: what everyone does, not a word of where she is. Pure."""

import random
from dataclasses import dataclass

#: How many helpers stand around her, and how many of them live far away.
NEAR, FAR = 9, 3


@dataclass(frozen=True, slots=True)
class Step:
    what: str
    #: Which helper, where the step is a helper's.
    who: int = 0
    seconds: float = 0


#: What a helper may do, and how often, beside the others.
ACTS = {
    "offer.received": 3,
    "offer.seen": 3,
    "offer.accept": 4,
    "offer.decline": 2,
    "offer.arrived": 2,
    "room.say": 1,
    "help.release": 1,
    "wait": 4,
}


def evening(chance: random.Random, *, steps: int) -> list[Step]:
    acts = chance.choices(list(ACTS), weights=list(ACTS.values()), k=steps)
    return [
        Step(what, chance.randrange(NEAR + FAR), round(chance.uniform(1, 25), 1)) for what in acts
    ]
