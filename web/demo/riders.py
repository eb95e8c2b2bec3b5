"""Who rides tram T1, and what each does when somebody on it needs people. Pure: chance is given.

They are of those who said that they would be there for others on their way: more of them come than
of people who are called out of their homes.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from random import Random

from web.demo.people import Personality, personality
from web.demo.tram import OTHERS, VISITORS, Ride

#: Their chances of coming, each one's own; and of those whose trade it is.
LEAST_WILLING, MOST_WILLING, BY_TRADE = 0.7, 0.92, 0.97
#: They work for the network: they may be asked often, and one of them tells the driver.
AGENTS = ("Mireille (T1)", "Ondine (T1)")
_NAMES = (
    *AGENTS, "Basile (T1)", "Colette (T1)", "Assia (T1)", "Rosa (T1)", "Tiago (T1)",
    "Pernelle (T1)", "Maryam (T1)", "Swann (T1)", "Ginette (T1)", "Abel (T1)", "Irma (T1)",
    "Désiré (T1)",
)  # fmt: skip
#: Six are always with the visitor; the others get off and on, or are on the vehicles behind.
RIDES = (
    *(Ride(VISITORS) for _ in range(6)),
    Ride(VISITORS, 1, 6), Ride(VISITORS, 2, 5), Ride(VISITORS, 0, 4),
    Ride(1, 0, 5), Ride(1, 2, 7), Ride(OTHERS, 1, 6), Ride(OTHERS), Ride(5, 2, 7),
)  # fmt: skip
#: What each would rather do, the first first; who works there talks to the driver.
_BY_TRADE = ("driver", "call", "sit", "distract", "document")
_BY_HEART = ("sit", "distract", "call", "driver", "document")


@dataclass(frozen=True, slots=True)
class Rider:
    person: Personality
    ride: Ride

    @property
    def agent(self) -> bool:
        return self.person.name in AGENTS


def riders(random: Random) -> list[Rider]:
    """Everybody who rides, each with a name of their own and a way of their own."""
    return [Rider(_willing(name, random), ride) for name, ride in zip(_NAMES, RIDES, strict=True)]


def _willing(name: str, random: Random) -> Personality:
    accepts = BY_TRADE if name in AGENTS else random.uniform(LEAST_WILLING, MOST_WILLING)
    return replace(personality(name, random), accepts=accepts, declines=(1 - accepts) * 0.6, tier=1)


def role(rider: Rider, free: Collection[str], random: Random) -> str | None:
    """What she takes of what nobody has taken yet; None when there is nothing left to do.

    Two who choose at the same moment would all want the same: the first two are as good to her.

    >>> someone, *_ = riders(Random(1))
    >>> role(someone, ["document", "driver"], Random(1)), role(someone, [], Random(1))
    ('driver', None)
    """
    if rider.agent:
        return next((it for it in _BY_TRADE if it in free), None)
    wanted = [it for it in _BY_HEART if it in free][:3]
    return random.choice(wanted) if wanted else None
