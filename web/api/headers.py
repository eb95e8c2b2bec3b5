"""The headers of every answer (ASVS 5.0 chapter 3). Pure, but for the middleware at the end."""

from collections.abc import Iterable, Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.auth.origins import Origins

#: What a page may do: run our own files, talk to us, and nothing else.
POLICY: Mapping[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}


#: The one page that runs a service worker, and so must name its address as a trusted type.
WITH_WORKER = "/aider"


def content_security_policy(sockets: Iterable[str] = (), *, worker: bool = False) -> str:
    """``worker``: the page may make one policy of that name, which lets through one address."""
    changes = {"connect-src": " ".join(["'self'", *sockets])}
    if worker:
        changes["trusted-types"] = "worker"
    return "; ".join(f"{name} {value}" for name, value in {**POLICY, **changes}.items())


def security_headers(origins: Origins) -> dict[str, str]:
    """What every answer carries, whatever it is."""
    headers = {
        "content-security-policy": content_security_policy(origins.sockets()),
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), "
        "browsing-topics=(), interest-cohort=()",
        # Brave opens the site off the record when asked to.
        "request-otr": "1",
        "cache-control": "no-store",
    }
    if any(origin.startswith("https://") for origin in origins.listed):
        headers["strict-transport-security"] = "max-age=63072000; includeSubDomains"
    return headers


class SecurityHeaders:
    """Adds them to every answer that has not set its own."""

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        self._app = app
        self._headers = security_headers(origins)
        policy = content_security_policy(origins.sockets(), worker=True)
        self._with_worker = {**self._headers, "content-security-policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        added = self._with_worker if scope["path"] == WITH_WORKER else self._headers

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, dressed)
