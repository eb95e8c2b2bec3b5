"""Helpers on sockets of a maintained SDK while the server is killed: what each was told."""

import asyncio
import contextlib
from dataclasses import dataclass, field

import aiohttp
from centrifuge import (
    CentrifugeError,
    Client,
    ClientEventHandler,
    ServerPublicationContext,
    ServerSubscribedContext,
)


@dataclass
class Told:
    """The offsets of one helper's own stream, as its phone saw them."""

    offsets: list[int] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    recoveries: list[bool] = field(default_factory=list)

    def wrong(self) -> int:
        """Offsets heard twice, out of order, or never."""
        pairs = zip(self.offsets, self.offsets[1:], strict=False)
        return sum(later != earlier + 1 for earlier, later in pairs)


class Helper(ClientEventHandler):
    """One phone: on duty, sending its place again at each connect, accepting nothing."""

    def __init__(
        self, web: aiohttp.ClientSession, socket_url: str, place: dict[str, float]
    ) -> None:
        self.told = Told()
        self._web = web
        self._socket_url = socket_url
        self._place = place
        self._token = ""
        self.person = ""

    async def enrol(self, operator: str) -> None:
        answer = await self._ask("session", {}, "")
        self._token, self.person = str(answer["token"]), str(answer["person"])
        application = {
            "id": f"apply-{self.person}",
            "name": "Camille",
            "skills": ["come", "call"],
            "languages": ["fr"],
            "charter": True,
        }
        await self._ask("helper/apply", application, self._token)
        await self._ask("helper/approve", {"helper": self.person, "tier": 1}, operator)
        # Told of everything: quiet hours and a small budget are another test's.
        await self._ask("helper/prefer", {"quiet": None, "budget": 20}, self._token)
        await self._ask("helper/duty", {"on": True, **self._place}, self._token)

    async def listen(self, over: asyncio.Event) -> None:
        client = Client(self._socket_url, get_token=self._ticket, events=self)
        await client.connect()
        while not over.is_set():
            with contextlib.suppress(CentrifugeError, TimeoutError):
                await client.rpc("helper.move", {"position": self._place})
            await asyncio.sleep(0.5)
        await client.disconnect()

    async def on_subscribed(self, ctx: ServerSubscribedContext) -> None:
        if ctx.was_recovering:
            self.told.recoveries.append(ctx.recovered)

    async def on_publication(self, ctx: ServerPublicationContext) -> None:
        self.told.offsets.append(ctx.pub.offset)
        if ctx.pub.data.get("type") == "offer":
            self.told.offers.append(str(ctx.pub.data["offer"]))

    async def _ticket(self) -> str:
        return str((await self._ask("session/ticket", {}, self._token))["ticket"])

    async def _ask(self, command: str, body: dict[str, object], token: str) -> dict[str, object]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self._web.post(f"/api/{command}", json=body, headers=headers) as got:
            answer: dict[str, object] = await got.json()
            if got.status != 200:
                raise OSError(got.status)
            return answer
