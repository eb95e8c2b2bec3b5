"""Whom we may call, and what their answers mean. Pure.

A browser tells us the address of its push service, so anybody could have us call anything (SSRF).
Only the services of the browsers there are may be called, over https, by name, on their port.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from urllib.parse import urlsplit

#: Chrome and others, Firefox, Safari, Edge. ``*.`` stands for one name or more before it.
SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
#: More than any service's address has.
ENDPOINT_MOST = 1024
#: Retry-After is obeyed between these; a service that says nothing is asked again after the first
#: of them, or the second when it says that we are too many.
SOONEST, TOO_MANY, LATEST = (
    timedelta(seconds=2),
    timedelta(seconds=10),
    timedelta(minutes=2),
)
#: The characters of an address, none of them a space or a control. No backslash: browsers and
#: libraries do not agree on what it means.
_ADDRESS = re.compile(r"https?://[!#$%&'()*+,./0-9:;=?@A-Z\[\]_a-z~-]+\Z", re.ASCII)
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*\Z", re.ASCII)


class Verdict(StrEnum):
    #: The service has taken it. Whether the phone has it, only the phone can say.
    SENT = "sent"
    #: This subscription is over: forget it.
    GONE = "gone"
    #: We are asked to wait.
    LATER = "later"
    #: We have said something wrong: saying it again would not help.
    FAULT = "fault"
    #: No answer, or the service is broken: again later.
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    verdict: Verdict
    #: Not again before that.
    wait: timedelta = SOONEST
    #: The host itself asks for time, not this one subscription.
    whole_host: bool = False
    #: What was answered; 0: nothing. For people: what it means is the verdict.
    status: int = field(default=0, compare=False)

    @property
    def again(self) -> bool:
        return self.verdict in {Verdict.LATER, Verdict.FAILED}


@dataclass(frozen=True, slots=True)
class Hosts:
    """The push services that may be called."""

    names: frozenset[str]
    #: Also plain http to this machine: for tests, refused in production.
    loopback: bool = False

    @classmethod
    def of(cls, names: Iterable[str] = SERVICES, *, loopback: bool = False) -> "Hosts":
        """From names and ``*.names``; ``ValueError`` for what is neither."""
        found = frozenset(name.lower() for name in names)
        for name in found:
            if not _NAME.match(name.removeprefix("*.")):
                raise ValueError("a push service is a host name, or *. and a host name")
        return cls(found, loopback)

    def allow(self, host: str) -> bool:
        """Whether this is the host of a push service.

        >>> hosts = Hosts.of()
        >>> hosts.allow("web.push.apple.com"), hosts.allow("push.apple.com.evil.net")
        (True, False)
        """
        if host in self.names:
            return True
        above = host.split(".")[1:]
        return any(f"*.{'.'.join(above[at:])}" in self.names for at in range(len(above)))

    def host_of(self, endpoint: str) -> str | None:
        """The host of an address that may be called; None for any other address."""
        if len(endpoint) > ENDPOINT_MOST or not _ADDRESS.match(endpoint):
            return None
        try:
            parts = urlsplit(endpoint)
            port = parts.port
        except ValueError:
            return None
        host = parts.hostname
        if not host or "@" in parts.netloc or "#" in endpoint:
            return None
        if self.loopback and parts.scheme == "http" and host == "127.0.0.1":
            return host
        if parts.scheme != "https" or port not in {None, 443} or not _NAME.match(host):
            return None
        return host if self.allow(host) else None


def origin_of(endpoint: str) -> str:
    """What the signed word is for (RFC 6454), of an address that may be called.

    >>> origin_of("https://fcm.googleapis.com:443/fcm/send/secret")
    'https://fcm.googleapis.com'
    """
    parts = urlsplit(endpoint)
    netloc = parts.netloc.lower()
    return f"{parts.scheme}://{netloc.removesuffix(':443') if parts.scheme == 'https' else netloc}"


def judged(status: int, retry_after: str | None, now: datetime) -> Outcome:
    """What an answer of a push service means (RFC 8030 5 and 8)."""
    match status:
        case 404 | 410:
            return Outcome(Verdict.GONE)
        case 429 | 503:
            said = _waiting(retry_after, now)
            # 429 is about one push resource (RFC 8030 8.4): the others go on being woken.
            wait = TOO_MANY if said is None else said
            return Outcome(Verdict.LATER, wait, whole_host=status == 503)
        case 400 | 401 | 403 | 413:
            return Outcome(Verdict.FAULT)
        case _ if 200 <= status < 300:
            return Outcome(Verdict.SENT)
        case _ if 300 <= status < 400:
            # Never followed: it would lead wherever it likes.
            return Outcome(Verdict.FAULT)
        case _:
            return Outcome(Verdict.FAILED)


def _waiting(said: str | None, now: datetime) -> timedelta | None:
    """Retry-After, in seconds or as a date, within our bounds; None when it says neither."""
    if said is None:
        return None
    text = said.strip()
    if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
        asked = timedelta(seconds=int(text))
    else:
        try:
            until = parsedate_to_datetime(text)
        except ValueError:
            return None
        # A date without a zone is GMT (RFC 9110).
        until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
        asked = until - now
    return min(max(asked, SOONEST), LATEST)
