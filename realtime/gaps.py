"""Asks the ledger for what the broker may not have brought, and stops a node that was stopped.

While the broker is away, each second; when its line was lost and found again (B6), once. What nodes
tell each other is asked for each second whatever happens: a right that ended must not outlive it.

A process may be paused for a minute (a machine suspended, a debugger) and know nothing of it. When
it goes on, nothing is delivered and no command is run before the ledger has said which rights and
sessions have ended meanwhile: ``settled`` is the fence.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from realtime.channels import CONTROL
from realtime.kernel.clock import steady_seconds
from realtime.kernel.errors import AppError
from realtime.ports import Broker
from realtime.subscriptions import Subscriptions

log = structlog.get_logger(__name__)

#: How often the ledger is asked.
EVERY_S = 1.0
#: Longer than that without a turn, and this process was stopped: no loop of ours is that busy.
PAUSED_S = 4.0


class Gaps:
    def __init__(
        self,
        subscriptions: Subscriptions,
        broker: Broker,
        tidy: Callable[[], Awaitable[None]],
        *,
        timer: Callable[[], float] = steady_seconds,
    ) -> None:
        self._subscriptions = subscriptions
        self._broker = broker
        self._tidy = tidy
        self._timer = timer
        self._wake = asyncio.Event()
        #: The broker said that something may have been missed.
        self._missed = False
        self._turn = timer()
        #: Whether we know all that was decided until a moment ago.
        self._sure = True
        self._settling = asyncio.Lock()
        #: How often everything was asked for, for the metrics.
        self.checks = 0
        #: How often this process was stopped, and has been told what happened.
        self.stops = 0

    def missed(self) -> None:
        """Something may have been missed on any channel: look at all of them, now."""
        self._missed = True
        self._wake.set()

    @property
    def stopped(self) -> bool:
        """Whether this process did not run for a while, and has not been told what happened."""
        if self._timer() - self._turn > PAUSED_S:
            self._sure = False
        return not self._sure

    async def settled(self) -> None:
        """Return at once, unless this process was stopped: then once the ledger has told all."""
        if not self.stopped:
            return
        async with self._settling:
            if self._sure:
                return
            await self._subscriptions.check(CONTROL)
            self._turn = self._timer()
            self._sure = True
            self.stops += 1
        log.warning("node.was_stopped")
        self.missed()

    async def beat(self) -> None:
        """Note each second that this process runs; never waits for anything else."""
        while True:
            await asyncio.sleep(EVERY_S)
            if not self.stopped:
                self._turn = self._timer()
            else:
                self._wake.set()

    async def tidy(self) -> None:
        """Do each second what no command has taken along.

        Apart from ``run``: it waits for a commit, which another node may hold up for seconds, and
        a right that has ended must not outlive it for so long.
        """
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self._tidy()
            except AppError as error:
                log.warning("node.not_tidied", error=error.name)
            except Exception:
                log.exception("node.not_tidied")

    async def run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(EVERY_S):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            try:
                await self._look()
            except AppError as error:
                # What was to be looked at still is: at the next turn.
                log.warning("node.watch_failed", error=error.name)
            except Exception:
                # Whatever it was, sockets must not be closed for it.
                log.exception("node.watch_failed")

    async def _look(self) -> None:
        await self.settled()
        if self._missed or self._broker.away or self._subscriptions.doubtful:
            self.checks += 1
            self._missed = False
            try:
                await self._subscriptions.check_all()
            except BaseException:
                self._missed = True
                raise
        else:
            await self._subscriptions.check(CONTROL)
