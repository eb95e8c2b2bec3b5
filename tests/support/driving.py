"""How a vehicle runs from stop to stop: it accelerates, goes on, brakes, and stands."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

#: Metres a second at most, and metres a second each second, as these usually run.
SPEED = {
    "metro": 16.0, "tram": 13.0, "rail": 30.0, "cable": 6.0, "bus": 12.0,
    "car": 13.0, "bicycle": 5.5, "foot": 1.5,
}  # fmt: skip
PULL = {"metro": 1.1, "tram": 1.0, "rail": 0.7, "cable": 0.5, "bus": 1.0, "car": 1.8,
        "bicycle": 0.8, "foot": 1.0}  # fmt: skip
#: Seconds at a stop, or at a light.
STANDS = {
    "metro": (18.0, 35.0), "tram": (15.0, 35.0), "rail": (35.0, 70.0), "cable": (10.0, 20.0),
    "bus": (8.0, 30.0), "car": (0.0, 45.0), "bicycle": (0.0, 25.0), "foot": (0.0, 20.0),
}  # fmt: skip
#: How often it is held between two stops.
HELD = 0.08
#: Share of trains that do not stop everywhere, and of the stations that those pass.
DIRECT, SKIPPED = 0.3, 0.5


@dataclass(frozen=True, slots=True)
class _Leg:
    """From one standstill to the next."""

    begins: float
    start: float
    metres: float
    speed: float
    pull: float
    #: Which stop it stands at when it is over; None when it is held between two.
    stop: int | None

    @property
    def lasts(self) -> float:
        if self.metres <= 0:
            return 0.0
        ramp = self.speed / self.pull
        if self.speed * ramp >= self.metres:
            return float(2 * (self.metres / self.pull) ** 0.5)
        return 2 * ramp + (self.metres - self.speed * ramp) / self.speed

    def after(self, seconds: float) -> float:
        """Metres from the beginning of the leg."""
        if seconds >= self.lasts:
            return self.metres
        top = min(self.speed / self.pull, self.lasts / 2)
        if seconds <= top:
            return self.pull * seconds**2 / 2
        left = self.lasts - seconds
        if left <= top:
            return self.metres - self.pull * left**2 / 2
        return self.pull * top**2 / 2 + self.pull * top * (seconds - top)


@dataclass(frozen=True, slots=True)
class Drive:
    starts: float
    first: int | None
    legs: tuple[_Leg, ...]
    moments: tuple[float, ...]

    @property
    def lasts(self) -> float:
        return self.legs[-1].begins + self.legs[-1].lasts if self.legs else 0.0

    def at(self, seconds: float) -> tuple[float, int | None]:
        """How far along, and the stop at which it stands; at an end before and after."""
        place = bisect_right(self.moments, seconds) - 1
        if place < 0:
            return self.starts, self.first
        leg = self.legs[place]
        gone = seconds - leg.begins
        if gone >= leg.lasts:
            return leg.start + leg.metres, leg.stop
        return leg.start + leg.after(gone), None


def drive(at_m: Sequence[float], mode: str, dice: Random) -> Drive:
    """A run along all of these stops, with luck of its own."""
    legs: list[_Leg] = []
    now, before = 0.0, 0
    direct = mode == "rail" and dice.random() < DIRECT
    for place in range(1, len(at_m)):
        if direct and place < len(at_m) - 1 and dice.random() < SKIPPED:
            continue
        metres = at_m[place] - at_m[before]
        parts = [metres]
        if metres > 250 and dice.random() < HELD:
            held = metres * dice.uniform(0.2, 0.8)
            parts = [held, metres - held]
        start, before = float(at_m[before]), place
        for number, part in enumerate(parts, 1):
            speed = SPEED[mode] * dice.uniform(0.65, 1.0)
            # Between distant stations trains run faster.
            if mode == "rail" and metres > 6_000:
                speed *= 1.3
            last = number == len(parts)
            leg = _Leg(now, start, part, speed, PULL[mode], place if last else None)
            legs.append(leg)
            stands = dice.uniform(*STANDS[mode]) if last else dice.uniform(5, 30)
            now, start = now + leg.lasts + stands, start + part
    return Drive(float(at_m[0]), 0, tuple(legs), tuple(it.begins for it in legs))
