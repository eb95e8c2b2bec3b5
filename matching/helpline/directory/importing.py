"""Loading a directory: all of a file that can be read, or none of it."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from geo.errors import FileEmpty, FileTooLarge, ImportOverlap, NothingToLoad
from geo.places.rows import Reason, Refusals, Refused
from matching.helpline.directory import package, store
from matching.helpline.directory.hsds import read
from matching.helpline.directory.values import Entry
from realtime.ledger import Ledger, Transaction

Progress = Callable[[int, int], None]
#: Services written in one transaction: nobody waits long behind it.
BATCH = 200
MOST = 50_000
#: What the project wrote: the national numbers, for an installation that has loaded nothing.
OURS = Path(__file__).parent / "france.json"


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did."""

    loaded: int
    refusals: Refusals


async def load(
    path: Path, ledger: Ledger, *, progress: Progress = lambda done, total: None
) -> Report:
    """Put what a file says in the place of what was known."""
    entries, refusals = await asyncio.to_thread(_entries, path)
    await _clear(ledger)
    new = await ledger.write(_new_id)
    for first in range(0, len(entries), BATCH):
        batch = entries[first : first + BATCH]
        await ledger.write(partial(_add, new=new, first=first, entries=batch))
        progress(first + len(batch), len(entries))
    await ledger.write(partial(_use, new=new, loaded=len(entries)))
    # What this import replaces. Should it be cut short, the next one does it.
    await _clear(ledger)
    return Report(len(entries), refusals)


async def settle(ledger: Ledger, path: Path = OURS) -> None:
    """Give an installation that has loaded no directory the numbers that the project wrote."""
    async with ledger.reading() as reading:
        if await store.in_use(reading.db) is not None:
            return
    # Another node that starts at the same moment loads the same.
    with suppress(ImportOverlap):
        await load(path, ledger)


def _entries(path: Path) -> tuple[list[Entry], Refusals]:
    """What can be read of a file, each service once. It waits for the disk."""
    records = package.services(path)
    if not records:
        raise FileEmpty
    if len(records) > MOST:
        raise FileTooLarge
    found: dict[str, Entry] = {}
    refusals = Refusals()
    for number, record in enumerate(records, start=1):
        try:
            entry = read(record)
        except Refused as refused:
            refusals.add(refused.reason, number)
            continue
        if entry.service in found:
            refusals.add(Reason.DUPLICATE, number)
        else:
            found[entry.service] = entry
    if not found:
        raise NothingToLoad
    return list(found.values()), refusals


async def _add(tx: Transaction, new: str, first: int, entries: Iterable[Entry]) -> None:
    await store.add(tx.db, new, first, list(entries))


async def _use(tx: Transaction, new: str, loaded: int) -> None:
    # Another import, or another node's first start, may have cleared ours away.
    if await store.count(tx.db, new) != loaded:
        raise ImportOverlap
    await store.use(tx.db, store.Edition(new, loaded, tx.now))


async def _clear(ledger: Ledger) -> None:
    while await ledger.write(_clear_some):
        pass


async def _clear_some(tx: Transaction) -> bool:
    return await store.clear_some(tx.db, limit=BATCH)


async def _new_id(tx: Transaction) -> str:
    return tx.ids()
