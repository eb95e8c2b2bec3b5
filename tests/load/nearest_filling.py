"""A million people put into the Redis adapter's lists at once, in the form that it writes itself.

Enlisting and moving each takes minutes; a question must read the same either way, which the answers
in memory tell. Nothing expires meanwhile.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from geo.cells import Cell
from geo.whereabouts.adapters.lists import CELLS, milliseconds
from geo.whereabouts.adapters.redis import RedisWhereabouts, _drawer_of
from geo.whereabouts.order import near_index
from geo.whereabouts.stems import entry_of, share_of, stem_of
from realtime.adapters.redis.batches import in_batches, pieces
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.ids import PersonId

AT_ONCE = 1_000


async def fill(
    servers: RedisServers,
    redis: RedisWhereabouts,
    people: Sequence[PersonId],
    cells: Sequence[Cell],
    tags: Sequence[int],
    now: datetime,
) -> None:
    at = milliseconds(now)
    duty: dict[int, list[object]] = defaultdict(list)
    records: dict[int, list[object]] = defaultdict(list)
    by_cell: dict[str, list[object]] = defaultdict(list)
    by_time: dict[str, list[object]] = defaultdict(list)
    entries: dict[str, list[object]] = defaultdict(list)
    for person, cell, tag in zip(people, cells, tags, strict=True):
        stem, drawer = stem_of(near_index(cell)), _drawer_of(person)
        share = share_of(stem)
        duty[drawer] += (person, tag)
        records[drawer] += (redis._record(person), f"{at} {share}")
        entry = entry_of(stem, person, tag)
        by_cell[share] += (0, entry)
        by_time[share] += (at, person)
        entries[share] += (person, entry)
    shares = list(by_cell)
    by_cell[CELLS] = [it for share in shares for it in (0, share)]
    by_time[CELLS] = [it for share in shares for it in (at, share)]
    entries[CELLS] = [it for share in shares for it in (share, share)]
    lists = {share: redis._lists.parts(share) for share in by_cell}
    commands: list[tuple[object, ...]] = [
        *_in_parts("HSET", {redis._drawer(it, "duty"): each for it, each in duty.items()}),
        *(("MSET", *part) for each in records.values() for part in pieces(each, 2 * AT_ONCE)),
        *_in_parts("ZADD", {lists[share][0]: each for share, each in by_cell.items()}),
        *_in_parts("ZADD", {lists[share][1]: each for share, each in by_time.items()}),
        *_in_parts("HSET", {lists[share][2]: each for share, each in entries.items()}),
    ]
    await in_batches(servers, commands, patience_s=30)


def _in_parts(command: str, wanted: dict[str, list[object]]) -> list[tuple[object, ...]]:
    """Key by key, some pairs in each command."""
    step = 2 * AT_ONCE
    return [
        (command, key, *values[start : start + step])
        for key, values in wanted.items()
        for start in range(0, len(values), step)
    ]
