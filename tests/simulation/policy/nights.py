"""One synthetic night: helpers, requests of an evening's rhythm, and everyone's replies.

Nothing here knows a policy. A night is the same for all of them, made from a seed alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import exp
from random import Random

from geo.cells import cell_of, index_steps, to_index
from geo.point import Point
from geo.whereabouts.order import mark, mixer, standing
from matching.helpers import tags
from tests.load.france import Commune
from tests.simulation.policy.people import Neighbour, Reply, neighbour, reply
from tests.simulation.policy.places import Setting, communes_of, metres, scattered

#: 18:00 in Paris. Budgets begin again at midnight, six hours later.
START = datetime(2026, 11, 23, 17, tzinfo=UTC)
LASTS_S, MIDNIGHT_S = 9 * 3600.0, 6 * 3600.0
#: When most ask, how wide the evening is, and how busy an hour is at least.
PEAK_S, WIDE_S, FLOOR = 4.5 * 3600.0, 2.5 * 3600.0, 0.35
#: The Sorority: one alert in ten is domestic (features.md 2, [A7]).
AT_HOME = 0.1


@dataclass(frozen=True, slots=True)
class Request:
    number: int
    at_s: float
    at_home: bool
    place: Point


@dataclass(frozen=True, slots=True)
class Reach:
    """One helper, seen from one request."""

    helper: int
    metres: float
    steps: int


@dataclass(slots=True)
class Night:
    seed: str
    people: Sequence[Neighbour]
    requests: Sequence[Request]
    #: For each request: everybody, the nearest first, by metres and by cells.
    by_metres: Sequence[Sequence[Reach]]
    by_steps: Sequence[Sequence[Reach]]
    #: The same metres, by request and helper.
    metres: Sequence[Sequence[float]]
    _replies: dict[tuple[int, int], Reply] = field(default_factory=dict)
    _able: dict[tuple[int, bool], list[Reach]] = field(default_factory=dict)

    def reply(self, request: int, helper: int) -> Reply:
        """Hers, whoever asks: it depends on the night, the request and herself."""
        key = request, helper
        if key not in self._replies:
            self._replies[key] = reply(Random(f"{self.seed} reply {request} {helper}"))
        return self._replies[key]

    def able(self, request: int, *, near: bool) -> list[Reach]:
        """By cells, those whose tags say that they could: all that the live map looks at."""
        key = request, near
        if key not in self._able:
            bits = tags.wanted(near=near, at_home=self.requests[request].at_home)
            self._able[key] = [
                it
                for it in self.by_steps[request]
                if tags.tags_of(self.people[it.helper].helper) & bits == bits
            ]
        return self._able[key]


def moment(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def seconds(at: datetime) -> float:
    return (at - START).total_seconds()


def nights(setting: Setting, inhabitants_a_helper: int, many: int, seed: int) -> list[str]:
    """The names of so many nights: each is made from its own."""
    return [f"{seed} {setting.name} {inhabitants_a_helper} {number}" for number in range(many)]


def made(setting: Setting, inhabitants_a_helper: int, seed: str) -> Night:
    dice = Random(seed)
    communes = communes_of(setting)
    many = max(1, round(sum(it.population for it in communes) / inhabitants_a_helper))
    homes = scattered(setting, communes, many, dice)
    people = [neighbour(number, setting, dice) for number in range(many)]
    requests = _requests(setting, communes, dice)
    cells = [to_index(cell_of(it)) for it in homes]
    marks = [mark(it.helper.person) for it in people]
    by_metres, by_steps, away = [], [], []
    for request in requests:
        here = to_index(cell_of(request.place))
        mixed = mixer(f"{seed} {request.number}")
        seen = [
            Reach(number, metres(request.place, home), index_steps(here, cells[number]))
            for number, home in enumerate(homes)
        ]
        away.append([it.metres for it in seen])
        by_metres.append(sorted(seen, key=lambda it: it.metres))
        # Inside a layer, as the live map does: by a number that nobody can relate to a place.
        order = {it.helper: standing(marks[it.helper], mixed) for it in seen}
        by_steps.append(sorted(seen, key=lambda it: (it.steps, order[it.helper])))
    return Night(seed, people, requests, by_metres, by_steps, away)


def _requests(setting: Setting, communes: Sequence[Commune], dice: Random) -> list[Request]:
    places = scattered(setting, communes, setting.requests, dice)
    times = sorted(_asked_at(dice) for _ in places)
    return [
        Request(number, at, dice.random() < AT_HOME, place)
        for number, (at, place) in enumerate(zip(times, places, strict=True))
    ]


def _asked_at(dice: Random) -> float:
    """Drawn evenly, kept as often as the hour is busy."""
    while True:
        at = dice.random() * LASTS_S
        if dice.random() * (1 + FLOOR) < FLOOR + exp(-(((at - PEAK_S) / WIDE_S) ** 2)):
            return at
