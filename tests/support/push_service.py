"""A push service on this machine: takes pushes as a browser maker's does, reads them as a browser.

It checks what real ones check (RFC 8030, 8292) and keeps what it was sent, headers and all. What it
answers next is said beforehand; otherwise it takes the push: 201.
"""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from realtime.push.message import AUTH_BYTES, decoded, encoded, opened


@dataclass(frozen=True, slots=True)
class Answer:
    status: int = 201
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Takes the request and says nothing, until the service is closed.
    hangs: bool = False


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser keeps of its subscription, and what it tells its page."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey
    auth: bytes

    @property
    def told(self) -> dict[str, str]:
        """The arguments of ``push.subscribe``."""
        point = self.private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        return {"endpoint": self.endpoint, "p256dh": encoded(point), "auth": encoded(self.auth)}


@dataclass(frozen=True, slots=True)
class Letter:
    """One push, as it was sent."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    #: What the browser read; None when it could not.
    text: bytes | None
    #: Who says that they send it, once checked; empty when the word is no good.
    claims: Mapping[str, object]


class PushService:
    def __init__(self) -> None:
        self.port = 0
        self.letters: list[Letter] = []
        #: What is answered next, the first first.
        self.answers: deque[Answer] = deque()
        #: Every request of any kind, by its path: a followed redirect would show.
        self.paths: list[str] = []
        self._browsers: dict[str, Browser] = {}
        self._arrived = asyncio.Condition()
        self._closing = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def subscribe(self) -> Browser:
        """A new browser with a subscription of its own."""
        path = f"/push/{secrets.token_urlsafe(24)}"
        made = Browser(
            self.url + path,
            ec.generate_private_key(ec.SECP256R1()),
            secrets.token_bytes(AUTH_BYTES),
        )
        self._browsers[path] = made
        return made

    async def arrived(self, many: int, *, within_s: float = 30) -> list[Letter]:
        """The letters, once there are so many."""
        async with asyncio.timeout(within_s), self._arrived:
            await self._arrived.wait_for(lambda: len(self.letters) >= many)
        return self.letters

    async def answer(self, request: web.Request) -> web.Response:
        self.paths.append(request.path)
        body = await request.read()
        browser = self._browsers.get(request.path)
        if browser is None:
            return web.Response(status=404)
        answer = self.answers.popleft() if self.answers else Answer()
        letter = Letter(
            request.path,
            dict(request.headers),
            body,
            _read(body, browser),
            self._checked(request.headers.get("Authorization", "")),
        )
        async with self._arrived:
            self.letters.append(letter)
            self._arrived.notify_all()
        if answer.hangs:
            await self._closing.wait()
        if answer.status == 201 and not self._lawful(letter):
            return web.Response(status=400)
        return web.Response(status=answer.status, headers=dict(answer.headers), text="ignored")

    def close(self) -> None:
        """Let go of whoever hangs."""
        self._closing.set()

    def _lawful(self, letter: Letter) -> bool:
        headers = letter.headers
        return (
            headers.get("TTL", "").isdigit()
            and headers.get("Content-Encoding") == "aes128gcm"
            and headers.get("Urgency") in {"very-low", "low", "normal", "high"}
            and 1 <= len(headers.get("Topic", "")) <= 32
            and len(letter.body) <= 4096
            and bool(letter.claims)
        )

    def _checked(self, word: str) -> Mapping[str, object]:
        """The claims of a VAPID word that is signed, in time, and for us."""
        try:
            scheme, token, key = word.replace(",", "").split()
            head, part, signature = token.removeprefix("t=").split(".")
            raw, claims = decoded(signature), json.loads(decoded(part))
            pair = encode_dss_signature(
                int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
            )
            public = ec.EllipticCurvePublicKey.from_encoded_point(
                ec.SECP256R1(), decoded(key.removeprefix("k="))
            )
            public.verify(pair, f"{head}.{part}".encode(), ec.ECDSA(hashes.SHA256()))
        except (ValueError, InvalidSignature):
            return {}
        # A clock that tests move stands in the past or the future: only the span is checked.
        until = datetime.fromtimestamp(int(claims["exp"]), UTC)
        in_time = until - datetime.now(UTC) <= timedelta(days=365)
        return claims if scheme == "vapid" and claims["aud"] == self.url and in_time else {}


def _read(body: bytes, browser: Browser) -> bytes | None:
    try:
        return opened(body, browser.private, browser.auth)
    except ValueError:
        return None


@asynccontextmanager
async def push_service() -> AsyncGenerator[PushService]:
    """Listening on a free port of this machine, for as long as the block lasts."""
    service = PushService()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", service.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    service.port = runner.addresses[0][1]
    try:
        yield service
    finally:
        service.close()
        await runner.cleanup()
