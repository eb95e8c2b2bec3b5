"""A simulated world of transport: vehicles on real tracks, who is in them, and who is beside them.

Vehicles leave each terminus by headways, accelerate, brake, stand at stations, are held between two
of them now and then. Riders, people who wait, who walk, cycle or drive along a track, and people at
home: each has a phone with noise of its own, which loses the sky in tunnels. For every moment the
world says the truth (``truth``) and what the phone tells (``fix``, ``trail``).

All is a function of the seed and of the moment, in seconds from the world's beginning: nothing has
to be played in order. ``MIX`` is the share of each kind of people where the caller names none.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import cos, hypot, pi, sin
from random import Random

from geo.transit.network import Network
from geo.transit.plane import scales
from geo.transit.values import Course, Fix, Line, LineId, Spot, StopId
from realtime.kernel.ids import PersonId
from tests.support.driving import Drive, drive

START = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
#: Seconds between two vehicles of one course.
HEADWAY_S = {"metro": 180.0, "tram": 360.0, "rail": 600.0, "cable": 60.0, "bus": 480.0}
#: The kinds of people who are in no vehicle of a line.
NOT_ABOARD = ("walker", "cyclist", "car", "home", "waiting")
MIX: Mapping[str, float] = {
    "rider": 0.5, "walker": 0.1, "cyclist": 0.05, "car": 0.15, "home": 0.15, "waiting": 0.05,
}  # fmt: skip
#: Metres of noise (sigma, each way), and how long a phone errs the same way.
LEAST_NOISE_M, MOST_NOISE_M, KNOT_S = 10.0, 30.0, 10.0
OUTLIERS, LOST = 0.02, 0.05
#: Half of the phones are thrifty: said again so often where they stand, and then each ten seconds.
THRIFTY, STILL_TIMES, STILL_S = 0.5, 4, 10.0
#: Share of each track under ground, in tunnels of so many metres.
UNDERGROUND, TUNNEL_M = 0.15, (300.0, 1_500.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    id: str
    line: LineId
    mode: str
    direction: int
    course: int
    #: When it leaves its terminus.
    leaves: float
    drive: Drive


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: PersonId
    kind: str
    noise_m: float
    every_s: float
    #: Says where it is when that has changed, and otherwise a few times and then rarely.
    thrifty: bool = False
    vehicle: Vehicle | None = None
    #: Beside a track: which, how far along at the beginning, how far off it (left is negative).
    beside: tuple[LineId, int] | None = None
    off_m: float = 0.0
    drive: Drive | None = None
    #: Where along the road that one turns away for good, and at which angle.
    turns_at: float = 1e9
    turns_by: float = 0.0
    home: Spot = (0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Where somebody really is."""

    spot: Spot
    kind: str
    vehicle: str | None = None
    line: LineId | None = None
    direction: int | None = None
    course: int | None = None
    along_m: float = 0.0
    #: The vehicle stands at that stop, or the person waits there.
    stop: StopId | None = None
    underground: bool = False


