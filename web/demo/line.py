"""One person's socket: the Centrifugo protocol, as much of it as the demo's people need.

It fetches a fresh ticket for each connection, comes back by itself after a moment that differs
from one person to the next, and asks for what it missed in every stream it listens to.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from random import Random

import aiohttp

from web.demo.api import Api, Json, Refused

log = logging.getLogger(__name__)

#: How long an answer may take before the line is taken for dead.
ANSWER_S = 10.0
#: Beyond the server's own interval between pings.
PING_GRACE_S = 10.0
#: Between two attempts: doubled each time up to the second, and drawn at random below that.
RETRY_S, LONGEST_RETRY_S = 0.5, 15.0
#: Closed with these codes, a client is asked not to come back.
FOR_GOOD = range(3500, 4000)

Heard = Callable[[str, Json], None]
Opened = Callable[[bool], Awaitable[None]]


class LineDown(Exception):
    """There is no connection now; it will come back by itself."""


class Line:
    """``heard`` is told what is published; ``opened``, at each return, if nothing is missing."""

    def __init__(
        self, api: Api, token: str, *, heard: Heard, opened: Opened, random: Random
    ) -> None:
        self._api = api
        self._token = token
        self._heard = heard
        self._opened = opened
        self._random = random
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._next_id = 0
        self._ping_s = ANSWER_S
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        #: Where we stand in each stream: epoch and offset.
        self._places: dict[str, tuple[str, int]] = {}
        self._wanted: set[str] = set()

    async def run(self) -> None:
        """Stay connected until cancelled, or until the server says that the session has ended."""
        failures = 0
        while True:
            try:
                code = await self._once()
            except Refused as refused:
                if refused.status == 401:
                    return
                failures += 1
            except (aiohttp.ClientError, OSError, TimeoutError, LineDown):
                failures += 1
            else:
                if code in FOR_GOOD:
                    return
                failures = 1
            longest = min(LONGEST_RETRY_S, RETRY_S * 2**failures)
            await asyncio.sleep(self._random.uniform(RETRY_S, longest))

    async def call(self, method: str, asked: Json) -> Json:
        result = await self._ask("rpc", {"method": method, "data": asked})
        data = result.get("data")
        return data if isinstance(data, dict) else {}

    async def publish(self, channel: str, data: Json) -> None:
        await self._ask("publish", {"channel": channel, "data": data})

    async def subscribe(self, channel: str) -> None:
        self._wanted.add(channel)
        await self._join(channel)

    async def leave(self, channel: str) -> None:
        self._wanted.discard(channel)
        self._places.pop(channel, None)
        await self._ask("unsubscribe", {"channel": channel})

    async def drop(self) -> None:
        """Lose the connection, as in a tunnel."""
        if self._socket is not None:
            await self._socket.close()

    async def _once(self) -> int:
        ticket = await self._api.ticket(self._token)
        async with self._api.http.ws_connect(
            f"{self._api.base}/connection/websocket", compress=0, autoping=True
        ) as socket:
            self._socket = socket
            try:
                return await self._talk(socket, ticket)
            finally:
                self._socket = None
                for waiting in self._waiting.values():
                    if not waiting.done():
                        waiting.set_exception(LineDown())
                self._waiting.clear()

    async def _talk(self, socket: aiohttp.ClientWebSocketResponse, ticket: str) -> int:
        subs = {
            channel: {"recover": True, "epoch": epoch, "offset": offset}
            for channel, (epoch, offset) in self._places.items()
            if channel not in self._wanted
        }
        request: Json = {"token": ticket, "name": "demo", "subs": subs}
        greeting = asyncio.create_task(self._greet(socket, request), name="web.demo.greeting")
        silence_s = ANSWER_S
        try:
            while (message := await socket.receive(silence_s)).type is aiohttp.WSMsgType.TEXT:
                for part in message.data.split("\n"):
                    await self._take(part)
                silence_s = self._ping_s + PING_GRACE_S
        finally:
            greeting.cancel()
            (failure,) = await asyncio.gather(greeting, return_exceptions=True)
        if isinstance(failure, Exception):
            raise failure
        return socket.close_code or 0

    async def _greet(self, socket: aiohttp.ClientWebSocketResponse, request: Json) -> None:
        """Say hello, join what was joined; a greeting that fails ends the connection."""
        try:
            answer = await self._ask("connect", request)
            ping = answer.get("ping")
            self._ping_s = float(ping) if isinstance(ping, int) else ANSWER_S
            whole = await self._join_again(answer.get("subs"))
            await self._opened(whole)
        except (Refused, LineDown):
            await socket.close()
            raise

    async def _join_again(self, subs: object) -> bool:
        whole = True
        for channel, result in subs.items() if isinstance(subs, dict) else ():
            whole &= self._joined(channel, result)
        for channel in sorted(self._wanted):
            try:
                whole &= await self._join(channel)
            except Refused:
                self._wanted.discard(channel)
        return whole

    async def _join(self, channel: str) -> bool:
        request: Json = {"channel": channel}
        if channel in self._places:
            epoch, offset = self._places[channel]
            request |= {"recover": True, "epoch": epoch, "offset": offset}
        try:
            return self._joined(channel, await self._ask("subscribe", request))
        except Refused as refused:
            if refused.name != "already_subscribed":
                raise
            return True

    def _joined(self, channel: str, result: Json) -> bool:
        """Take what was missed; False when some of it could not be given."""
        resumed = channel in self._places
        offset, missed = result.get("offset", 0), result.get("publications", [])
        if isinstance(offset, int):
            self._places[channel] = (str(result.get("epoch", "")), offset)
        for publication in missed if isinstance(missed, list) else []:
            self._hear(channel, publication)
        return resumed and bool(result.get("recovered"))

    async def _ask(self, what: str, request: Json) -> Json:
        socket = self._socket
        if socket is None or socket.closed:
            raise LineDown
        self._next_id += 1
        number, answer = self._next_id, asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            await socket.send_str(json.dumps({"id": number, what: request}))
            async with asyncio.timeout(ANSWER_S):
                reply: Json = await answer
        except (TimeoutError, ConnectionError, aiohttp.ClientError):
            raise LineDown from None
        finally:
            self._waiting.pop(number, None)
        error = reply.get("error")
        if isinstance(error, dict):
            raise Refused(str(error.get("message")), temporary=bool(error.get("temporary")))
        result = reply.get(what)
        return result if isinstance(result, dict) else {}

    async def _take(self, part: str) -> None:
        frame = json.loads(part)
        if not frame:
            if self._socket is not None:
                await self._socket.send_str("{}")
        elif "push" in frame:
            push = frame["push"]
            if "pub" in push:
                self._hear(push.get("channel", ""), push["pub"])
            elif "unsubscribe" in push:
                self._wanted.discard(push.get("channel", ""))
                self._places.pop(push.get("channel", ""), None)
        else:
            waiting = self._waiting.get(frame.get("id"))
            if waiting is not None and not waiting.done():
                waiting.set_result(frame)

    def _hear(self, channel: str, publication: Json) -> None:
        offset, data = publication.get("offset", 0), publication.get("data")
        if isinstance(offset, int) and offset and channel in self._places:
            self._places[channel] = (self._places[channel][0], offset)
        if isinstance(data, dict):
            self._heard(channel, data)
