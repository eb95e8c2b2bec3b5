"""The zones where she must not be sent, made ready to ask about many hotels. Pure.

Nearly all hotels are dropped or kept by a straight line through the Earth between two known points,
which a statement can reckon; what is left is measured along the ground.
"""

from collections.abc import Iterable
from math import dist

from geo.places.near.solid import Solid, solid
from geo.point import Point
from geo.zones import Circle, Disc, Outline
from geo.zones import Zone as Measured
from matching.shelter.values import Near, Zone

#: Who may be further than that from where they seem to be is kept out by any zone, in metres.
UNKNOWN = 100_000.0
#: The way along the ground is longer than the straight one: by this at most, in metres, over a
#: radius and a margin together.
AROUND = 10.0

#: Three lengths in metres from the Earth's middle, and a radius.
Ball = tuple[float, float, float, float]


class Fence:
    """One zone."""

    def __init__(self, zone: Zone) -> None:
        self.zone = measured(zone)
        outer = self.zone.around()
        self._centre, self._reach = _solid(outer.centre), outer.radius_m

    def balls(self) -> list[Ball]:
        """A hotel no further from a ball's middle than its radius and the margin is kept out.

        A radius may be a little below 0, where only the margin counts.
        """
        return [_ball(it) for it in self.zone.within()]

    def keeps_out(self, place: Point, at: Solid, margin_m: float) -> bool:
        """Whether a hotel that may be as far as its margin from here may be inside.

        A hotel whose whereabouts are not known is kept out by any zone, wherever that is.
        """
        if margin_m > UNKNOWN:
            return True
        if dist(at, self._centre) > self._reach + margin_m:
            # The straight line alone is too long.
            return False
        return self.zone.metres(place) - margin_m <= 0


def measured(zone: Zone) -> Measured:
    """``Malformed`` when it is no zone: corners or radius out of all bounds."""
    if isinstance(zone, Near):
        return Circle(Point(lat=zone.lat, lon=zone.lon), zone.radius_m)
    return Outline(tuple(Point(lat=lat, lon=lon) for lat, lon in zone.corners))


def fences(zones: Iterable[Zone]) -> list[Fence]:
    return [Fence(it) for it in zones]


def _solid(point: Point) -> Solid:
    return solid(lat=point.lat, lon=point.lon)


def _ball(disc: Disc) -> Ball:
    return (*_solid(disc.centre), disc.radius_m - AROUND)
