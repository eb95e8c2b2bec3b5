"""The opening handshake, without a socket: one HTTP request in, one HTTP response out.

A plain request is answered by ``upgrade.py``. For all others the sans-I/O core of ``websockets``
reads the request and computes the answer; it is dropped at once, so that an idle socket keeps
nothing of it. Refusals are short sentences that repeat nothing
of what was sent.
"""

import logging
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from websockets.exceptions import HeaderLineTooLong, RequestLineTooLong, TooManyHeaders
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from realtime.upgrade import Upgrade, plain_upgrade

__all__ = [
    "Refusal",
    "Upgrade",
    "judge_request",
    "plain_upgrade",
    "read_request",
    "refuse",
    "same_origin",
]

#: The library logs whole requests, cookies included, at its debug level. This logger has no parent.
_SILENCE = logging.Logger("silence", level=logging.CRITICAL + 1)  # noqa: LOG001

_DEFAULT_PORTS = {"http": "80", "https": "443"}
#: Headers that a status must or should come with.
_SAID_WITH = {
    HTTPStatus.METHOD_NOT_ALLOWED: {"Allow": "GET"},
    HTTPStatus.UPGRADE_REQUIRED: {"Upgrade": "websocket"},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": "5"},
}
_ORIGIN = re.compile(r"(https?)://([^/?#@\s]+)")


@dataclass(frozen=True, slots=True)
class Refusal:
    """The whole response; close the connection after it."""

    status: int
    response: bytes


def read_request(
    head: bytes, *, path: str, subprotocols: Collection[str] = ()
) -> Upgrade | Refusal:
    """Answer a request for an upgrade. A query string is allowed and ignored."""
    return plain_upgrade(head, path) or judge_request(head, path=path, subprotocols=subprotocols)


def judge_request(
    head: bytes, *, path: str, subprotocols: Collection[str] = ()
) -> Upgrade | Refusal:
    """The same by ``websockets``, whose judgement stands for everything that is not plain."""
    core = ServerProtocol(select_subprotocol=_choosing(subprotocols), logger=_SILENCE)
    core.receive_data(head)
    events = core.events_received()
    if not events or not isinstance(request := events[0], Request):
        return refuse(_status_of(core.handshake_exc))
    if request.path.partition("?")[0] != path:
        return refuse(HTTPStatus.NOT_FOUND)
    hosts = request.headers.get_all("Host")
    if len(hosts) != 1:
        return refuse(HTTPStatus.BAD_REQUEST)
    response = core.accept(request)
    if response.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
        return refuse(response.status_code)
    forwarded = tuple(
        (name.lower().encode("ascii"), value.encode("latin-1"))
        for name, value in request.headers.raw_items()
        if name.lower().startswith("x-forwarded-")
    )
    return Upgrade(core.origin, hosts[0], forwarded, response.serialize())


def refuse(status: int) -> Refusal:
    """Build a refusal that says its status and nothing else."""
    answer = ServerProtocol(logger=_SILENCE).reject(status, f"{HTTPStatus(status).phrase}.\n")
    for name, value in _SAID_WITH.get(HTTPStatus(status), {}).items():
        answer.headers[name] = value
    return Refusal(status, answer.serialize())


def same_origin(origin: str | None, host: str, *, secure: bool) -> bool:
    """Whether a page that says it comes from ``origin`` was served by us, as ``host``.

    No origin at all is not a page but an app or a script: they hold no cookie that a foreign page
    could ride on. Whether ``host`` is one of our names is the caller's question.

    >>> same_origin("http://example.org:8000", "Example.org:8000", secure=False)
    True
    >>> same_origin("https://example.org", "example.org:443", secure=True)
    True
    >>> same_origin("http://example.org.evil.com", "example.org", secure=False)
    False
    """
    if origin is None:
        return True
    match = _ORIGIN.fullmatch(origin.lower())
    scheme = "https" if secure else "http"
    if match is None or match[1] != scheme:
        return False
    return _with_port(match[2], scheme) == _with_port(host.lower(), scheme)


def _with_port(host: str, scheme: str) -> str:
    # An IPv6 address has colons of its own, inside brackets.
    has_port = ":" in host.rpartition("]")[2]
    return host if has_port else f"{host}:{_DEFAULT_PORTS[scheme]}"


def _choosing(
    ours: Collection[str],
) -> Callable[[ServerProtocol, Sequence[Subprotocol]], Subprotocol | None]:
    """Choose the first that is ours; a client that offers none of ours goes on without."""
    return lambda _, theirs: next((name for name in theirs if name in ours), None)


def _status_of(problem: Exception | None) -> HTTPStatus:
    match problem:
        case RequestLineTooLong():
            return HTTPStatus.REQUEST_URI_TOO_LONG
        case HeaderLineTooLong() | TooManyHeaders():
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        case _:
            return HTTPStatus.BAD_REQUEST
