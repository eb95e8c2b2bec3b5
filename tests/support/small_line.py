"""A small network for tests: a tram along a street that forks at its end, and a bus beside it.

The trunk runs east along latitude 48.850 from longitude 2.300, a stop each 600 m; after the fifth
stop one branch goes on east, the other turns north-east.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from geo.transit.network import Network
from geo.transit.plane import scales
from geo.transit.track import Track
from geo.transit.values import Course, Fix, Line, LineId, NetworkId, Spot, Stop, StopId

NOW = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
DEMO = NetworkId("demo")
TRAM, BUS = LineId("demo:t1"), LineId("demo:9")
LAT, LON = 48.85, 2.3
NORTH, EAST = scales(LAT)
EVERY_M = 600.0


def spot(east_m: float, north_m: float = 0.0) -> Spot:
    return LAT + north_m / NORTH, LON + east_m / EAST


def stop_id(name: str) -> StopId:
    return StopId(f"demo:{name}")


TRUNK = [(f"s{n}", spot(n * EVERY_M)) for n in range(5)]
EASTERN = [(f"e{n}", spot((4 + n) * EVERY_M)) for n in (1, 2, 3)]
NORTHERN = [(f"n{n}", spot(4 * EVERY_M + n * 420, n * 420)) for n in (1, 2, 3)]
STOPS = [
    Stop(id=stop_id(name), name=f"Stop {name}", lat=lat, lon=lon)
    for name, (lat, lon) in (*TRUNK, *EASTERN, *NORTHERN)
]


def course(direction: int, places: Sequence[tuple[str, Spot]]) -> Course:
    path = tuple(it for _, it in places)
    return Course(
        direction=direction,
        headsign=f"To {places[-1][0]}",
        stops=tuple(stop_id(name) for name, _ in places),
        at_m=tuple(round(it) for it in Track(path).at),
        path=path,
    )


def both_ways(places: Sequence[tuple[str, Spot]]) -> tuple[Course, Course]:
    return course(0, places), course(1, list(reversed(places)))


def tram() -> Line:
    eastern, northern = both_ways([*TRUNK, *EASTERN]), both_ways([*TRUNK, *NORTHERN])
    courses = (eastern[0], northern[0], eastern[1], northern[1])
    return Line(id=TRAM, network=DEMO, name="T1", mode="tram", colour="0044aa", courses=courses)


def small_network(*more: Line) -> Network:
    return Network([tram(), *more], STOPS)


def trail(
    *, start_m: float, speed: float, seconds: int = 88, every: int = 4, north_m: float = 0.0
) -> list[Fix]:
    """A phone that goes east at a constant speed, and is where it says at ``NOW``."""
    fixes = []
    for at in range(-seconds, 1, every):
        lat, lon = spot(start_m + speed * (seconds + at), north_m)
        fixes.append(Fix(lat=round(lat, 3), lon=round(lon, 3), at=NOW + timedelta(seconds=at)))
    return fixes


def stopping_trail(
    *, back: bool = False, noise: float = 0.0, seed: int = 1, north_m: float = 0.0
) -> list[Fix]:
    """A tram from the second stop to the fourth: 40 s a stretch, 25 s at the stop between."""
    dice, fixes = Random(seed), []
    for second in range(0, 89, 4):
        gone = min(second, 32) * 600 / 32 if second < 57 else 600 + min(32, second - 57) * 600 / 32
        along = 600 + (1_200 - gone if back else gone)
        lat, lon = spot(along + dice.gauss(0, noise), north_m + dice.gauss(0, noise))
        at = NOW + timedelta(seconds=second - 88)
        fixes.append(Fix(lat=round(lat, 3), lon=round(lon, 3), at=at))
    return fixes


def at_one_place(east_m: float, north_m: float = 0.0, seconds: int = 88) -> list[Fix]:
    return trail(start_m=east_m, speed=0, seconds=seconds, north_m=north_m)
