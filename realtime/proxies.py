"""Where a connection really comes from, by uvicorn's own rules for proxies.

uvicorn applies ``forwarded_allow_ips`` in an ASGI middleware, which an upgraded socket never
meets. The same middleware is asked here, so that pages and sockets cannot disagree.
"""

import asyncio
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

from uvicorn.config import Config
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.utils import get_remote_addr, is_ssl

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, Scope


class Seen(NamedTuple):
    address: str
    secure: bool


def seen_through(
    config: Config,
    transport: asyncio.Transport,
    forwarded: tuple[tuple[bytes, bytes], ...],
) -> Seen:
    """Tell who is at the other end, and whether they came over TLS."""
    client, secure = get_remote_addr(transport), is_ssl(transport)
    if forwarded and config.proxy_headers:
        trusted = config.forwarded_allow_ips
        rules = _rules(trusted if isinstance(trusted, str) else tuple(trusted))
        scope = {
            "type": "websocket",
            "client": client,
            "scheme": "wss" if secure else "ws",
            "headers": forwarded,
        }
        _run(rules, cast("Scope", scope))
        client = cast("tuple[str, int] | None", scope["client"])
        secure = scope["scheme"] == "wss"
    return Seen(client[0] if client else "", secure)


@lru_cache(maxsize=8)
def _rules(trusted: str | tuple[str, ...]) -> ProxyHeadersMiddleware:
    return ProxyHeadersMiddleware(
        _nothing, list(trusted) if isinstance(trusted, tuple) else trusted
    )


async def _nothing(
    scope: "Scope", receive: "ASGIReceiveCallable", send: "ASGISendCallable"
) -> None:
    """Stand in for an application: only what the middleware did to the scope is wanted."""


def _run(rules: ProxyHeadersMiddleware, scope: "Scope") -> None:
    """Run the middleware at once: it has nothing to wait for, and neither have we."""
    coroutine = rules(scope, cast("ASGIReceiveCallable", None), cast("ASGISendCallable", None))
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise RuntimeError("uvicorn's proxy rules have begun to wait")
