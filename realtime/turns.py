"""Waiting for one's turn to be let in (``admission.py`` decides whose it is)."""

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from realtime.admission import Admission, Bounds, Pace, Rank, Verdict
from realtime.kernel.errors import TooManyRequests
from realtime.slices import Slices

#: What one weighs who reads the database by herself, and who shares all she reads with others: as
#: many share a reading as come while two readings (``shared.py``) are waited for.
READS, SHARES = 16, 1
#: Twelve who read, and eight more: there are about as many connections for readers.
BOUNDS = Bounds(at_once=12 * READS, kept=8 * READS, most_waiting=20_000)
#: An SDK gives up its greeting after 5 s and comes back: longer would be work for nobody.
GREETING_WAIT_S = 4.0
#: Browsers wait that long, and waiting costs us less than to refuse and be asked again.
REQUEST_WAIT_S = 45.0


class Turns:
    def __init__(self, bounds: Bounds = BOUNDS) -> None:
        self._admission = Admission[asyncio.Future[None]](bounds)
        self._pace = Pace()
        #: Let in together does not mean in one turn of the loop.
        self._slices = Slices()
        #: Told to come back later, since the start.
        self.refused = 0

    def __len__(self) -> int:
        """How many wait for their turn."""
        return len(self._admission)

    @asynccontextmanager
    async def turn(
        self, rank: Rank, longest_wait_s: float = GREETING_WAIT_S, *, weight: int = 1
    ) -> AsyncGenerator[None]:
        """Be let in for as long as the block lasts; ``TooManyRequests`` if that takes too long.

        ``weight``: of what one does meanwhile, for the loop and the database.

        Never inside another turn: all of them could wait for one another.
        """
        await self._enter(rank, longest_wait_s, weight)
        try:
            await self._slices.turn()
            yield
        finally:
            self._over(weight)

    async def _enter(self, rank: Rank, longest_wait_s: float, weight: int) -> None:
        expected_s = self._pace.wait_s(self._admission.ahead(rank))
        if expected_s > longest_wait_s:
            raise self._later(expected_s)
        called = asyncio.get_running_loop().create_future()
        verdict = self._admission.ask(called, rank, weight)
        if verdict is Verdict.GO:
            return
        if verdict is Verdict.LATER:
            raise self._later(expected_s)
        try:
            # Those who came together do not give up together: it would stop us for seconds.
            async with asyncio.timeout(_about(longest_wait_s)):
                await called
        except BaseException as error:
            if not self._admission.gone(called, rank):
                # Called in the very moment of giving up.
                self._over(weight)
            if isinstance(error, TimeoutError):
                raise self._later(expected_s) from None
            raise

    def _over(self, weight: int) -> None:
        now = asyncio.get_running_loop().time()
        self._pace.ended(now, idle=not len(self._admission))
        for called in self._admission.done(weight):
            # One that gave up in this moment says itself that its turn is over.
            if not called.done():
                called.set_result(None)

    def _later(self, expected_s: float) -> TooManyRequests:
        self.refused += 1
        refusal = TooManyRequests()
        refusal.retry_s = _about(max(1.0, expected_s))
        return refusal


def _about(seconds: float) -> float:
    """A moment around then, another one for each."""
    return seconds * random.uniform(0.75, 1.5)  # noqa: S311
