"""The demo city's tram as lines and stops, for an installation that has imported none."""

from geo.transit import store
from geo.transit.service import Transit
from geo.transit.values import Course, Line, LineId, NetworkId, Stop, StopId
from realtime.ledger import Ledger, Transaction
from web.demo import tram
from web.demo.city import CITY


async def settle_tram(ledger: Ledger, transit: Transit) -> None:
    """Lay the track, unless there is one; beside real lines an invented one could be believed."""

    async def settle(tx: Transaction) -> None:
        if await store.versions(tx):
            return
        network, import_id, made = NetworkId(tram.NETWORK), tx.ids(), line()
        rows: dict[str, list[object]] = {
            "stops": [*stops()],
            "lines": [made],
            "courses": [(made.id, course) for course in made.courses],
        }
        for kind, values in rows.items():
            await store.add(tx, kind, network, import_id, 0, values)
        counts = {kind: len(values) for kind, values in rows.items()}
        await store.make_current(tx, network, import_id, counts)

    await ledger.write(settle)
    async with ledger.reading() as reading:
        await transit.load(reading)


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
