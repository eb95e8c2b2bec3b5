"""Loading a network from a feed or from traces: all of it, or nothing.

What is read of a file is small (lines and stops, not their thousands of times), so it is read whole
in a thread and then written beside the current import, a thousand rows a transaction.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from geo.errors import BadNetworkName, StationsFirst
from geo.places.files import whole
from geo.places.rows import Refusals
from geo.places.store import stations as known_stations
from geo.transit import store
from geo.transit.gtfs.reading import Progress
from geo.transit.gtfs.reading import read as read_feed
from geo.transit.store import Ledger, Transaction
from geo.transit.traces.reading import read as read_traces
from geo.transit.values import Line, NetworkId, Stop
from realtime.kernel.errors import AppError

#: Whose traces and stations Île-de-France Mobilités publishes.
IDFM = NetworkId("idfm")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,19}\Z")
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did."""

    network: NetworkId
    #: Stops, lines, courses.
    loaded: Mapping[str, int]
    #: By file.
    refusals: Mapping[str, Refusals]


def _nobody(done: int, total: int) -> None:
    """Progress that nobody looks at."""


async def load_gtfs(
    path: Path, ledger: Ledger, *, network: str | None = None, progress: Progress = _nobody
) -> Report:
    """Replace a network by what a GTFS feed says of it."""
    name = network_name(path.name if network is None else network, given=network is not None)
    found = await asyncio.to_thread(read_feed, path, name, progress)
    counts = await settle(ledger, name, found.lines, list(found.stops.values()))
    return Report(name, counts, found.refusals)


async def load_traces(path: Path, ledger: Ledger, *, progress: Progress = _nobody) -> Report:
    """Replace Île-de-France by its rail traces, and the stations that have been imported."""
    async with ledger.reading() as reading:
        stations = await known_stations(reading)
    if not stations:
        raise StationsFirst
    raw = await asyncio.to_thread(whole, path)
    traced = await asyncio.to_thread(read_traces, raw, stations, IDFM)
    progress(len(raw), len(raw))
    counts = await settle(ledger, IDFM, traced.lines, list(traced.stops.values()))
    return Report(IDFM, counts, {path.name: traced.refusals} if traced.refusals.total else {})


async def settle(
    ledger: Ledger, network: NetworkId, lines: Sequence[Line], stops: Sequence[Stop]
) -> dict[str, int]:
    """Write a network beside the current one, then make it the current one."""
    rows: dict[str, Sequence[object]] = {
        "stops": stops,
        "lines": lines,
        "courses": [(line.id, course) for line in lines for course in line.courses],
    }
    await _clear(ledger, network)
    import_id = await ledger.write(_new_id)
    counts = {kind: len(values) for kind, values in rows.items()}
    try:
        for kind, values in rows.items():
            for first in range(0, len(values), AT_ONCE):
                some = values[first : first + AT_ONCE]
                await ledger.write(
                    partial(
                        store.add,
                        kind=kind,
                        network=network,
                        import_id=import_id,
                        first=first,
                        values=some,
                    )
                )
        await ledger.write(
            partial(store.make_current, network=network, import_id=import_id, counts=counts)
        )
    finally:
        # After a success what this import replaces; after a failure, its own rows. Should the
        # database be away, the next import does it.
        with suppress(AppError):
            await _clear(ledger, network)
    return counts


def network_name(text: str, *, given: bool) -> NetworkId:
    """What a network is called: as was said, or after its file or folder.

    >>> network_name("gtfs_montpellier_tam.zip", given=False)
    'montpellier-tam'
    """
    if not given:
        plain = re.sub(r"[^a-z0-9]+", "-", text.lower().removesuffix(".zip"))
        text = plain.removeprefix("gtfs-").strip("-")[:20].rstrip("-")
    if not _NAME.match(text):
        raise BadNetworkName
    return NetworkId(text)


async def _clear(ledger: Ledger, network: NetworkId) -> None:
    while await ledger.write(partial(store.clear_some, network=network)):
        pass


async def _new_id(tx: Transaction) -> str:
    return tx.ids()
