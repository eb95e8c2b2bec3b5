"""The server's commands over HTTP, as any script gives them: a bearer token, JSON in, JSON out."""

from collections.abc import Mapping
from random import Random

import aiohttp

Json = dict[str, object]


class Refused(Exception):
    """The server said no. ``name`` is the error's, ``status`` the one of HTTP."""

    def __init__(self, name: str, *, status: int = 0, temporary: bool = False) -> None:
        super().__init__(name)
        self.name = name
        self.status = status
        self.temporary = temporary


class Api:
    def __init__(self, http: aiohttp.ClientSession, base: str) -> None:
        self.http = http
        self.base = base.rstrip("/")

    async def config(self) -> Json:
        async with self.http.get(f"{self.base}/api/config") as answer:
            return await _body(answer)

    async def call(self, method: str, asked: Mapping[str, object], *, token: str = "") -> Json:
        path = method.replace(".", "/")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.http.post(f"{self.base}/api/{path}", json=asked, headers=headers) as answer:
            return await _body(answer)

    async def ticket(self, token: str) -> str:
        return text(await self.call("session.ticket", {}, token=token), "ticket")


async def _body(answer: aiohttp.ClientResponse) -> Json:
    if answer.status == 204:
        return {}
    try:
        body = await answer.json(content_type=None)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused("unreadable", status=answer.status, temporary=True)
    if answer.status < 400:
        return body
    error = body.get("error")
    if not isinstance(error, dict):
        error = {}
    raise Refused(
        str(error.get("name", "unreadable")),
        status=answer.status,
        temporary=bool(error.get("temporary")),
    )


def client_id(random: Random) -> str:
    """An id that a client makes, so that a command can be repeated."""
    return f"{random.getrandbits(128):032x}"


def text(body: Mapping[str, object], name: str) -> str:
    """A field that must be there; what a server of another version leaves out is refused."""
    value = body.get(name)
    if not isinstance(value, str):
        raise Refused("unreadable")
    return value
