"""One person's socket, that comes back whatever happens, and all that was heard on it, in order.

What an answer to a subscription brings is taken before anything that follows it on the wire: the
order heard is the order in which the server wrote.
"""

import asyncio
import contextlib
import json
import random
import socket
from collections.abc import Callable, Coroutine

import aiohttp

from tests.proofs.whole.checking import Book, Heard, line
from web.demo.api import Api, Json, Refused

ANSWER_S = 10.0
#: Between two attempts to connect, or to be let into a channel.
AGAIN_S = (0.1, 1.0)
#: A server that has not pinged for so long is gone.
SILENCE_S = 40.0
#: Publications asked for at once, when too much was missed for the server to give by itself.
PAGE = 300


class Down(Exception):
    """There is no connection now; it will come back by itself."""


class Phone:
    def __init__(self, api: Api, token: str, who: str, book: Book, chance: random.Random) -> None:
        self.who = who
        self.chance = chance
        self.channels: list[str] = []
        self.heard: dict[str, list[Heard]] = {}
        self.connected = asyncio.Event()
        #: Is shown every text frame as it came.
        self.saw: Callable[[str], None] = lambda frame: None
        self._api = api
        self._token = token
        self._book = book
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._number = 0
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._joining: dict[int, str] = {}
        self._places: dict[str, tuple[str, int]] = {}
        self._chores: set[asyncio.Task[None]] = set()
        #: Channels of which something is being read by pages, and up to where it has been read.
        self._catching: dict[str, int] = {}

    async def run(self) -> None:
        """Stay connected until cancelled."""
        while True:
            with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError, Down, Refused):
                await self._once()
            await asyncio.sleep(self.chance.uniform(*AGAIN_S))

    async def publish(self, channel: str, data: Json) -> None:
        await self._ask("publish", {"channel": channel, "data": data})

    async def call(self, method: str, asked: Json) -> Json:
        found = (await self._ask("rpc", {"method": method, "data": asked})).get("data")
        return found if isinstance(found, dict) else {}

    def break_off(self) -> bool:
        """Lose the connection without a word, as in a tunnel."""
        wire = None if self._socket is None else self._socket.get_extra_info("socket")
        if wire is None:
            return False
        with contextlib.suppress(OSError):
            wire.shutdown(socket.SHUT_RDWR)
            return True
        return False

    async def _once(self) -> None:
        ticket = await self._api.ticket(self._token)
        async with self._api.http.ws_connect(
            f"{self._api.base}/connection/websocket", compress=0
        ) as wire:
            self._socket = wire
            greeting = asyncio.create_task(self._greet(wire, ticket))
            try:
                while (got := await wire.receive(SILENCE_S)).type is aiohttp.WSMsgType.TEXT:
                    self.saw(got.data)
                    for part in got.data.split("\n"):
                        await self._take(wire, json.loads(part))
            finally:
                self._lost(greeting)
                await asyncio.gather(greeting, return_exceptions=True)

    def _lost(self, greeting: asyncio.Task[None]) -> None:
        self._socket = None
        self.connected.clear()
        self._joining.clear()
        for channel, last in self._catching.items():
            # Read again from there: what was pushed meanwhile stands behind a hole of our making.
            self.heard[channel] = [it for it in self.heard[channel] if it[0] <= last]
            self._places[channel] = (self._places[channel][0], last)
        self._catching.clear()
        for task in (greeting, *self._chores):
            task.cancel()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(Down())
        self._waiting.clear()

    async def _greet(self, wire: aiohttp.ClientWebSocketResponse, ticket: str) -> None:
        try:
            await self._ask("connect", {"token": ticket, "name": "proof"})
            for channel in self.channels:
                await self._join(channel)
            self.connected.set()
        except (Refused, Down):
            await wire.close()

    async def _join(self, channel: str) -> None:
        """Ask for a channel from where we are in it; the answer is taken as it comes."""
        request: Json = {"channel": channel}
        if channel in self._places:
            epoch, offset = self._places[channel]
            request |= {"recover": True, "epoch": epoch, "offset": offset}
        self._number += 1
        self._joining[self._number] = channel
        await self._send({"id": self._number, "subscribe": request})

    async def _take(self, wire: aiohttp.ClientWebSocketResponse, frame: Json) -> None:
        push, number = frame.get("push"), frame.get("id")
        if not frame:
            await wire.send_str("{}")
        elif isinstance(push, dict):
            channel = str(push.get("channel", ""))
            if "pub" in push:
                self._hear(channel, push["pub"])
            elif "unsubscribe" in push and channel in self.channels:
                self._chore(self._join_later(channel))
        elif isinstance(number, int) and number in self._joining:
            self._answered(self._joining.pop(number), frame)
        elif isinstance(number, int) and number in self._waiting:
            waiting = self._waiting.pop(number)
            if not waiting.done():
                waiting.set_result(frame)

    def _answered(self, channel: str, frame: Json) -> None:
        result = frame.get("subscribe")
        if not isinstance(result, dict):
            self._chore(self._join_later(channel))
            return
        resumed = channel in self._places
        top = int(str(result.get("offset", 0)))
        for it in result.get("publications", []):
            self._hear(channel, it)
        whole = bool(result.get("recovered"))
        self._book.resumed += resumed and whole
        self._book.started_over += resumed and not whole
        self._places[channel] = (str(result.get("epoch", "")), top)
        heard = self.heard.setdefault(channel, [])
        if top > (heard[-1][0] if heard else 0):
            self._catching[channel] = heard[-1][0] if heard else 0
            self._chore(self._catch_up(channel, top))

    def _hear(self, channel: str, publication: Json) -> None:
        offset, data = publication.get("offset", 0), publication.get("data")
        if channel not in self.channels or not isinstance(offset, int):
            return
        if isinstance(data, dict):
            self.heard.setdefault(channel, []).append((offset, line(data)))
        if channel in self._places:
            self._places[channel] = (self._places[channel][0], offset)

    async def _join_later(self, channel: str) -> None:
        await asyncio.sleep(self.chance.uniform(*AGAIN_S))
        with contextlib.suppress(Down):
            await self._join(channel)

    async def _catch_up(self, channel: str, top: int) -> None:
        """Read by pages what the server could not give by itself, as pages of an app do."""
        heard, epoch = self.heard[channel], self._places[channel][0]
        at = len(heard)
        last = self._catching[channel] = heard[-1][0] if heard else 0
        while last < top:
            since = {"epoch": epoch, "offset": last}
            asked: Json = {"channel": channel, "limit": PAGE, "since": since}
            try:
                page = (await self._ask("history", asked)).get("publications", [])
            except Refused:
                await asyncio.sleep(self.chance.uniform(*AGAIN_S))
                continue
            for it in page if isinstance(page, list) else []:
                if last < it["offset"] <= top:
                    # What was pushed meanwhile stands behind it.
                    heard.insert(at, (it["offset"], line(it["data"])))
                    at, last = at + 1, it["offset"]
            self._catching[channel] = last
            if not page:
                break
        self._catching.pop(channel, None)

    async def _ask(self, what: str, request: Json) -> Json:
        self._number += 1
        number, answer = self._number, asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            await self._send({"id": number, what: request})
            async with asyncio.timeout(ANSWER_S):
                reply: Json = await answer
        except TimeoutError:
            raise Down from None
        finally:
            self._waiting.pop(number, None)
        error = reply.get("error")
        if isinstance(error, dict):
            raise Refused(str(error.get("message")), temporary=bool(error.get("temporary")))
        result = reply.get(what)
        return result if isinstance(result, dict) else {}

    async def _send(self, frame: Json) -> None:
        wire = self._socket
        if wire is None or wire.closed:
            raise Down
        try:
            await wire.send_str(json.dumps(frame))
        except (ConnectionError, aiohttp.ClientError):
            raise Down from None

    def _chore(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)