@dataclass(slots=True)
class World:
    network: Network
    seed: int
    #: By course: stretches under ground.
    _tunnels: dict[tuple[LineId, int], list[tuple[float, float]]] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    vehicles: list[Vehicle] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        network: Network,
        seed: int,
        *,
        people: int,
        lasts_s: float = 900.0,
        lines: Iterable[LineId] | None = None,
        mix: Mapping[str, float] = MIX,
    ) -> "World":
        """So many people of each kind; vehicles that run at some moment of ``lasts_s`` seconds."""
        world, dice = cls(network, seed), Random(f"{seed} world")
        wanted = None if lines is None else set(lines)
        served = [it for it in network.lines if it.courses and (wanted is None or it.id in wanted)]
        for line in served:
            world.vehicles += world._timetable(line, lasts_s, dice)
        by_line: dict[LineId, list[Vehicle]] = {}
        for vehicle in world.vehicles:
            by_line.setdefault(vehicle.line, []).append(vehicle)
        kinds = dice.choices(list(mix), list(mix.values()), k=people)
        for number, kind in enumerate(kinds):
            line = dice.choice(served)
            world.people.append(world._person(number, kind, line, by_line[line.id], dice))
        return world

    def truth(self, person: Person, at: float) -> Truth:
        if person.vehicle is not None:
            vehicle = person.vehicle
            along, place = vehicle.drive.at(at - vehicle.leaves)
            track = self.network.track(vehicle.line, vehicle.course)
            course = self._course(vehicle.line, vehicle.course)
            return Truth(
                spot=track.spot(along),
                kind=person.kind,
                vehicle=vehicle.id,
                line=vehicle.line,
                direction=vehicle.direction,
                course=vehicle.course,
                along_m=along,
                stop=None if place is None else course.stops[place],
                underground=self.underground(vehicle.line, vehicle.course, along),
            )
        if person.beside is None or person.drive is None:
            stop = None
            if person.kind == "waiting" and person.beside is not None:
                line, course_number = person.beside
                stop = self._course(line, course_number).stops[int(person.off_m)]
            return Truth(spot=person.home, kind=person.kind, stop=stop)
        along, _ = person.drive.at(at)
        return Truth(spot=self._road(person, along), kind=person.kind)

    def fix(self, person: Person, at: float) -> Fix | None:
        """What the phone tells at that moment, if it sees the sky."""
        truth = self.truth(person, at)
        dice = Random(f"{self.seed} {person.id} {at:.2f}")
        if truth.underground or dice.random() < LOST:
            return None
        north, east = scales(truth.spot[0])
        up, right = self._noise(person, at)
        if dice.random() < OUTLIERS:
            angle, far = dice.uniform(0, 2 * pi), dice.uniform(100, 300)
            up, right = up + far * sin(angle), right + far * cos(angle)
        return Fix(
            lat=round(truth.spot[0] + up / north, 3),
            lon=round(truth.spot[1] + right / east, 3),
            at=START + timedelta(seconds=at),
        )

    def trail(self, person: Person, at: float, lasts_s: float = 90.0) -> list[Fix]:
        """What the phone has told in the seconds before, the oldest first."""
        many = int(lasts_s // person.every_s)
        moments = [at - step * person.every_s for step in range(many, -1, -1)]
        fixes = [fix for it in moments if (fix := self.fix(person, it)) is not None]
        return _thrifty(fixes) if person.thrifty else fixes

    def open_for(self, person: Person, at: float, most: float = 120.0) -> float:
        """For how many seconds, up to ``most``, a phone has seen the sky without a break."""
        seconds = 0.0
        while seconds < most and not self.truth(person, at - seconds).underground:
            seconds += 2.0
        return seconds

    def underground(self, line: LineId, course: int, along: float) -> bool:
        tunnels = self._tunnels.get((line, course))
        if tunnels is None:
            tunnels = _dug(
                self.network.track(line, course).length, Random(f"{self.seed} {line} {course}")
            )
            self._tunnels[line, course] = tunnels
        place = bisect_right(tunnels, (along, 1e12)) - 1
        return place >= 0 and tunnels[place][0] <= along < tunnels[place][1]

    def _course(self, line: LineId, course: int) -> Course:
        found = self.network.line(line)
        assert found is not None
        return found.courses[course]

    def _timetable(self, line: Line, lasts_s: float, dice: Random) -> list[Vehicle]:
        made: list[Vehicle] = []
        for number, course in enumerate(line.courses):
            headway = HEADWAY_S.get(line.mode, 480.0)
            whole = drive(course.at_m, line.mode, dice).lasts
            leaves = -whole + dice.uniform(0, headway)
            while leaves < lasts_s:
                made.append(
                    Vehicle(
                        id=f"{line.id}/{number}/{len(made)}",
                        line=line.id,
                        mode=line.mode,
                        direction=course.direction,
                        course=number,
                        leaves=leaves,
                        drive=drive(course.at_m, line.mode, dice),
                    )
                )
                leaves += headway * dice.uniform(0.8, 1.2)
        return made

    def _person(
        self, number: int, kind: str, line: Line, vehicles: Sequence[Vehicle], dice: Random
    ) -> Person:
        noise = dice.uniform(LEAST_NOISE_M, MOST_NOISE_M)
        name, every = PersonId(f"{kind}-{number}"), dice.choice([3.0, 4.0, 5.0, 8.0])
        thrifty = dice.random() < THRIFTY
        if kind == "rider":
            vehicle = dice.choice(vehicles)
            return Person(
                id=name, kind=kind, noise_m=noise, every_s=every, thrifty=thrifty, vehicle=vehicle
            )
        course_number = dice.randrange(len(line.courses))
        course = line.courses[course_number]
        beside, track = (line.id, course_number), self.network.track(line.id, course_number)
        if kind == "waiting":
            place = dice.randrange(len(course.stops))
            spot = track.spot(course.at_m[place] + dice.uniform(-60, 60))
            return Person(
                id=name, kind=kind, noise_m=noise, every_s=every, thrifty=thrifty,
                beside=beside, off_m=place, home=_moved(spot, dice.uniform(0, 6.3), 8.0),
            )  # fmt: skip
        if kind == "home":
            spot = track.spot(dice.uniform(0, track.length))
            far = dice.uniform(15, 300)
            home = _moved(spot, dice.uniform(0, 2 * pi), far)
            return Person(
                id=name, kind=kind, noise_m=noise, every_s=every, thrifty=thrifty, home=home
            )
        return Person(
            id=name, kind=kind, noise_m=noise, every_s=every, thrifty=thrifty, beside=beside,
            off_m=dice.choice([-1, 1]) * dice.uniform(8, 80 if kind == "car" else 50),
            drive=_by_road(kind, track.length, dice),
            turns_at=dice.uniform(200, 3_000) if dice.random() < 0.6 else 1e9,
            turns_by=dice.choice([-1, 1]) * dice.uniform(pi / 6, pi / 2),
        )  # fmt: skip

    def _road(self, person: Person, along: float) -> Spot:
        """A road that follows a track at a distance, and at some point leaves it."""
        assert person.beside is not None
        assert person.drive is not None
        track = self.network.track(*person.beside)
        start = person.drive.starts
        on_road = min(along, start + person.turns_at)
        here, ahead = track.spot(on_road), track.spot(on_road + 30)
        north, east = scales(here[0])
        y, x = (ahead[0] - here[0]) * north, (ahead[1] - here[1]) * east
        length = hypot(x, y) or 1.0
        side = (
            here[0] - x / length * person.off_m / north,
            here[1] + y / length * person.off_m / east,
        )
        if along <= on_road:
            return side
        turned = cos(person.turns_by), sin(person.turns_by)
        x_2, y_2 = x * turned[0] - y * turned[1], x * turned[1] + y * turned[0]
        far = (along - on_road) / length
        return side[0] + y_2 * far / north, side[1] + x_2 * far / east

    def _noise(self, person: Person, at: float) -> tuple[float, float]:
        """Noise that lasts for some seconds: from one draw to the next, never smaller between."""
        knot, part = divmod(at, KNOT_S)
        part /= KNOT_S
        up = right = 0.0
        for number, weight in ((knot, (1 - part) ** 0.5), (knot + 1, part**0.5)):
            dice = Random(f"{self.seed} {person.id} noise {number:.0f}")
            up += dice.gauss(0, person.noise_m * weight)
            right += dice.gauss(0, person.noise_m * weight)
        return up, right


def _by_road(kind: str, length: float, dice: Random) -> Drive:
    """On foot, by bicycle or by car: along the whole track, with lights where there is traffic."""
    mode = {"walker": "foot", "cyclist": "bicycle", "car": "car"}[kind]
    start, lights = dice.uniform(0, max(1.0, length - 2_000)), [0.0]
    while lights[-1] < length and len(lights) < 40:
        lights.append(lights[-1] + dice.uniform(80, 600))
    return drive([start + it for it in lights], mode, dice)


def _thrifty(fixes: Sequence[Fix]) -> list[Fix]:
    """What a phone sends that saves its battery: as the page of those who watch does."""
    sent: list[Fix] = []
    times = 0
    for fix in fixes:
        if sent and (fix.lat, fix.lon) == (sent[-1].lat, sent[-1].lon):
            times += 1
            if times >= STILL_TIMES and (fix.at - sent[-1].at).total_seconds() < STILL_S:
                continue
        else:
            times = 0
        sent.append(fix)
    return sent


def _dug(length: float, dice: Random) -> list[tuple[float, float]]:
    tunnels, at = list[tuple[float, float]](), 0.0
    mean = sum(TUNNEL_M) / 2
    while True:
        at += dice.expovariate(UNDERGROUND / (1 - UNDERGROUND) / mean)
        if at >= length:
            return tunnels
        end = at + dice.uniform(*TUNNEL_M)
        tunnels.append((at, end))
        at = end


def _moved(spot: Spot, angle: float, metres: float) -> Spot:
    north, east = scales(spot[0])
    return spot[0] + metres * sin(angle) / north, spot[1] + metres * cos(angle) / east
