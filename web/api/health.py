"""Is this process alive, may it be given work, and what are its figures."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from realtime.channels import CONTROL
from realtime.kernel.errors import AppError, NotFound
from realtime.ledger import Ledger
from web.api.commands import refusal
from web.auth.origins import LOOPBACK
from web.observe import Metrics

#: A database that takes longer to say hello is not ready.
READY_S = 2.0


class Health:
    def __init__(
        self,
        ledger: Ledger,
        metrics: Metrics,
        *,
        draining: Callable[[], bool],
        look: Callable[[], Awaitable[None]],
    ) -> None:
        """``look``: what is looked up anew each time the figures are asked for."""
        self._ledger = ledger
        self._metrics = metrics
        self._draining = draining
        self._look = look

    async def livez(self, request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(self, request: Request) -> Response:
        if self._draining():
            return PlainTextResponse("draining\n", status_code=503)
        try:
            async with asyncio.timeout(READY_S), self._ledger.reading() as reading:
                # SQLite looks at nothing before it is asked for something.
                await reading.place(CONTROL)
                return PlainTextResponse("ready\n")
        except (AppError, TimeoutError):
            return PlainTextResponse("database\n", status_code=503)

    async def metrics(self, request: Request) -> Response:
        """For this machine only: a request that came through a proxy came from elsewhere."""
        local = request.client is not None and request.client.host in LOOPBACK
        forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
        if not local or forwarded:
            return refusal(NotFound())
        await self._look()
        return Response(self._metrics.page(), media_type="text/plain; version=0.0.4; charset=utf-8")
