"""Many who fall silent at once are forgotten without anybody having to wait for it."""

import asyncio
from datetime import UTC, datetime, timedelta

from geo.cells import cell_of, parent
from geo.point import Point
from geo.whereabouts.adapters.memory import SWEPT_IN_A_TURN, MemoryWhereabouts
from geo.whereabouts.ports import FRESH
from realtime.kernel.ids import PersonId

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
HERE = cell_of(Point(lat=48.8566, lon=2.3522))
SILENT, LIVE = 10 * SWEPT_IN_A_TURN, 5


async def test_others_have_their_turns_while_a_silent_crowd_is_not_counted_any_more() -> None:
    whereabouts, turns = MemoryWhereabouts(), 0
    for number in range(SILENT + LIVE):
        person = PersonId(f"p{number}")
        await whereabouts.enlist(person, 0)
        at = NOW if number < SILENT else NOW + timedelta(seconds=1)
        await whereabouts.move(person, HERE, at)

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.create_task(count())
    counts = await whereabouts.counts(7, NOW + FRESH)
    counting.cancel()

    assert counts == {parent(HERE, 7): LIVE}
    assert turns >= SILENT // SWEPT_IN_A_TURN - 1
