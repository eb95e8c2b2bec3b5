"""Our own warnings as an Atom feed (RFC 4287) that holds each message whole. Pure.

Only what is public goes here: ``Unfit`` for anything else, whoever asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from alerts.cap.atom import ATOM
from alerts.cap.times import written
from alerts.cap.values import Message
from alerts.cap.writing import Unfit, element

TYPE = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Published:
    """A message, and where it is by itself."""

    message: Message
    url: str


def as_feed(found: Sequence[Published], *, url: str, title: str, now: datetime) -> bytes:
    """The newest first; ``url``: where this feed is."""
    root = ET.Element("feed", {"xmlns": ATOM})
    _text(root, "id", url)
    _text(root, "title", title)
    _text(root, "updated", written(max((it.message.sent for it in found), default=now)))
    ET.SubElement(root, "link", {"rel": "self", "href": url})
    author = ET.SubElement(root, "author")
    _text(author, "name", title)
    for it in sorted(found, key=lambda each: each.message.sent, reverse=True):
        _entry(root, it)
    out: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return out


def _entry(root: ET.Element, it: Published) -> None:
    message = it.message
    if message.scope != "Public" or not message.infos:
        raise Unfit("not for everybody")
    entry = ET.SubElement(root, "entry")
    _text(entry, "id", it.url)
    _text(entry, "title", message.infos[0].headline or message.infos[0].event)
    _text(entry, "updated", written(message.sent))
    ET.SubElement(
        entry, "link", {"rel": "alternate", "type": "application/cap+xml", "href": it.url}
    )
    content = ET.SubElement(entry, "content", {"type": "text/xml"})
    content.append(element(message))


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text
