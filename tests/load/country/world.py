"""Everything that the model needs to know before any cost: people, hours, territories. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random

from tests.load.country.cadence import cadences
from tests.load.country.day import HOURS, hour
from tests.load.country.model import Load
from tests.load.country.people import PHONES, Crowd
from tests.load.country.product import rhythm
from tests.load.country.territories import Assumed, Territory, load_of, peopled, territories


@dataclass(frozen=True, slots=True)
class Installation:
    """A territory at the hour that is planned for."""

    territory: Territory
    crowd: Crowd
    load: Load


@dataclass(frozen=True)
class World:
    assumed: Assumed
    installations: Sequence[Installation]
    #: The country's load in each hour, without saying where.
    day: Sequence[Load]

    @cached_property
    def country(self) -> Installation:
        return self.installations[-1]

    @cached_property
    def region(self) -> Installation:
        return self.installations[-2]

    @property
    def fullest(self) -> float:
        """Phones of the most crowded cell, for each phone of the country."""
        ((_, most),) = self.country.crowd.fullest(1)
        return most / self.country.crowd.total


def world(seed: int, *, drawn: int, phones: int) -> World:
    """``drawn`` of each territory's phones; ``phones`` are played to know how often they tell."""
    dice = Random(seed)
    rhythms = rhythm()
    assumed = Assumed(hour(0), rhythms, cadences(rhythms, dice, phones=phones))
    day = [everywhere(replace(assumed, hour=hour(at))) for at in HOURS]
    # Positions are most of what there is, and the evening is when requests come too.
    busiest = max(range(17, 24), key=lambda at: day[at].within + day[at].across)
    assumed = replace(assumed, hour=hour(busiest))
    found = []
    for it in territories():
        people = peopled(it, assumed, dice, drawn=drawn)
        found.append(Installation(it, people, load_of(people, assumed)))
    return World(assumed, found, day)


def everywhere(assumed: Assumed) -> Load:
    """Of the whole country at one hour."""
    here = assumed.hour
    tells = sum(assumed.cadences[how].tells * it for how, it in here.moves.items())
    crossings = sum(assumed.cadences[how].crossings * it for how, it in here.moves.items())
    return Load(
        phones=PHONES,
        within=(tells - crossings) * PHONES,
        across=crossings * PHONES,
        pings=PHONES / assumed.rhythm.ping_s,
        returns=here.returns * PHONES,
        requests=here.requests,
        duties=here.duties * PHONES,
        lists={},
    )
