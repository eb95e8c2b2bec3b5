"""A place on Earth, and the distance between two of them.

Distances are on the WGS 84 ellipsoid: pyproj's ``Geod`` gives what PostGIS ``geography`` gives.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from pyproj import Geod

from realtime.kernel.errors import Malformed

_EARTH = Geod(ellps="WGS84")
#: How a frozen object is filled.
_put = object.__setattr__


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees, WGS 84. Keyword-only, because (lat, lon) and (lon, lat) look alike.

    >>> Point(lat=48.8566, lon=2.3522).rounded(3)
    Point(lat=48.857, lon=2.352)
    """

    lat: float
    lon: float

    def __init__(self, *, lat: float, lon: float) -> None:
        # Most are floats within bounds: to call for that would cost more than all the rest.
        if type(lat) is not float or not -90.0 <= lat <= 90.0:
            lat = _degrees(lat, 90)
        if type(lon) is not float or not -180.0 <= lon <= 180.0:
            lon = _degrees(lon, 180)
        _put(self, "lat", lat)
        _put(self, "lon", lon)

    def distance_to(self, other: "Point") -> float:
        """Metres along the ellipsoid.

        >>> paris, lyon = Point(lat=48.8566, lon=2.3522), Point(lat=45.7640, lon=4.8357)
        >>> round(paris.distance_to(lyon))
        391713
        """
        _, _, metres = _EARTH.inv(self.lon, self.lat, other.lon, other.lat)
        return float(metres)

    def rounded(self, digits: int) -> "Point":
        """The same place told less finely: three digits are about a hundred metres."""
        return Point(lat=round(self.lat, digits), lon=round(self.lon, digits))


class Sight(NamedTuple):
    """Where another place is, seen from here."""

    #: The direction in which one sets out, in degrees from north, -180 to 180.
    azimuth: float
    metres: float


def sights(here: Point, places: Sequence[Point]) -> list[Sight]:
    """Each place as it is seen from here.

    >>> paris, lyon = Point(lat=48.8566, lon=2.3522), Point(lat=45.7640, lon=4.8357)
    >>> [(round(it.azimuth), round(it.metres)) for it in sights(paris, [paris, lyon])]
    [(180, 0), (150, 391713)]
    """
    if not places:
        return []
    azimuths, _, metres = _EARTH.inv(
        [here.lon] * len(places),
        [here.lat] * len(places),
        [it.lon for it in places],
        [it.lat for it in places],
    )
    return [Sight(*it) for it in zip(azimuths, metres, strict=True)]


def _degrees(value: object, limit: int) -> float:
    # What comes from a phone or a file is not what the annotation says until it is looked at, and
    # True would pass for one degree.
    if not isinstance(value, float) and (isinstance(value, bool) or not isinstance(value, int)):
        _refuse()
    # Said so that NaN, which compares false with everything, is refused. Before it is made a float:
    # an integer may be too large to become one.
    if not -limit <= value <= limit:
        _refuse()
    return float(value)


def _refuse() -> NoReturn:
    # Without the value: errors travel to logs, and this one would carry a place there.
    raise Malformed
