"""What SQLite does for a question, counted: more than it should, and the plan is the wrong one."""

from collections.abc import Awaitable, Callable

from realtime.ledger import Reading
from realtime.sql.thread import Line
from tests.support.house import House


async def steps_of(house: House, asks: Callable[[Reading], Awaitable[object]]) -> int:
    """In steps of its machine, by tens."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    async with house.made.ledger.reading() as reading:
        line = (await reading.db.get_raw_connection()).driver_connection
        assert isinstance(line, Line)
        await line.set_progress_handler(count, 10)
        await asks(reading)
        await line.set_progress_handler(lambda: 0, 0)
    return counted
