"""How late this process is: for its own turns, and for what is to be done by all nodes."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from realtime.kernel.errors import AppError
from realtime.ledger import Ledger
from web.api import store

#: How often the loop is asked whether it still turns.
EVERY_S = 0.5
#: A task that is due has that long to be begun; beyond it, it is late.
LATE = timedelta(seconds=10)
#: What a look at the tables may take: figures are not worth more.
LOOK_S = 2.0


@dataclass(slots=True)
class Lateness:
    """What was found when the figures were asked for last."""

    #: Whether the database answered.
    database: bool = True
    tasks: int = 0
    #: Seconds that the oldest of them is late.
    oldest_s: float = 0.0


class Lag:
    def __init__(self, ledger: Ledger, *, timer: Callable[[], float] = time.monotonic) -> None:
        self._ledger = ledger
        self._timer = timer
        self._worst = 0.0
        self.late = Lateness()

    async def run(self) -> None:
        """Measure how much later than asked for this process is woken."""
        while True:
            asked = self._timer()
            await asyncio.sleep(EVERY_S)
            self._worst = max(self._worst, self._timer() - asked - EVERY_S)

    def worst(self) -> float:
        """The longest since the last question, in seconds."""
        worst, self._worst = self._worst, 0.0
        return worst

    async def look(self) -> None:
        """Ask the tables; what cannot be answered in time is that the database does not answer."""
        try:
            async with asyncio.timeout(LOOK_S), self._ledger.reading() as reading:
                tasks, oldest = await store.late_tasks(reading.db, reading.now - LATE)
        except (AppError, TimeoutError):
            self.late = Lateness(database=False)
            return
        late = 0.0 if oldest is None else (reading.now - oldest).total_seconds()
        self.late = Lateness(tasks=tasks, oldest_s=late)
