"""Feeds of others, fetched: conditional, bounded, from public addresses only.

No redirect, no cookie, no compression (a small answer could become a large one); what is longer
than it may be is not read to its end.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum

import aiohttp
import structlog

from realtime.push.addresses import is_callable
from realtime.push.guarded import LookUp, guarded_connector

log = structlog.get_logger(__name__)

#: From the name's look-up to the last byte.
TOTAL_S = 20.0
#: Calls under way at once.
IN_ALL = 8
#: The longest mark of a version that is kept.
MARK_MOST = 256


class Got(StrEnum):
    NEW = "new"
    SAME = "same"
    #: Not an address that is called, or a redirect.
    REFUSED = "refused"
    TOO_LARGE = "too_large"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Version:
    """How a server names what it gave, to be asked for what is newer."""

    tag: str = ""
    changed: str = ""


NONE = Version()


@dataclass(frozen=True, slots=True)
class Fetched:
    got: Got
    body: bytes = b""
    version: Version = NONE
    status: int = 0


class Fetcher:
    """Open it with ``running``; outside that block every call fails."""

    def __init__(
        self, *, loopback: bool = False, look_up: LookUp | None = None, total_s: float = TOTAL_S
    ) -> None:
        self._loopback = loopback
        self._look_up = look_up
        self._total_s = total_s
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        trusted = await asyncio.to_thread(ssl.create_default_context)
        async with aiohttp.ClientSession(
            connector=guarded_connector(
                trusted, most=IN_ALL, loopback=self._loopback, look_up=self._look_up
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self._total_s),
            trust_env=False,
            auto_decompress=False,
            skip_auto_headers=("User-Agent",),
        ) as self._session:
            try:
                yield
            finally:
                self._session = None

    async def get(self, url: str, known: Version = NONE, *, most: int) -> Fetched:
        """What is there, if it has changed; never raises for what the server does."""
        if self._session is None or not is_callable(url, loopback=self._loopback):
            return Fetched(Got.REFUSED)
        try:
            async with self._session.get(
                url, headers=_headers(known), allow_redirects=False
            ) as answer:
                return await _taken(answer, known, most)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.info("feed.unanswered", error=type(error).__name__)
            return Fetched(Got.FAILED)


def _headers(known: Version) -> dict[str, str]:
    said = {"Accept-Encoding": "identity"}
    if known.tag:
        said["If-None-Match"] = known.tag
    if known.changed:
        said["If-Modified-Since"] = known.changed
    return said


async def _taken(answer: aiohttp.ClientResponse, known: Version, most: int) -> Fetched:
    status = answer.status
    if status == 304:
        return Fetched(Got.SAME, version=known, status=status)
    if 300 <= status < 400:
        return Fetched(Got.REFUSED, status=status)
    if status != 200 or answer.headers.get("Content-Encoding", "identity") != "identity":
        return Fetched(Got.FAILED, status=status)
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > most:
            return Fetched(Got.TOO_LARGE, status=status)
    version = Version(_mark(answer, "ETag"), _mark(answer, "Last-Modified"))
    return Fetched(Got.NEW, bytes(body), version, status)


def _mark(answer: aiohttp.ClientResponse, name: str) -> str:
    """A server's own word, said back to it; a long one is not kept."""
    said = answer.headers.get(name, "")
    return said if len(said) <= MARK_MOST else ""
