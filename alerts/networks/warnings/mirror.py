"""Which warnings of others are shown, and as what: their words, their name, their address. Pure.

Only what is public and actual; what has expired is dropped, what was updated or cancelled goes. A
text that could hide itself (control characters, changes of direction) is shown without them.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from alerts.cap.values import Info, Message, Reference
from alerts.networks.rules import AHEAD, SHOWN_MOST, WARNING_LASTS

_HIDING = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_WEB = re.compile(r"https?://[^\s<>\"'\\]{1,1000}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a warning says in one language."""

    language: str
    event: str
    headline: str
    area: str
    severity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    id: str
    sender: str
    identifier: str
    sent: datetime
    expires: datetime
    source_url: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirrored:
    """What a set of messages comes to."""

    shown: tuple[Shown, ...]
    #: Messages that were replaced or withdrawn by these: no more to be shown, if they were.
    over: tuple[str, ...]
    #: Exercises, tests, drafts, what is restricted or private, what has expired.
    left: int


def id_of(name: Reference) -> str:
    """A message's name as ours: short, and the same wherever it is read."""
    said = f"{name.sender}\x00{name.identifier}\x00{name.sent.timestamp():.0f}"
    return base64.b32encode(hashlib.sha256(said.encode()).digest()[:15]).decode().lower()


def mirrored(found: Iterable[tuple[Message, str]], now: datetime) -> Mirrored:
    """Messages, each with the address where its authority says it."""
    messages = list(found)
    fit = [(message, url) for message, url in messages if _is_for_everybody(message)]
    over = {
        id_of(reference)
        for message, _ in fit
        if message.kind in {"Update", "Cancel"}
        for reference in message.references
    }
    made = [warning(message, url) for message, url in fit if message.kind in {"Alert", "Update"}]
    shown = {
        it.id: it
        for it in made
        if it is not None and it.expires > now and it.sent <= now + AHEAD and it.id not in over
    }
    return Mirrored(
        shown=tuple(shown.values()), over=tuple(sorted(over)), left=len(messages) - len(shown)
    )


def _is_for_everybody(message: Message) -> bool:
    return message.status == "Actual" and message.scope == "Public"


def warning(message: Message, url: str) -> Shown | None:
    """As it is shown; None when it says nothing, or not where it is said."""
    if not message.infos or not _WEB.match(url):
        return None
    return Shown(
        id=id_of(message.name),
        sender=_clean(message.infos[0].sender_name or message.sender),
        identifier=_clean(message.identifier),
        sent=message.sent,
        expires=_expires(message),
        source_url=url,
        said=tuple(_said(it) for it in message.infos),
    )


def _expires(message: Message) -> datetime:
    """When the last of what it says is over."""
    said = [it.expires for it in message.infos]
    return max(it or message.sent + WARNING_LASTS for it in said)


def _said(info: Info) -> Said:
    return Said(
        language=info.language,
        event=_clean(info.event),
        headline=_clean(info.headline or info.event),
        area=_clean(", ".join(it.description for it in info.areas)),
        severity=info.severity,
    )


def _clean(text: str) -> str:
    shown = " ".join(_HIDING.sub(" ", text).split())
    return shown if len(shown) <= SHOWN_MOST else shown[: SHOWN_MOST - 1] + "…"
