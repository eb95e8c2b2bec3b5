"""The demo city's tram as lines and stops, for an installation that has imported none."""

from geo.transit.values import Course, Line, LineId, NetworkId, Stop, StopId
from web.demo import tram
from web.demo.city import CITY


def stops() -> list[Stop]:
    """One for both directions: whoever waits there may be going either way."""
    made = []
    for number, (name, spot) in enumerate(zip(tram.STOPS, tram.PLATFORMS, strict=True)):
        lat, lon = CITY.degrees(spot)
        made.append(Stop(id=_stop(number), name=name, lat=round(lat, 5), lon=round(lon, 5)))
    return made


def line() -> Line:
    """Tram T1, there and back."""
    return Line(
        id=LineId(tram.LINE),
        network=NetworkId(tram.NETWORK),
        name=tram.NAME,
        mode="tram",
        colour=tram.COLOUR,
        courses=tuple(
            Course(
                direction=way.direction,
                headsign=way.headsign,
                stops=tuple(_stop(number) for number in way.stops),
                at_m=way.at_m,
                path=way.path,
            )
            for way in tram.ways()
        ),
    )


def _stop(number: int) -> StopId:
    return StopId(f"{tram.NETWORK}:{number}")
