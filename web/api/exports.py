"""What leaves here as a file: a hotel's month, rooms tonight.

Asked for by POST, so that nothing is in an address, with a bearer or our own page's cookie; allowed
by the same tables as commands; on the record before it is answered. A file is made in a thread.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from matching.shelter.funds.paper import as_pdf
from matching.shelter.funds.statement import as_csv
from matching.shelter.public.geojson import as_geojson
from matching.shelter.public.have import as_have
from matching.shelter.values import HotelId
from realtime.ledger import Ledger, Reading, Transaction
from realtime.ports import Caller, Limits
from web.access.ports import Facts
from web.access.tables import Access, role_of
from web.access.vocabulary import Kind, Relation, Thing
from web.api.callers import Callers
from web.api.commands import bounded_body, is_json, refusal
from web.application import EntraideApplication
from web.commands.fields import Asked, PublicId
from web.commands.funds import Month
from web.commands.parse import decode
from web.errors import NotJson, WrongVerb, tamed
from web.funders import funder_of
from web.services import Services

#: Files of one person: some at once, then one every ten seconds.
RATE, BURST = 0.1, 10
A = TypeVar("A", bound=msgspec.Struct)
#: Makes the file, in a thread.
Make = Callable[[], bytes]


class StatementAsked(Asked, frozen=True):
    hotel: PublicId
    month: Month
    form: Literal["csv", "pdf"] = "csv"


class RoomsAsked(Asked, frozen=True):
    form: Literal["geojson", "have"] = "geojson"


@dataclass(frozen=True, slots=True)
class Exporting:
    """What an export is given: one reading."""

    services: Services
    reading: Reading
    caller: Caller
    #: Names hotels in what leaves here.
    key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Export(Generic[A]):
    """Like a command, but for what it gives."""

    method: str
    title: str
    takes: type[A]
    #: By form: what it is, and how the file is called.
    forms: Mapping[str, tuple[str, str]]
    about: Callable[[A], Thing | None]
    form: Callable[[A], str]
    run: Callable[[Exporting, A], Awaitable[Make]]

    @property
    def path(self) -> str:
        return "/api/" + self.method.replace(".", "/")


async def statement(call: Exporting, asked: StatementAsked) -> Make:
    funds = call.services.sheltering.funds
    found = await funds.statement(
        call.reading,
        hotel=HotelId(asked.hotel),
        month=asked.month,
        funder=await funder_of(call.services, call.reading, call.caller),
    )
    made = funds.tonight(call.reading.now)
    return (lambda: as_pdf(found, made=made)) if asked.form == "pdf" else (lambda: as_csv(found))


async def rooms(call: Exporting, asked: RoomsAsked) -> Make:
    unmet, now, key = call.services.sheltering.unmet, call.reading.now, call.key
    places, night = await unmet.places(call.reading), unmet.tonight(now)
    if asked.form == "have":
        return lambda: as_have(places, key=key, now=now)
    return lambda: as_geojson(places, key=key, night=night, now=now)


# Any: each has an argument of its own.
AnyExport = Export[Any]
EXPORTS: tuple[AnyExport, ...] = (
    Export(
        method="export.statement",
        title="What a hotel has earned in a month: CSV (RFC 4180) or PDF.",
        takes=StatementAsked,
        forms={
            "csv": ("text/csv; charset=utf-8", "releve.csv"),
            "pdf": ("application/pdf", "releve.pdf"),
        },
        about=lambda asked: Thing(Kind.HOTEL, asked.hotel),
        form=lambda asked: asked.form,
        run=statement,
    ),
    Export(
        method="export.rooms",
        title="Rooms tonight, at their commune's point: GeoJSON or EDXL-HAVE 2.0.",
        takes=RoomsAsked,
        forms={
            "geojson": ("application/geo+json", "chambres.geojson"),
            "have": ("application/xml", "chambres.xml"),
        },
        about=lambda asked: None,
        form=lambda asked: asked.form,
        run=rooms,
    ),
)


class ExportDoor:
    def __init__(
        self,
        ledger: Ledger,
        services: Services,
        application: EntraideApplication,
        callers: Callers,
        *,
        access: Access,
        facts: Facts,
        limits: Limits,
        key: bytes,
    ) -> None:
        self._ledger = ledger
        self._services = services
        self._application = application
        self._callers = callers
        self._access = access
        self._facts = facts
        self._limits = limits
        self._key = key
        #: Files are made one after the other: everybody else's commands come first.
        self._one = asyncio.Lock()

    async def answer(self, request: Request, export: AnyExport) -> Response:
        """A file, or a refusal in JSON with its number and name."""
        try:
            return await self._answer(request, export)
        except ClientDisconnect:
            return Response(status_code=499)
        except Exception as error:  # noqa: BLE001 - whatever it was, the caller is answered
            return refusal(tamed(error, where=export.method))

    async def _answer(self, request: Request, export: AnyExport) -> Response:
        if request.method != "POST":
            raise WrongVerb
        data = await bounded_body(request)
        if data and not is_json(request):
            raise NotJson
        caller = (await self._callers.of(request)).caller
        self._access.refuse_role(export.method, role_of(caller.role))
        await self._application.spend(caller, export.method)
        await self._limits.spend(f"exports:{caller.person}", rate=RATE, burst=BURST)
        asked = decode(export.takes, data)

        async def note(tx: Transaction) -> None:
            await self._check(tx, caller, export, asked)
            tx.record(caller.person, export.method, export.form(asked))

        await self._ledger.write(note)
        async with self._one:
            async with self._ledger.reading() as reading:
                await self._check(reading, caller, export, asked)
                call = Exporting(self._services, reading, caller, self._key)
                make = await export.run(call, asked)
            body = await asyncio.to_thread(make)
        kind, name = export.forms[export.form(asked)]
        return Response(
            body,
            headers={
                "content-type": kind,
                "content-disposition": f'attachment; filename="{name}"',
            },
        )

    async def _check(
        self, reading: Reading, caller: Caller, export: AnyExport, asked: msgspec.Struct
    ) -> None:
        role = role_of(caller.role)
        held: frozenset[Relation] = frozenset()
        if self._access.must_look(export.method, role):
            held = await self._facts.relations(reading, caller, export.about(asked))
        self._access.check(export.method, role, held)
