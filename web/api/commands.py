"""``POST /api/a/b``: the HTTP door of every command."""

import random
from collections.abc import Mapping
from math import ceil

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from realtime.kernel.errors import AppError, NotAvailable, TooLarge, Unauthorized
from web.access.tables import role_of
from web.api.callers import Callers, Presented, cookie_names
from web.application import EntraideApplication
from web.arrivals import ARRIVING, Arrivals
from web.auth import cookies
from web.auth.addresses import Addresses, network
from web.auth.origins import from_foreign_page
from web.auth.sessions import LIFETIME, NOBODY
from web.commands.parse import decode
from web.commands.pipeline import Pipeline
from web.commands.registry import AnyCommand, Door
from web.commands.session import Keep
from web.errors import ForeignOrigin, NotJson, WrongVerb, body, tamed

#: Ways in: counted by address, and open to whoever shows a session that has ended.
SIGN_INS = frozenset(
    {"staff.accept", "passkey.ask", "passkey.enter", "totp.enter", "desk.open", "shift.begin"}
)
#: What opens a conversation to whoever knows the words: tries are counted, by address and person.
WORDS = frozenset({"chat.resume"})
#: What takes a place in a queue that others wait in: counted by address.
ASKING = frozenset({"chat.ask"})
#: Leaving with a session that has ended is leaving; signing in with one is signing in.
STILL_OPEN = (SIGN_INS - {"shift.begin"}) | {"session.leave", "session", "config"}
#: More than any command of ours.
MOST_BYTES = 64 * 1024
#: What a client that must wait is told to wait, each another number: they do not come together.
RETRY_SECONDS = range(1, 6)


class CommandDoor:
    def __init__(
        self,
        pipeline: Pipeline,
        application: EntraideApplication,
        callers: Callers,
        addresses: Addresses,
        arrivals: Arrivals,
    ) -> None:
        self._pipeline = pipeline
        self._application = application
        self._callers = callers
        self._addresses = addresses
        self._arrivals = arrivals

    async def answer(self, request: Request, command: AnyCommand) -> Response:
        """Run a command for a request; every refusal is JSON with its number and name."""
        try:
            return await self._answer(request, command)
        except ClientDisconnect:
            return Response(status_code=499)
        except Exception as error:  # noqa: BLE001 - whatever it was, the caller is answered
            refused = refusal(tamed(error, where=command.method))
            if command.method == "session.leave" and not _foreign(request):
                # Whatever went wrong, what the browser holds is erased.
                _erase(request, refused)
            return refused

    async def _answer(self, request: Request, command: AnyCommand) -> Response:
        if request.method != command.verb:
            raise WrongVerb
        if command.method == "session.leave" and _foreign(request):
            # Her cookies did not come along, but the answer would erase them.
            raise ForeignOrigin
        data = await bounded_body(request)
        if data and not is_json(request):
            raise NotJson
        if command.method not in ARRIVING:
            return await self._run(request, command, data)
        async with self._arrivals.turn(self._arrivals.of_token(self._callers.token_of(request))):
            if await request.is_disconnected():
                # Gone while it waited: nobody is left to be answered.
                raise ClientDisconnect
            return await self._run(request, command, data)

    async def _run(self, request: Request, command: AnyCommand, data: bytes) -> Response:
        presented = await self._presented(request, command)
        await self._spend(request, command, presented)
        if command.method == "session.keep" and cookie_names(request) is None:
            raise NotAvailable
        answer = await self._pipeline.run(
            presented.caller,
            command.method,
            data,
            door=Door.HTTP,
            network=network(request.client.host) if request.client else "",
        )
        if not command.silent:
            return Response(answer, media_type="application/json")
        response = Response(status_code=204)
        match command.method:
            case "session.keep":
                _keep(request, response, presented, decode(Keep, data))
            case "session.leave":
                _erase(request, response)
            case _:
                pass
        return response

    async def _spend(self, request: Request, command: AnyCommand, presented: Presented) -> None:
        """Count against what an address, or a person, may do in a while."""
        address = request.client.host if request.client else ""
        if command.method == "session":
            await self._addresses.spend(address)
        elif command.method in WORDS and presented.caller is not NOBODY:
            await self._addresses.guess(address, presented.caller.person)
        elif command.method in ASKING and presented.caller is not NOBODY:
            await self._addresses.ask(address)
        elif command.method == "session.leave" and presented.caller is NOBODY:
            await self._addresses.leave(address)
        elif command.method in SIGN_INS:
            await self._addresses.spend(address, "sign-in")
        elif presented.caller is not NOBODY:
            await self._application.spend(presented.caller, command.method)

    async def _presented(self, request: Request, command: AnyCommand) -> Presented:
        try:
            return await self._callers.of(request, leaving=command.method == "session.leave")
        except Unauthorized:
            if command.method in STILL_OPEN:
                return Presented(NOBODY, None)
            raise


def _keep(request: Request, response: Response, presented: Presented, asked: Keep) -> None:
    names = cookie_names(request)
    if names is not None and presented.token:
        lifetime = LIFETIME[role_of(presented.caller.role)] if asked.long else None
        for line in cookies.kept(names, presented.token, lifetime):
            response.headers.append("set-cookie", line)


def _erase(request: Request, response: Response) -> None:
    response.headers["clear-site-data"] = cookies.CLEAR_SITE_DATA
    names = cookie_names(request)
    if names is not None:
        for line in cookies.erased(names):
            response.headers.append("set-cookie", line)


def _foreign(request: Request) -> bool:
    host, secure = request.headers.get("host", ""), request.url.scheme == "https"
    return from_foreign_page(request.headers, host=host, secure=secure)


def refusal(error: AppError, headers: Mapping[str, str] | None = None) -> Response:
    response = Response(
        body(error), status_code=error.status, media_type="application/json", headers=headers
    )
    if error.status in {429, 503}:
        seconds = error.retry_s or random.choice(RETRY_SECONDS)  # noqa: S311
        response.headers["retry-after"] = str(ceil(seconds))
    return response


async def bounded_body(request: Request, most: int = MOST_BYTES) -> bytes:
    """What was sent, or ``TooLarge`` beyond ``most`` bytes."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise TooLarge
        parts.append(part)
    return b"".join(parts)


def is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json"
