"""Reads XML that strangers wrote: no document type, no entity, nothing from outside, all bounded.

defusedxml refuses what attacks parsers; size, depth and number are counted here. Pure.
"""

from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from alerts.cap.refusals import Reason, Refused
from alerts.cap.rules import MOST_BYTES, MOST_DEPTH, MOST_ELEMENTS


class _Bounded(TreeBuilder):
    """Builds a tree that is neither too deep nor too large."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._count = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        self._count += 1
        if self._depth > MOST_DEPTH:
            raise Refused(Reason.TOO_DEEP)
        if self._count > MOST_ELEMENTS:
            raise Refused(Reason.TOO_MANY)
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def tree(data: bytes) -> Element:
    """The root of a document; ``Refused`` for what is not one, or dangerous, or too much."""
    if len(data) > MOST_BYTES:
        raise Refused(Reason.TOO_LARGE)
    parser = DefusedXMLParser(
        target=_Bounded(), forbid_dtd=True, forbid_entities=True, forbid_external=True
    )
    try:
        parser.feed(data)
        root: Element = parser.close()
    except DefusedXmlException:
        raise Refused(Reason.FORBIDDEN_XML) from None
    except (ParseError, LookupError, ValueError):
        # Lookup: an encoding that Python does not know.
        raise Refused(Reason.NOT_XML) from None
    return root


def local(element: Element) -> str:
    """An element's name without its namespace.

    >>> local(Element("{urn:x}alert")), local(Element("rss"))
    ('alert', 'rss')
    """
    return element.tag.rpartition("}")[2]


def text_of(element: Element | None) -> str:
    """What an element says, without spaces around it; nothing when there is none.

    >>> text_of(None)
    ''
    """
    return "" if element is None else (element.text or "").strip()
