"""Loading public files: hotels, stations, communes, outlines. All of a file, or none of it.

A file is read once, in a thread, a thousand rows at a time. Rows that cannot be loaded are counted
by reason; a file that is not what it should be raises a ``BadFile`` and leaves nothing behind. What
a killed import leaves is seen by nobody, and the next import of its kind clears it away.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from geo.errors import FileEmpty, NothingToLoad
from geo.places import communes, hotels, outlines, stations, store
from geo.places.communes import Commune
from geo.places.files import Table, TableReader, open_table, whole
from geo.places.hotels import Hotel
from geo.places.rows import Refusals
from geo.places.stations import Station
from geo.places.store import Ledger, Transaction
from realtime.kernel.errors import AppError

#: Told how much of the file has been read, and how much there is, in bytes.
Progress = Callable[[int, int], None]
_Row = Hotel | Station | Commune

OUTLINES = "outlines"
TABLES: Mapping[str, Table[_Row]] = {
    "hotels": Table(hotels.SEPARATOR, hotels.COLUMNS, hotels.read),
    "stations": Table(stations.SEPARATOR, stations.COLUMNS, stations.read),
    "communes": Table(communes.SEPARATOR, communes.COLUMNS, communes.read),
}
KINDS = (*TABLES, OUTLINES)


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did."""

    loaded: int
    refusals: Refusals


async def load(
    kind: str, path: Path, ledger: Ledger, *, progress: Progress = lambda done, total: None
) -> Report:
    """Replace what is known of one kind by what a file says."""
    if kind == OUTLINES:
        return await _load_outline(path, ledger, progress)
    reader = await asyncio.to_thread(open_table, path, TABLES[kind])
    try:
        return await _load_table(kind, reader, ledger, progress)
    finally:
        reader.close()


async def _load_table(
    kind: str, reader: TableReader[_Row], ledger: Ledger, progress: Progress
) -> Report:
    await _clear(kind, ledger)
    import_id = await ledger.write(_new_id)
    try:
        loaded = 0
        while values := await asyncio.to_thread(reader.batch):
            rows = [asdict(value) for value in values]
            await ledger.write(
                partial(store.add, kind=kind, import_id=import_id, first=loaded, values=rows)
            )
            loaded += len(rows)
            progress(reader.done, reader.size)
        refused = reader.refusals.total
        if not loaded:
            raise NothingToLoad if refused else FileEmpty
        await ledger.write(
            partial(
                store.make_current, kind=kind, import_id=import_id, loaded=loaded, refused=refused
            )
        )
    finally:
        # After a success what this import replaces; after a failure, its own rows. Should the
        # database be away, the next import does it.
        with suppress(AppError):
            await _clear(kind, ledger)
            await ledger.write(partial(store.look_over, kind=kind))
    progress(reader.size, reader.size)
    return Report(loaded, reader.refusals)


async def _load_outline(path: Path, ledger: Ledger, progress: Progress) -> Report:
    raw = await asyncio.to_thread(whole, path)
    drawn = await asyncio.to_thread(outlines.read, raw)
    body = outlines.encoded(drawn.outline)
    await ledger.write(partial(store.put_outline, name=outline_name(path), body=body))
    progress(len(raw), len(raw))
    return Report(len(drawn.outline.shapes), drawn.refusals)


def outline_name(path: Path) -> str:
    """What an outline is asked for by: the name of its file, without what no address likes.

    >>> outline_name(Path("basemap/Departements Version.simplifiee.geojson"))
    'departements-version-simplifiee'
    """
    return re.sub(r"[^a-z0-9_]+", "-", path.stem.lower()).strip("-")[:64] or "outline"


async def _clear(kind: str, ledger: Ledger) -> None:
    while await ledger.write(partial(store.clear_some, kind=kind)):
        pass


async def _new_id(tx: Transaction) -> str:
    return tx.ids()
