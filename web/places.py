"""The demo city's communes, for an installation that has loaded none."""

from collections.abc import Iterable
from dataclasses import asdict

from geo.cells import COARSE_RES, cell_of
from geo.places import store
from geo.places.communes import Commune
from geo.point import Point
from realtime.ledger import Ledger, Transaction
from web.demo import city


async def settle_demo(ledger: Ledger) -> None:
    """Give an installation that has loaded no commune those of the demo city."""

    async def settle(tx: Transaction) -> None:
        if "communes" in await store.loaded(tx):
            return
        rows = [asdict(it) for it in _communes(city.communes())]
        import_id = tx.ids()
        await store.add(tx, kind="communes", import_id=import_id, first=0, values=rows)
        await store.make_current(tx, "communes", import_id, loaded=len(rows), refused=0)

    await ledger.write(settle)


def _communes(invented: Iterable[city.Commune]) -> Iterable[Commune]:
    for it in invented:
        yield Commune(
            insee=it.code,
            name=it.name,
            population=it.population,
            lat=it.lat,
            lon=it.lon,
            cell=cell_of(Point(lat=it.lat, lon=it.lon), COARSE_RES),
        )
