"""The operators of a browser test, without pages: on duty on an open line, answering, seeing."""

import asyncio
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from centrifuge import Client

from tests.support.server import ServerProcess, tokens

LINE = "3919"
#: How long an operator looks before she calls it broken.
SOON_S = 15.0
WAIT_S = 0.15


class Refused(Exception):
    """What the server would not do, by its stable name."""


def new_id() -> str:
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody of the staff, by the token of her session."""

    url: str
    token: str

    async def call(self, method: str, **body: object) -> dict[str, Any]:
        return await asyncio.to_thread(_post, self.url, self.token, method, body)

    async def answer(self) -> tuple[str, str]:
        """Accept whoever is proposed: the chat, and its room."""
        start = perf_counter()
        while perf_counter() - start < SOON_S:
            state = await self.call("line.state", line=LINE)
            for chat in [*state["queue"], *state["mine"]]:
                if chat["state"] in {"waiting", "offered"}:
                    try:
                        await self.call("chat.accept", chat=chat["chat"])
                    except Refused:
                        continue
            for chat in (await self.call("line.state", line=LINE))["mine"]:
                if chat["state"] == "active" and chat.get("room"):
                    return chat["chat"], chat["room"]
            await asyncio.sleep(WAIT_S)
        raise AssertionError("nobody to answer")

    async def say(self, room: str, text: str) -> None:
        await self.call("room.say", room=room, id=new_id(), text=text)

    async def read(self, room: str) -> list[dict[str, Any]]:
        """What was said there, as she sees it."""
        said: list[dict[str, Any]] = (await self.call("room.state", room=room))["messages"]
        return said

    async def finish(self, chat: str) -> None:
        await self.call("chat.finish", chat=chat)


@asynccontextmanager
async def on_duty(server: ServerProcess) -> AsyncGenerator[Operator]:
    """An operator whose line is alive: who has none gives her conversations back."""
    operator = await staff(server, "operator")

    async def ticket() -> str:
        told: str = (await operator.call("session.ticket"))["ticket"]
        return told

    client = Client(server.socket_url, get_token=ticket)
    await client.connect()
    try:
        await operator.call("line.duty", line=LINE, on=True)
        yield operator
    finally:
        await operator.call("line.duty", line=LINE, on=False)
        await client.disconnect()


async def staff(server: ServerProcess, role: str) -> Operator:
    (token,) = await asyncio.to_thread(tokens, server.data_dir, role)
    return Operator(server.url, token)


def _post(url: str, token: str, method: str, body: Mapping[str, object]) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310
        f"{url}/api/{method.replace('.', '/')}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=SOON_S) as answer:  # noqa: S310
            text = answer.read()
    except urllib.error.HTTPError as error:
        with error:
            raise Refused(f"{method}: {error.read().decode()}") from None
    said: dict[str, Any] = json.loads(text or b"{}")
    return said
