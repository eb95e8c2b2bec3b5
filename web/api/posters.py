"""Posters and stickers as files: ``GET /api/campaign/<campaign>/<which>/<file>``.

``which`` is a code, a design in a language (``calme-fr``), or ``all``. The file is ``a4.pdf`` or
``a6.pdf`` for a printer, ``sheet.pdf`` for an office printer (four stickers on a page), or, of one
code, ``a4.svg`` or ``a6.svg`` for a screen. Drawn in a thread, one file after the other.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from programmes.campaign.errors import PosterTooSmall
from programmes.campaign.posters.drawing import drawn
from programmes.campaign.posters.order import (
    MOST_SHEETS,
    Printing,
    chosen,
    line_at,
    network_of,
    poster,
)
from programmes.campaign.posters.paper import as_office, as_pdf
from programmes.campaign.posters.picture import as_svg
from programmes.campaign.posters.poster import Poster
from programmes.campaign.values import CampaignId, Paper
from realtime.kernel.errors import AppError, LimitExceeded, NotFound
from realtime.ledger import Ledger, Reading
from realtime.ports import Limits
from web.access.tables import Access, role_of
from web.access.vocabulary import Role
from web.api import openapi
from web.api.callers import Callers
from web.api.commands import refusal
from web.api.openapi import Json
from web.errors import WrongVerb, tamed
from web.services import Services

PATH = "/api/campaign/{campaign}/{which}/{file}"
ACTION = "campaign.poster"
PDF, SVG = "application/pdf", "image/svg+xml"
#: Files of one person: a campaign's previews at once, then one a second.
RATE, BURST = 1.0, 40
ERRORS: tuple[type[AppError], ...] = (NotFound, LimitExceeded, PosterTooSmall)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")


@dataclass(frozen=True, slots=True)
class File:
    """One kind of file, and how it is made of posters."""

    paper: Paper
    kind: str


FILES: Mapping[str, File] = {
    "a4.pdf": File(Paper.A4, PDF),
    "a6.pdf": File(Paper.A6, PDF),
    "sheet.pdf": File(Paper.A6, PDF),
    "a4.svg": File(Paper.A4, SVG),
    "a6.svg": File(Paper.A6, SVG),
}


class PosterDoor:
    def __init__(
        self,
        ledger: Ledger,
        services: Services,
        callers: Callers,
        *,
        access: Access,
        limits: Limits,
        origins: Sequence[str],
    ) -> None:
        """``origins``: the first is printed; none: whatever the caller asked under."""
        self._ledger = ledger
        self._services = services
        self._callers = callers
        self._access = access
        self._limits = limits
        self._origins = origins
        #: Files are made one after the other: everybody else's commands come first.
        self._one = asyncio.Lock()

    async def answer(self, request: Request) -> Response:
        """A file, or a refusal in JSON with its number and name."""
        try:
            return await self._answer(request)
        except ClientDisconnect:
            return Response(status_code=499)
        except Exception as error:  # noqa: BLE001 - whatever it was, the caller is answered
            return refusal(tamed(error, where=ACTION))

    async def _answer(self, request: Request) -> Response:
        if request.method != "GET":
            raise WrongVerb
        caller = (await self._callers.of(request)).caller
        self._access.check(ACTION, role_of(caller.role), frozenset())
        await self._limits.spend(f"posters:{caller.person}", rate=RATE, burst=BURST)
        name = str(request.path_params["file"])
        file = FILES.get(name)
        campaign, which = (_named(request, word) for word in ("campaign", "which"))
        if file is None:
            raise NotFound
        async with self._one:
            async with self._ledger.reading() as reading:
                posters = await self._posters(
                    reading, CampaignId(campaign), which, file.paper, self._origin(request)
                )
                made = reading.now
            if file.kind == SVG and len(posters) > 1:
                raise NotFound
            make: Callable[[], bytes] = {
                "sheet.pdf": lambda: as_office([drawn(it) for it in posters], made=made),
                SVG: lambda: as_svg(drawn(posters[0])),
                PDF: lambda: as_pdf([drawn(it) for it in posters], made=made),
            }[name if name == "sheet.pdf" else file.kind]
            body = await asyncio.to_thread(make)
        return Response(
            body,
            headers={
                "content-type": file.kind,
                "content-disposition": f'attachment; filename="{which}-{name}"',
            },
        )

    async def _posters(
        self, reading: Reading, campaign: CampaignId, which: str, paper: Paper, origin: str
    ) -> list[Poster]:
        services = self._services.campaign
        name, links = await services.campaigning.printed(reading, campaign)
        found = chosen(links, which)
        if not found:
            raise NotFound
        if len(found) > MOST_SHEETS:
            raise LimitExceeded
        how = Printing(name, origin, paper)
        numbers = {
            network: await services.numbers.numbers(reading, network)
            for network in {network_of(it.place) for it in found}
        }
        return [
            poster(it, how, line_at(services.lines, it.place), numbers[network_of(it.place)])
            for it in found
        ]

    def _origin(self, request: Request) -> str:
        if self._origins:
            return self._origins[0]
        return f"{request.url.scheme}://{request.headers.get('host', '')}"


def _named(request: Request, word: str) -> str:
    """A name in the address; what cannot be one of ours is not there."""
    name = str(request.path_params[word])
    if not _NAME.match(name):
        raise NotFound
    return name


def documented(access: Access) -> dict[str, Json]:
    """Its path, for the OpenAPI document."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    errors = {*openapi.ALWAYS, *openapi.SIGNED, *ERRORS}
    return {
        PATH: {
            "get": {
                "summary": "A poster or a sticker, or many of them: for a printer or a screen.",
                "operationId": ACTION,
                "tags": ["campaign"],
                "x-roles": [it.value for it in Role if openapi.may_ever(ACTION, access, it)],
                "x-rpc": False,
                "parameters": [
                    {"name": it, "in": "path", "required": True, "schema": {"type": "string"}}
                    for it in ("campaign", "which", "file")
                ],
                "responses": {
                    "200": {"description": "The file.", "content": {PDF: binary, SVG: binary}},
                    **openapi.failures(sorted(errors, key=lambda error: error.number)),
                },
                "security": [{"bearer": []}, {"cookie": []}],
            }
        }
    }
