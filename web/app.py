"""The HTTP application: pages, commands, documents, health. Everything it serves is given to it."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache

import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from realtime.kernel.errors import UnknownMethod
from web.access.tables import Access
from web.api import asyncapi, attachments, errors, feeds, openapi, posters
from web.api.attachments import ATTACH, SHOW, PictureDoor
from web.api.commands import CommandDoor, refusal
from web.api.exports import EXPORTS, AnyExport, ExportDoor
from web.api.feeds import ATOM, CAP, TRANSIT, FeedDoor
from web.api.headers import SecurityHeaders
from web.api.health import Health
from web.api.openapi import Json
from web.api.pages import Pages
from web.api.posters import PosterDoor
from web.api.taps import TAPS, TapDoor
from web.auth.origins import Origins
from web.channels import RULES
from web.commands.registry import AnyCommand, Registry
from web.errors import ForeignHost, WrongVerb, tamed
from web.observe import Metrics

log = structlog.get_logger("web.requests")

#: Answered whatever name they are asked under: probes use addresses.
PROBES = frozenset({"/livez", "/readyz", "/metrics"})
UNBUILT = "The pages are not built yet: ./run builds them. The API is at /api/openapi.json.\n"

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What the application is made of."""

    registry: Registry
    access: Access
    door: CommandDoor
    exports: ExportDoor
    pictures: PictureDoor
    taps: TapDoor
    feeds: FeedDoor
    posters: PosterDoor
    health: Health
    pages: Pages
    origins: Origins
    metrics: Metrics


def make_app(surface: Surface) -> Starlette:
    routes = [
        Route("/livez", surface.health.livez, methods=["GET"]),
        Route("/readyz", surface.health.readyz, methods=["GET"]),
        Route("/metrics", surface.health.metrics, methods=["GET"]),
        *_documents(surface),
        *(_command(surface.door, command) for command in surface.registry),
        *(_export(surface.exports, export) for export in EXPORTS),
        Route(ATTACH + "{room}", surface.pictures.attach, methods=_VERBS),
        Route(SHOW + "{room}/{picture}", surface.pictures.show, methods=_VERBS),
        Route(posters.PATH, surface.posters.answer, methods=_VERBS),
        *(Route(it + "{code}", surface.taps.answer, methods=_VERBS) for it in TAPS),
        Route(ATOM, surface.feeds.atom, methods=_VERBS),
        Route(CAP + "{name}.xml", surface.feeds.cap, methods=_VERBS),
        Route(TRANSIT + "{network}.pb", surface.feeds.transit, methods=_VERBS),
        Route("/api/{rest:path}", _unknown, methods=_VERBS),
        Route("/{rest:path}", _page(surface.pages), methods=_VERBS),
    ]
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(SecurityHeaders, origins=surface.origins),
            Middleware(Watched, metrics=surface.metrics, registry=surface.registry),
            Middleware(OurHost, origins=surface.origins),
        ],
    )


def paths(access: Access) -> dict[str, Json]:
    """What is answered that is neither a command nor an export, for the OpenAPI document."""
    parts = (attachments, feeds, posters)
    return {path: told for part in parts for path, told in part.documented(access).items()}


def _documents(surface: Surface) -> list[Route]:
    """What is generated from the tables."""
    opened, streams = _described(surface.registry, surface.access)
    table, page = errors.table(), errors.page()

    async def openapi_document(request: Request) -> Response:
        return JSONResponse(opened)

    async def asyncapi_document(request: Request) -> Response:
        return JSONResponse(streams)

    async def errors_page(request: Request) -> Response:
        return HTMLResponse(page)

    async def errors_table(request: Request) -> Response:
        return JSONResponse(table)

    return [
        Route("/api/openapi.json", openapi_document, methods=["GET"]),
        Route("/api/asyncapi.json", asyncapi_document, methods=["GET"]),
        Route("/api/errors", errors_page, methods=["GET"]),
        Route("/api/errors.json", errors_table, methods=["GET"]),
    ]


@cache
def _described(registry: Registry, access: Access) -> tuple[Json, Json]:
    """Commands and streams: made once, for all services of a process (half of what a start takes).

    Both tables are what they are from their making on.
    """
    commands = openapi.document(registry, access, EXPORTS, paths(access))
    return commands, asyncapi.document(RULES, access)


async def _unknown(request: Request) -> Response:
    return refusal(UnknownMethod())


def _page(pages: Pages) -> Endpoint:
    async def page(request: Request) -> Response:
        if request.method not in {"GET", "HEAD"}:
            return refusal(WrongVerb())
        answer = pages.answer(request)
        if answer is not None:
            return answer
        if not len(pages):
            return PlainTextResponse(UNBUILT, status_code=503)
        return PlainTextResponse("Not found\n", status_code=404)

    return page


#: Every verb gets an answer of ours, so that a wrong one is told so in JSON.
_VERBS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def _command(door: CommandDoor, command: AnyCommand) -> Route:
    async def endpoint(request: Request) -> Response:
        return await door.answer(request, command)

    return Route(command.path, endpoint, methods=_VERBS)


def _export(door: ExportDoor, export: AnyExport) -> Route:
    async def endpoint(request: Request) -> Response:
        return await door.answer(request, export)

    return Route(export.path, endpoint, methods=_VERBS)


class OurHost:
    """Answers only to our own names: a foreign name pointed at us makes its pages same-origin."""

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] not in PROBES:
            host = Request(scope).headers.get("host", "")
            if not self._origins.is_host(host):
                await refusal(ForeignHost())(scope, receive, send)
                return
        await self._app(scope, receive, send)


class Watched:
    """Counts answers by route, logs refusals, and answers for what nobody foresaw.

    It replaces the server's access log, which writes whole URLs and addresses.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, registry: Registry) -> None:
        self._app = app
        self._metrics = metrics
        self._routes = {it.path for it in (*registry, *EXPORTS)} | PROBES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.monotonic()
        status = 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            told = tamed(error, where="http")
            if status:
                raise
            await refusal(told)(scope, receive, noted)
        finally:
            route = self._route(scope["path"])
            self._metrics.request(route, status)
            if status >= 400:
                log.info(
                    "refused",
                    route=route,
                    status=status,
                    milliseconds=round((time.monotonic() - start) * 1000, 1),
                )

    def _route(self, path: str) -> str:
        """What is counted and logged: never a name that stands in an address."""
        if path in self._routes:
            return path
        named = (ATTACH, SHOW, CAP, TRANSIT, *TAPS)
        return next((it.rstrip("/") for it in named if path.startswith(it)), "page")
