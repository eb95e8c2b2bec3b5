"""A gateway for text messages on this machine: checks who calls it, and keeps what it was told."""

import hmac
from collections import deque
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from realtime.push.signing import IDEMPOTENCY, SIGNATURE, TIMESTAMP, signature


@dataclass(frozen=True, slots=True)
class Told:
    """One call."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def repeat(self) -> str:
        return self.headers[IDEMPOTENCY]

    def is_signed(self, key: bytes) -> bool:
        """As the README tells the operator to check."""
        expected = signature(key, int(self.headers[TIMESTAMP]), self.repeat, self.body)
        return hmac.compare_digest(expected, self.headers[SIGNATURE])


@dataclass(slots=True)
class Gateway:
    port: int = 0
    told: list[Told] = field(default_factory=list)
    #: Statuses answered next; otherwise 202.
    answers: "deque[int]" = field(default_factory=deque)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/sms"

    async def answer(self, request: web.Request) -> web.Response:
        self.told.append(Told(dict(request.headers), await request.read()))
        return web.Response(status=self.answers.popleft() if self.answers else 202)


@asynccontextmanager
async def gateway() -> AsyncGenerator[Gateway]:
    made = Gateway()
    app = web.Application()
    app.router.add_post("/sms", made.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = runner.addresses[0][1]
    try:
        yield made
    finally:
        await runner.cleanup()
