"""Who makes an HTTP request: a bearer token, or the cookies of our own page."""

from dataclasses import dataclass

from starlette.requests import Request

from realtime.kernel.errors import Unauthorized
from realtime.ledger import Ledger
from realtime.ports import Caller
from web.auth import cookies
from web.auth.origins import LOOPBACK, bare, from_our_page
from web.auth.sessions import NOBODY, Sessions
from web.errors import ForeignOrigin


@dataclass(frozen=True, slots=True)
class Presented:
    """What a request showed: who it is, and the token it showed, if any."""

    caller: Caller
    token: str | None


class Callers:
    def __init__(self, ledger: Ledger, sessions: Sessions) -> None:
        self._ledger = ledger
        self._sessions = sessions

    async def of(self, request: Request, *, leaving: bool = False) -> Presented:
        """Who this is. Nobody, when nothing is shown; ``Unauthorized`` when it opens nothing.

        ``leaving``: the page has erased its own cookie already, perhaps before this was sent.
        """
        token = self._token(request, leaving=leaving)
        if token is None:
            return Presented(NOBODY, None)
        async with self._ledger.reading() as reading:
            caller = await self._sessions.find(reading, token)
        if caller is None:
            raise Unauthorized
        return Presented(caller, token)

    def token_of(self, request: Request) -> str:
        """What the request shows, whatever it is worth; empty: nothing."""
        return self._token(request, leaving=False) or ""

    def _token(self, request: Request, *, leaving: bool) -> str | None:
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return bearer.strip()
        names = cookie_names(request)
        token = names and cookies.token_in(names, request.cookies, leaving=leaving)
        if not token:
            return None
        # A browser adds cookies by itself, whoever wrote the page that calls.
        host, secure = request.headers.get("host", ""), request.url.scheme == "https"
        if not from_our_page(request.headers, host=host, secure=secure):
            raise ForeignOrigin
        return token


def cookie_names(request: Request) -> cookies.Names | None:
    """How cookies are called here; None over plain HTTP between two machines: there are none."""
    if request.url.scheme == "https":
        return cookies.OVER_HTTPS
    return cookies.ON_LOOPBACK if bare(request.headers.get("host", "")) in LOOPBACK else None
