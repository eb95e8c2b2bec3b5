"""The cookie rule (DESIGN 4.2). Pure: headers in, headers out.

From the moment an alert is open the session is also an HttpOnly cookie without expiry, so that a
reloaded or killed tab finds it. A second cookie, readable by script and holding nothing, can be
deleted by the page even offline: without it the first is ignored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from web.auth.tokens import looks_like_token


@dataclass(frozen=True, slots=True)
class Names:
    """What the two cookies are called. ``__Host-`` binds them to this host, and needs https."""

    session: str
    page: str
    secure: bool


OVER_HTTPS = Names("__Host-s", "__Host-p", secure=True)
#: Browsers refuse ``__Host-`` and Secure over plain HTTP; only a machine talking to itself uses it.
ON_LOOPBACK = Names("s", "p", secure=False)

#: Erased with the session. Not ``cache``: pages are never stored, and browsers take seconds for it.
CLEAR_SITE_DATA = '"cookies", "storage"'


def kept(names: Names, token: str, lifetime: timedelta | None = None) -> tuple[str, str]:
    """The two Set-Cookie headers that keep a session beyond the page.

    Without a ``lifetime`` they go with the browser. A helper whose phone is to ring gives one: its
    service worker has to ask what for after the browser was closed.
    """
    lasts = "" if lifetime is None else f"; Max-Age={int(lifetime.total_seconds())}"
    return (
        _line(names, names.session, token) + lasts + "; HttpOnly",
        _line(names, names.page, "1") + lasts,
    )


def erased(names: Names) -> tuple[str, str]:
    """The two Set-Cookie headers that undo ``kept``."""
    return (
        _line(names, names.session, "") + "; Max-Age=0; HttpOnly",
        _line(names, names.page, "") + "; Max-Age=0",
    )


def token_in(names: Names, cookies: Mapping[str, str], *, leaving: bool = False) -> str | None:
    """The session's token, provided that the page has not erased its own cookie.

    >>> token_in(ON_LOOPBACK, {"s": "x" * 43, "p": "1"}) == "x" * 43
    True
    >>> token_in(ON_LOOPBACK, {"s": "x" * 43}) is None
    True
    """
    token = cookies.get(names.session, "")
    there = leaving or cookies.get(names.page) == "1"
    return token if there and looks_like_token(token) else None


def _line(names: Names, name: str, value: str) -> str:
    secure = "; Secure" if names.secure else ""
    return f"{name}={value}; Path=/; SameSite=Strict{secure}"
