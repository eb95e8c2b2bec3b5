"""Installations of several sizes: a département, a region, the country; the load of each. Pure.

An installation serves a territory alone: its people, in the same share of phones as in the country.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tests.load.country.cadence import Cadence, Moves
from tests.load.country.day import Hour
from tests.load.country.model import Load
from tests.load.country.people import ILE_DE_FRANCE, PHONES, Crowd, by_list, country, crowd
from tests.load.country.product import Rhythm


@dataclass(frozen=True, slots=True)
class Territory:
    name: str
    departements: frozenset[str]
    people: int
    #: A full stadium is among its people.
    match: bool = False


@dataclass(frozen=True, slots=True)
class Assumed:
    """What the load of a territory is made of, besides its people."""

    hour: Hour
    rhythm: Rhythm
    cadences: Mapping[Moves, Cadence]


def territories() -> Sequence[Territory]:
    """A middling département, the one with most people, the largest region, all of France."""
    people: dict[str, int] = {}
    for it in country()[0]:
        people[it.departement] = people.get(it.departement, 0) + it.population
    ordered = sorted(people, key=lambda it: people[it])
    middling, most = ordered[len(ordered) // 2], ordered[-1]
    region = sum(many for it, many in people.items() if it in ILE_DE_FRANCE)
    return (
        Territory(f"a middling département ({middling})", frozenset({middling}), people[middling]),
        Territory(f"the most peopled one ({most})", frozenset({most}), people[most]),
        Territory("Île-de-France", ILE_DE_FRANCE, region, match=True),
        Territory("France", frozenset(people), sum(people.values()), match=True),
    )


def peopled(of: Territory, assumed: Assumed, dice: Random, *, drawn: int) -> Crowd:
    """Its phones, of which so many are drawn."""
    phones = PHONES * of.people / _everybody()
    return crowd(
        assumed.hour, dice, phones=phones, drawn=drawn, match=of.match, among=of.departements
    )


def load_of(found: Crowd, assumed: Assumed) -> Load:
    hour, phones = assumed.hour, found.total
    tells, crossings = rates(found, assumed.cadences)
    return Load(
        phones=phones,
        within=tells - crossings,
        across=crossings,
        pings=phones / assumed.rhythm.ping_s,
        returns=phones * hour.returns,
        requests=hour.requests * phones / PHONES,
        duties=phones * hour.duties,
        lists=by_list(found.tells(assumed.cadences)),
    )


def rates(found: Crowd, cadences: Mapping[Moves, Cadence]) -> tuple[float, float]:
    """Positions a second, and of those the ones from another cell."""
    by_way = {how: sum(each.values()) for how, each in found.phones.items()}
    return (
        sum(many * cadences[how].tells for how, many in by_way.items()),
        sum(many * cadences[how].crossings for how, many in by_way.items()),
    )


def _everybody() -> int:
    return sum(it.population for it in country()[0])
