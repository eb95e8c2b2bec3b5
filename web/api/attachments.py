"""Pictures in rooms: ``POST /api/room/attach/<room>``, ``GET /api/room/attachment/<room>/<name>``.

What comes in is made anew before anything is kept of it; what goes out is a JPEG of ours, shown in
the page and stored nowhere. Both are allowed by the same tables as commands.
"""

import asyncio
import re
from typing import cast
from weakref import WeakValueDictionary

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from realtime.kernel.errors import AppError, Gone, Malformed, NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading, Transaction
from realtime.ports import Caller, Limits
from realtime.rooms.errors import (
    NoSuchAttachment,
    NotAPicture,
    OnlyListening,
    RoomClosed,
    RoomFull,
)
from realtime.rooms.messages import Attachment as Kept
from realtime.rooms.pictures import MEDIA_TYPE, Picture, made_anew
from web.access.ports import Facts
from web.access.tables import Access, role_of
from web.access.vocabulary import Kind, Relation, Role, Thing
from web.api import openapi
from web.api.callers import Callers
from web.api.commands import bounded_body, refusal
from web.api.openapi import Json
from web.commands.parse import encode
from web.commands.room_fields import Attachment
from web.errors import NotJson, WrongVerb, tamed
from web.services import Services

#: More than a phone's picture.
MOST_BYTES = 5 * 1024 * 1024
TAKEN = frozenset({"image/jpeg", "image/png", "image/webp"})
#: Pictures of one person: some at once, then one every ten seconds.
RATE, BURST = 0.1, 10
#: Pictures looked at by one person: a room that opens shows many.
SHOWN_RATE, SHOWN_BURST = 10.0, 80
ERRORS: dict[str, tuple[type[AppError], ...]] = {
    "room.attach": (NotFound, NotAPicture, OnlyListening, RoomClosed, RoomFull),
    "room.attachment": (NotFound, NoSuchAttachment, Gone),
}
_ATTACHMENT = openapi.REF.format(name=Attachment.__name__)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
ATTACH, SHOW = "/api/room/attach/", "/api/room/attachment/"


def documented(access: Access) -> dict[str, Json]:
    """Both paths, for the OpenAPI document."""
    picture = {"schema": {"type": "string", "format": "binary"}}
    attach: Json = {
        "summary": "Keep a picture of a room; room.say then names it.",
        "requestBody": {"required": True, "content": dict.fromkeys(sorted(TAKEN), picture)},
        "responses": {
            "200": {
                "description": "The picture as it is kept.",
                "content": {"application/json": {"schema": {"$ref": _ATTACHMENT}}},
            }
        },
    }
    show: Json = {
        "summary": "A picture of a room, for its members.",
        "responses": {"200": {"description": "The picture.", "content": {MEDIA_TYPE: picture}}},
    }
    return {
        f"{ATTACH}{{room}}": {"post": _told("room.attach", attach, access, "room")},
        f"{SHOW}{{room}}/{{attachment}}": {
            "get": _told("room.attachment", show, access, "room", "attachment")
        },
    }


def _told(method: str, operation: Json, access: Access, *names: str) -> Json:
    errors = {*openapi.ALWAYS, *openapi.SIGNED, *ERRORS[method]} - {Malformed, NotJson}
    answers = cast("Json", operation["responses"])
    return {
        **operation,
        "operationId": method,
        "tags": ["room"],
        "x-roles": [it.value for it in Role if openapi.may_ever(method, access, it)],
        "x-rpc": False,
        "parameters": [
            {"name": it, "in": "path", "required": True, "schema": {"type": "string"}}
            for it in names
        ],
        "responses": {
            **answers,
            **openapi.failures(sorted(errors, key=lambda error: error.number)),
        },
        "security": [{"bearer": []}, {"cookie": []}],
    }


class PictureDoor:
    def __init__(
        self,
        ledger: Ledger,
        services: Services,
        callers: Callers,
        *,
        access: Access,
        facts: Facts,
        limits: Limits,
    ) -> None:
        self._ledger = ledger
        self._rooms = services.rooms
        self._callers = callers
        self._access = access
        self._facts = facts
        self._limits = limits
        #: Pictures are made one after the other: a large one takes 400 MB while it is made.
        self._one = asyncio.Lock()
        #: Of each person one is read and waits for that at a time: files are in memory meanwhile.
        self._turns: WeakValueDictionary[PersonId, asyncio.Lock] = WeakValueDictionary()

    async def attach(self, request: Request) -> Response:
        """Keep a picture; the answer names it, for ``room.say``."""
        try:
            return await self._attach(request)
        except ClientDisconnect:
            return Response(status_code=499)
        except Exception as error:  # noqa: BLE001 - whatever it was, the caller is answered
            return refusal(tamed(error, where="room.attach"))

    async def show(self, request: Request) -> Response:
        """A picture of a room, for its members."""
        try:
            return await self._show(request)
        except Exception as error:  # noqa: BLE001 - whatever it was, the caller is answered
            return refusal(tamed(error, where="room.attachment"))

    async def _attach(self, request: Request) -> Response:
        if request.method != "POST":
            raise WrongVerb
        caller = (await self._callers.of(request)).caller
        self._access.refuse_role("room.attach", role_of(caller.role))
        room = _named(request, "room")
        await self._limits.spend(f"pictures:{caller.person}", rate=RATE, burst=BURST)
        async with self._ledger.reading() as reading:
            await self._check(reading, caller, "room.attach", room)
        if _kind(request) not in TAKEN:
            raise NotAPicture
        async with self._turns.setdefault(caller.person, asyncio.Lock()):
            file = await bounded_body(request, MOST_BYTES)
            async with self._one:
                picture = await asyncio.to_thread(made_anew, file)
        kept = await self._keep(caller, room, picture)
        answer = Attachment(
            attachment=kept.attachment, width=kept.width, height=kept.height, bytes=kept.bytes
        )
        return Response(encode(answer), media_type="application/json")

    async def _keep(self, caller: Caller, room: str, picture: Picture) -> Kept:
        async def keep(tx: Transaction) -> Kept:
            await self._check(tx, caller, "room.attach", room)
            return await self._rooms.attach(tx, room, caller.person, picture)

        return await self._ledger.write(keep)

    async def _show(self, request: Request) -> Response:
        if request.method != "GET":
            raise WrongVerb
        caller = (await self._callers.of(request)).caller
        self._access.refuse_role("room.attachment", role_of(caller.role))
        room, picture = _named(request, "room"), _named(request, "picture")
        await self._limits.spend(f"shown:{caller.person}", rate=SHOWN_RATE, burst=SHOWN_BURST)
        async with self._ledger.reading() as reading:
            await self._check(reading, caller, "room.attachment", room)
            body = await self._rooms.attachment(reading, room, caller.person, picture)
        return Response(
            body,
            headers={
                "content-type": MEDIA_TYPE,
                "content-disposition": 'inline; filename="image.jpg"',
                "cache-control": "no-store",
                "x-content-type-options": "nosniff",
            },
        )

    async def _check(self, reading: Reading, caller: Caller, action: str, room: str) -> None:
        role = role_of(caller.role)
        held: frozenset[Relation] = frozenset()
        if self._access.must_look(action, role):
            held = await self._facts.relations(reading, caller, Thing(Kind.ROOM, room))
        self._access.check(action, role, held)


def _named(request: Request, word: str) -> str:
    """A name in the address; what cannot be one of ours is not there."""
    name = str(request.path_params[word])
    if not _NAME.match(name):
        raise NotFound
    return name


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
