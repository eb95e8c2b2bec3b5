"""Metres around a place, on a plane: for distances of a few kilometres, asked very often.

On the ellipsoid one degree of latitude is not as long everywhere, nor as one of longitude; with
both lengths taken where one is, a distance of a kilometre is wrong by less than a metre (tested
against ``Point.distance_to``). What is shown to nobody and decided in hundreds of metres needs no
more.
"""

from math import cos, hypot, radians, sin, sqrt

from geo.transit.values import Spot

#: WGS 84: the equator's radius in metres, and the eccentricity squared.
_RADIUS, _ECCENTRICITY = 6_378_137.0, 0.00669437999014


def scales(lat: float) -> tuple[float, float]:
    """Metres in a degree of latitude, and of longitude, at that latitude.

    >>> [round(it) for it in scales(48.85)]
    [111207, 73391]
    """
    angle = radians(lat)
    bulge = 1 - _ECCENTRICITY * sin(angle) ** 2
    meridian = _RADIUS * (1 - _ECCENTRICITY) / (bulge * sqrt(bulge))
    return radians(meridian), radians(_RADIUS / sqrt(bulge) * cos(angle))


def apart(one: Spot, other: Spot) -> float:
    """Metres between two places that are near each other."""
    north, east = scales((one[0] + other[0]) / 2)
    return hypot((other[0] - one[0]) * north, (other[1] - one[1]) * east)
