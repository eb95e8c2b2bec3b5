"""The Earth as a solid body: a place is three lengths in metres from its centre.

An index of degrees has edges that the Earth has not: at the antimeridian, and at the poles where
every longitude meets. Here there is none. And the way along the ground is never shorter than the
straight one through it, so all that lies within some metres is in the cube of that half width.
"""

from math import cos, radians, sin, sqrt
from typing import NamedTuple

#: WGS 84: half the long axis in metres, and the square of the eccentricity.
_AXIS = 6_378_137.0
_FLATTENING = 1 / 298.257223563
_ECCENTRICITY = _FLATTENING * (2 - _FLATTENING)

#: No two places are further from each other, through the Earth or around it, in metres.
FARTHEST = 20_004_000.0


class Solid(NamedTuple):
    """Metres from the centre, towards (0, 0), (0, 90 E) and the north pole."""

    x: float
    y: float
    z: float


def solid(*, lat: float, lon: float) -> Solid:
    """Where a place on the ellipsoid is; degrees.

    >>> solid(lat=0, lon=180).x
    -6378137.0
    >>> round(solid(lat=-90, lon=12).z)
    -6356752
    """
    north, east = radians(lat), radians(lon)
    normal = _AXIS / sqrt(1 - _ECCENTRICITY * sin(north) ** 2)
    return Solid(
        normal * cos(north) * cos(east),
        normal * cos(north) * sin(east),
        normal * (1 - _ECCENTRICITY) * sin(north),
    )
