"""Feeds of warnings, in: Atom (RFC 4287) and RSS 2.0, as alerting authorities publish them. Pure.

An entry holds a message, or says where one is. A feed that is out of shape is refused; an entry
whose message cannot be taken is counted by its reason, and the others go on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from alerts.cap import reading
from alerts.cap.refusals import Reason, Refused
from alerts.cap.rules import MOST_ENTRIES
from alerts.cap.values import Message
from alerts.cap.xml import local, text_of, tree

ATOM = "http://www.w3.org/2005/Atom"
_CAP_TYPES = ("application/cap+xml", "application/common-alerting-protocol+xml")
#: Elements of Atom that a feed or an entry may hold; others of its namespace are mistakes.
_KNOWN = frozenset(
    {
        "author", "category", "content", "contributor", "entry", "generator", "icon", "id", "link",
        "logo", "published", "rights", "source", "subtitle", "summary", "title", "updated",
    }
)  # fmt: skip
_MUST = ("id", "title", "updated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    id: str
    title: str
    #: Where its message is; nothing when it is here and nowhere else.
    link: str = ""
    message: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    title: str
    entries: tuple[Entry, ...] = ()
    #: Entries whose message could not be taken.
    refused: tuple[Refused, ...] = ()
    #: Entries beyond those that are looked at.
    left: int = 0


def read(data: bytes) -> Feed:
    """``Refused`` for whatever is not a valid feed."""
    root = tree(data)
    if root.tag == f"{{{ATOM}}}feed":
        return _atom(root)
    if root.tag == "rss":
        return _rss(root)
    raise Refused(Reason.NOT_A_FEED, local(root))


def read_any(data: bytes) -> tuple[Message, ...] | Feed:
    """One message, or a feed: whichever it is."""
    root = tree(data)
    if reading.is_alert(root):
        return (reading.message(root),)
    return read(data)


def _atom(root: Element) -> Feed:
    found = _children(root)
    entries = found.get("entry", [])
    return _feed(text_of(found["title"][0]), entries, _entry)


def _children(parent: Element) -> dict[str, list[Element]]:
    """What is of Atom in a feed or an entry; what others put there is theirs (RFC 4287, 6)."""
    found: dict[str, list[Element]] = {}
    for child in parent:
        if child.tag.startswith(f"{{{ATOM}}}"):
            found.setdefault(local(child), []).append(child)
    if unknown := sorted(found.keys() - _KNOWN):
        raise Refused(Reason.UNEXPECTED, unknown[0])
    for name in _MUST:
        if not found.get(name):
            raise Refused(Reason.MISSING, name)
    return found


def _entry(element: Element) -> Entry:
    found = _children(element)
    inline = [it for content in found.get("content", []) for it in content]
    link = _link(found.get("link", []))
    if not inline and not link:
        # RFC 4287, 4.1.1: without content an entry has a link.
        raise Refused(Reason.MISSING, "link")
    return Entry(
        id=text_of(found["id"][0]),
        title=text_of(found["title"][0]),
        link=link,
        message=reading.message(inline[0]) if inline else None,
    )


def _link(links: list[Element]) -> str:
    """The one that leads to a message: by its type, else one that does not say what it is."""
    for wanted in (*_CAP_TYPES, None):
        for link in links:
            if link.get("type") == wanted and link.get("href"):
                return str(link.get("href"))
    return ""


def _rss(root: Element) -> Feed:
    channel = next((it for it in root if it.tag == "channel"), None)
    if channel is None:
        raise Refused(Reason.MISSING, "channel")
    for name in ("title", "link", "description"):
        if channel.find(name) is None:
            raise Refused(Reason.MISSING, name)
    return _feed(text_of(channel.find("title")), channel.findall("item"), _item)


def _item(element: Element) -> Entry:
    title, link = text_of(element.find("title")), text_of(element.find("link"))
    if not link:
        raise Refused(Reason.MISSING, "link")
    return Entry(id=text_of(element.find("guid")) or link, title=title, link=link)


def _feed(title: str, elements: list[Element], read_one: Callable[[Element], Entry]) -> Feed:
    entries, refused = [], []
    for element in elements[:MOST_ENTRIES]:
        try:
            entries.append(read_one(element))
        except Refused as reason:
            refused.append(reason)
    return Feed(
        title=title,
        entries=tuple(entries),
        refused=tuple(refused),
        left=max(0, len(elements) - MOST_ENTRIES),
    )
