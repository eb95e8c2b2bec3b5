"""What anybody's program may read: our public warnings (Atom, CAP 1.2), service alerts (GTFS-RT).

Nothing here is about a person: each is a supervisor's decision about a line. Answers are made at
most every few seconds, whoever asks how often.
"""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from alerts.cap.feed import TYPE as ATOM_TYPE
from alerts.cap.feed import Published, as_feed
from alerts.cap.writing import TYPE as CAP_TYPE
from alerts.cap.writing import as_cap
from geo.transit.realtime import encoded
from realtime.kernel.errors import AppError, NotFound
from realtime.ledger import Ledger, Reading
from web.access.tables import Access
from web.access.vocabulary import Role
from web.api import openapi
from web.api.commands import refusal
from web.api.openapi import Json
from web.auth.addresses import Addresses
from web.errors import WrongVerb, tamed
from web.services import Services

ATOM, CAP, TRANSIT = "/api/cap/feed.atom", "/api/cap/", "/api/transit/alerts/"
TITLE = "Entraide : informations publiques"
#: As GTFS-Realtime's reference says.
PROTOBUF = "application/x-protobuf"
#: An answer is made again after that long, and readers may keep it as long.
FRESH = timedelta(seconds=10)
#: Answers that are kept: the oldest is forgotten.
KEPT_MOST = 256
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_NETWORK = re.compile(r"[a-z0-9][a-z0-9-]{0,31}\Z")

Make = Callable[[Reading], Awaitable[bytes]]


class FeedDoor:
    def __init__(
        self, ledger: Ledger, services: Services, addresses: Addresses, *, base: str
    ) -> None:
        self._ledger = ledger
        self._services = services
        self._addresses = addresses
        #: Our public address; nothing: as each asks.
        self._base = base
        self._kept: OrderedDict[str, tuple[datetime, bytes]] = OrderedDict()

    async def atom(self, request: Request) -> Response:
        base = self._base or f"{request.url.scheme}://{request.headers.get('host', '')}"

        async def make(reading: Reading) -> bytes:
            found = await self._services.networking.services.messages(reading)
            published = [Published(it, f"{base}{CAP}{name}.xml") for name, it in found]
            return as_feed(published, url=f"{base}{ATOM}", title=TITLE, now=reading.now)

        return await self._answer(request, f"atom {base}", ATOM_TYPE, make)

    async def cap(self, request: Request) -> Response:
        name = request.path_params["name"]

        async def make(reading: Reading) -> bytes:
            if not _NAME.match(name):
                raise NotFound
            return as_cap(await self._services.networking.services.message(reading, name))

        return await self._answer(request, f"cap {name}", CAP_TYPE, make)

    async def transit(self, request: Request) -> Response:
        network = request.path_params["network"]

        async def make(reading: Reading) -> bytes:
            known = self._services.networks
            if not _NETWORK.match(network) or await known.find(reading, network) is None:
                raise NotFound
            found = await self._services.networking.services.notices(reading, network)
            return encoded(found, reading.now)

        return await self._answer(request, f"transit {network}", PROTOBUF, make)

    async def _answer(self, request: Request, name: str, kind: str, make: Make) -> Response:
        try:
            await self._addresses.read(request.client.host if request.client else "")
            body = await self._made(request.method, name, make)
        except Exception as error:  # noqa: BLE001 - whatever it was, the caller is answered
            return refusal(tamed(error, where="feed"))
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {
            "content-type": kind,
            "etag": tag,
            "cache-control": f"public, max-age={FRESH.seconds}",
        }
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers)

    async def _made(self, verb: str, name: str, make: Make) -> bytes:
        if verb not in {"GET", "HEAD"}:
            raise WrongVerb
        now = self._services.clock.now()
        known = self._kept.get(name)
        if known is not None and timedelta(0) <= now - known[0] < FRESH:
            return known[1]
        async with self._ledger.reading() as reading:
            body = await make(reading)
        self._kept[name] = now, body
        self._kept.move_to_end(name)
        while len(self._kept) > KEPT_MOST:
            self._kept.popitem(last=False)
        return body


def documented(access: Access) -> dict[str, Json]:
    """The three paths, for the OpenAPI document."""
    return {
        ATOM: {"get": _told("feed.atom", "Our public warnings, each whole.", ATOM_TYPE, access)},
        f"{CAP}{{name}}.xml": {
            "get": _told("feed.cap", "One of them, CAP 1.2.", CAP_TYPE, access, "name")
        },
        f"{TRANSIT}{{network}}.pb": {
            "get": _told(
                "feed.transit", "Service alerts, GTFS-Realtime.", PROTOBUF, access, "network"
            )
        },
    }


def _told(method: str, summary: str, kind: str, access: Access, *names: str) -> Json:
    errors: set[type[AppError]] = {*openapi.ALWAYS, *({NotFound} if names else ())}
    body = {"schema": {"type": "string", "format": "binary"}}
    return {
        "summary": summary,
        "operationId": method,
        "tags": ["feed"],
        "x-roles": [it.value for it in Role if openapi.may_ever(method, access, it)],
        "x-rpc": False,
        "parameters": [
            {"name": it, "in": "path", "required": True, "schema": {"type": "string"}}
            for it in names
        ],
        "responses": {
            "200": {"description": "As it is now.", "content": {kind.partition(";")[0]: body}},
            **openapi.failures(sorted(errors, key=lambda error: error.number)),
        },
    }
