"""People of the simulated world, each asked about at one moment: what is claimed, what is true."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from time import perf_counter

from geo.transit.network import Network
from geo.transit.values import Fix, LineId, Ride
from tests.proofs.riding.sharing import Sharing
from tests.support.riding import START, Person, Truth, World

Match = Callable[[Network, Sequence[Fix], datetime], list[Ride]]
#: How long a phone has to have seen the sky, in seconds (issue 6).
OPEN_S = 60.0
_TRIES = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody at a moment, with the trail that her phone has told."""

    kind: str
    truth: Truth
    mode: str
    trail: tuple[Fix, ...]
    now: datetime
    #: She has seen the sky for so long.
    open_s: float
    #: Lines that share the track of her last minute, her own among them.
    sharing: frozenset[LineId]
    #: Of each of them the direction in which she went.
    ways: Mapping[LineId, int]


@dataclass(frozen=True, slots=True)
class Answer:
    asked: Asked
    rides: tuple[Ride, ...]
    seconds: float

    @property
    def best(self) -> Ride | None:
        return self.rides[0] if self.rides else None

    @property
    def confidence(self) -> float:
        """How sure it is that she is in a vehicle of that line, going that way."""
        return 0.0 if self.best is None or self.best.stop else self.best.confidence

    @property
    def exact(self) -> bool:
        ride, truth = self.best, self.asked.truth
        return ride is not None and (ride.line, ride.direction) == (truth.line, truth.direction)

    @property
    def right(self) -> bool:
        """The line, or one that shares its track; and the way that it goes."""
        ride = self.best
        return self.exact or (ride is not None and self.asked.ways.get(ride.line) == ride.direction)


def answers(network: Network, asked: Iterable[Asked], match: Match) -> list[Answer]:
    found = []
    for it in asked:
        start = perf_counter()
        rides = match(network, it.trail, it.now)
        found.append(Answer(it, tuple(rides), perf_counter() - start))
    return found


def people_asked(
    world: World, sharing: Sharing, dice: Random, *, lasts_s: float = 900.0, least_open: float
) -> list[Asked]:
    """Everybody once: riders while their vehicle runs, in the open for at least so long."""
    found = []
    for person in world.people:
        at = _moment(world, person, dice, lasts_s, least_open)
        if at is not None:
            found.append(_asked(world, sharing, person, at))
    return found


def _moment(
    world: World, person: Person, dice: Random, lasts_s: float, least_open: float
) -> float | None:
    if person.vehicle is None:
        return dice.uniform(100, lasts_s)
    starts = person.vehicle.leaves + max(least_open, 10.0)
    ends = person.vehicle.leaves + person.vehicle.drive.lasts - 5
    for _ in range(_TRIES):
        at = dice.uniform(starts, ends) if ends > starts else ends
        if not world.truth(person, at).underground and world.open_for(person, at) >= least_open:
            return at
    return None


def _asked(world: World, sharing: Sharing, person: Person, at: float) -> Asked:
    truth = world.truth(person, at)
    lines: set[LineId] = set()
    ways: dict[LineId, int] = {}
    mode = person.kind
    if person.vehicle is not None:
        mode = person.vehicle.mode
        moments = [at - it for it in range(0, 61, 5)]
        spots = [world.truth(person, it).spot for it in moments]
        lines = sharing.along(spots)
        ways = _ways(world.network, lines, spots[-1], spots[0])
    return Asked(
        kind=person.kind,
        truth=truth,
        mode=mode,
        trail=tuple(world.trail(person, at)),
        now=START + timedelta(seconds=at),
        open_s=world.open_for(person, at, 95.0),
        sharing=frozenset(lines),
        ways=ways,
    )


def _ways(
    network: Network, lines: Iterable[LineId], start: tuple[float, float], end: tuple[float, float]
) -> dict[LineId, int]:
    """Of each line the direction that leads from one place to the other."""
    ways: dict[LineId, int] = {}
    for of in lines:
        line = network.line(of)
        for number, course in enumerate(line.courses if line else ()):
            track = network.track(of, number)
            begins, ends = track.seen(start), track.seen(end)
            if begins.off < 100 and ends.off < 100 and ends.along > begins.along:
                ways.setdefault(of, course.direction)
    return ways
