"""Calls to other people's servers: bounded in time, in number and in what is believed.

No redirect is followed, no cookie kept, no proxy taken from the environment, no answer read or
logged: only its status and Retry-After. One circuit for each host; a full host is "later".
"""

import asyncio
import ssl
from collections import Counter, OrderedDict
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import aiohttp
import structlog

from realtime.kernel.clock import Clock
from realtime.push.circuit import CLOSED, Circuit
from realtime.push.policy import SOONEST, Outcome, Verdict, judged

log = structlog.get_logger(__name__)

#: From the name's look-up to the answer's first line.
TOTAL_S = 8.0
#: Calls under way to one host, and to all; one too many is told to come again in a second.
PER_HOST, IN_ALL = 48, 96
#: Hosts remembered. A browser chooses the name before ``.push.apple.com``.
HOSTS_MOST = 256
BUSY = Outcome(Verdict.LATER, timedelta(seconds=1))


#: What opens connections, given the certificates that are trusted.
Connect = Callable[[ssl.SSLContext], aiohttp.BaseConnector]


def _anywhere(trusted: ssl.SSLContext) -> aiohttp.BaseConnector:
    return aiohttp.TCPConnector(ssl=trusted, limit=IN_ALL, ttl_dns_cache=60)


class Outgoing:
    """Open it with ``running``; outside that block every call fails."""

    def __init__(
        self,
        clock: Clock,
        *,
        total_s: float = TOTAL_S,
        per_host: int = PER_HOST,
        in_all: int = IN_ALL,
        connector: Connect | None = None,
    ) -> None:
        self._clock = clock
        self._total_s = total_s
        self._per_host = per_host
        self._in_all = in_all
        #: Where calls may go; None: wherever the address says.
        self._connect = connector or _anywhere
        self._session: aiohttp.ClientSession | None = None
        self._circuits: OrderedDict[str, Circuit] = OrderedDict()
        self._under_way: Counter[str] = Counter()
        #: Calls by how they ended, for the metrics.
        self.counts: Counter[Verdict] = Counter()

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        # Reading the machine's certificates takes a while.
        trusted = await asyncio.to_thread(ssl.create_default_context)
        async with aiohttp.ClientSession(
            connector=self._connect(trusted),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self._total_s),
            trust_env=False,
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
        ) as self._session:
            try:
                yield
            finally:
                self._session = None

    def circuits(self) -> dict[str, Circuit]:
        """By host, the latest used last."""
        return dict(self._circuits)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Post to an address that the caller has judged. Never raises for what the host does."""
        host = urlsplit(url).hostname or ""
        now, circuit = self._clock.now(), self._circuits.get(host, CLOSED)
        if not circuit.admits(now):
            left = timedelta(0) if circuit.until is None else circuit.until - now
            return self._counted(Outcome(Verdict.LATER, max(left, SOONEST)))
        if self._under_way[host] >= self._per_host or self._under_way.total() >= self._in_all:
            return self._counted(BUSY)
        self._remember(host, circuit.asked())
        self._under_way[host] += 1
        outcome = Outcome(Verdict.FAILED)
        try:
            outcome = await self._answer(url, headers, body)
        finally:
            # Cut short, too, it counts: else a trial would be out for ever.
            self._under_way[host] -= 1
            self._under_way += Counter()
            self._learn(host, outcome)
        return self._counted(outcome)

    async def _answer(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        if self._session is None:
            return Outcome(Verdict.FAILED)
        try:
            async with self._session.post(
                url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                status, retry_after = answer.status, answer.headers.get("Retry-After")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.info("push.unanswered", error=type(error).__name__)
            return Outcome(Verdict.FAILED)
        outcome = judged(status, retry_after, self._clock.now())
        if outcome.verdict is Verdict.FAULT:
            log.warning("push.refused", status=status)
        return replace(outcome, status=status)

    def _learn(self, host: str, outcome: Outcome) -> None:
        now, circuit = self._clock.now(), self._circuits.get(host, CLOSED)
        match outcome.verdict:
            case Verdict.FAILED:
                self._remember(host, circuit.failed(now))
            case Verdict.LATER if outcome.whole_host:
                self._remember(host, circuit.told_to_wait(now + outcome.wait))
            case _:
                self._remember(host, circuit.answered())

    def _remember(self, host: str, circuit: Circuit) -> None:
        self._circuits[host] = circuit
        self._circuits.move_to_end(host)
        while len(self._circuits) > HOSTS_MOST:
            # Forgotten, a broken host is merely asked once more.
            self._circuits.popitem(last=False)

    def _counted(self, outcome: Outcome) -> Outcome:
        self.counts[outcome.verdict] += 1
        return outcome
