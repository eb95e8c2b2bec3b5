"""A message as CAP 1.2, valid by the OASIS schema. Pure.

Moments never end with ``Z``; a message that is restricted or private says to whom, or is not
written at all: a mistake of ours must not leave the house as a public warning.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from xml.etree import ElementTree as ET

from alerts.cap.shape import V12
from alerts.cap.times import written
from alerts.cap.values import Area, Info, Message, Named, Reference, Resource

TYPE = "application/cap+xml"
#: What no XML 1.0 document may hold.
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Unfit(ValueError):
    """A message that we would be wrong to send."""


def as_cap(message: Message) -> bytes:
    out: bytes = ET.tostring(element(message), encoding="utf-8", xml_declaration=True)
    return out


def element(message: Message) -> ET.Element:
    """The same as an element, which a feed may hold."""
    _check(message)
    root = ET.Element("alert", {"xmlns": V12})
    _text(root, "identifier", message.identifier)
    _text(root, "sender", message.sender)
    _text(root, "sent", written(message.sent))
    _text(root, "status", message.status)
    _text(root, "msgType", message.kind)
    _text(root, "source", message.source)
    _text(root, "scope", message.scope)
    _text(root, "restriction", message.restriction)
    _text(root, "addresses", message.addresses)
    _texts(root, "code", message.codes)
    _text(root, "note", message.note)
    _text(root, "references", " ".join(map(_reference, message.references)) or None)
    _text(root, "incidents", message.incidents)
    for info in message.infos:
        _info(root, info)
    return root


def _check(message: Message) -> None:
    if message.scope == "Restricted" and not message.restriction:
        raise Unfit("restricted, and it does not say to whom")
    if message.scope == "Private" and not message.addresses:
        raise Unfit("private, and it does not say to whom")
    if message.kind != "Alert" and not message.references:
        raise Unfit("about an earlier message, and it does not say which")


def _info(root: ET.Element, info: Info) -> None:
    made = ET.SubElement(root, "info")
    _text(made, "language", info.language)
    _texts(made, "category", info.categories)
    _text(made, "event", info.event)
    _texts(made, "responseType", info.responses)
    _text(made, "urgency", info.urgency)
    _text(made, "severity", info.severity)
    _text(made, "certainty", info.certainty)
    _text(made, "audience", info.audience)
    _named(made, "eventCode", info.event_codes)
    _moment(made, "effective", info.effective)
    _moment(made, "onset", info.onset)
    _moment(made, "expires", info.expires)
    _text(made, "senderName", info.sender_name)
    _text(made, "headline", info.headline)
    _text(made, "description", info.description)
    _text(made, "instruction", info.instruction)
    _text(made, "web", info.web)
    _text(made, "contact", info.contact)
    _named(made, "parameter", info.parameters)
    for resource in info.resources:
        _resource(made, resource)
    for area in info.areas:
        _area(made, area)


def _resource(parent: ET.Element, resource: Resource) -> None:
    made = ET.SubElement(parent, "resource")
    _text(made, "resourceDesc", resource.description)
    _text(made, "mimeType", resource.mime_type)
    _text(made, "size", None if resource.size is None else str(resource.size))
    _text(made, "uri", resource.uri)
    _text(made, "derefUri", resource.inline)
    _text(made, "digest", resource.digest)


def _area(parent: ET.Element, area: Area) -> None:
    made = ET.SubElement(parent, "area")
    _text(made, "areaDesc", area.description)
    for polygon in area.polygons:
        _text(made, "polygon", " ".join(f"{_digits(lat)},{_digits(lon)}" for lat, lon in polygon))
    for it in area.circles:
        _text(made, "circle", f"{_digits(it.lat)},{_digits(it.lon)} {_digits(it.radius_km)}")
    _named(made, "geocode", area.geocodes)
    _text(made, "altitude", None if area.altitude is None else _digits(area.altitude))
    _text(made, "ceiling", None if area.ceiling is None else _digits(area.ceiling))


def _digits(number: float) -> str:
    """Never with an exponent: a decimal of the schema has none.

    >>> _digits(48.85), _digits(2.0), _digits(0.00000001)
    ('48.85', '2.0', '0.00000001')
    """
    text = repr(number)
    return f"{number:.20f}".rstrip("0") if "e" in text else text


def _named(parent: ET.Element, name: str, values: Iterable[Named]) -> None:
    for it in values:
        made = ET.SubElement(parent, name)
        _text(made, "valueName", it.name)
        _text(made, "value", it.value)


def _reference(it: Reference) -> str:
    return f"{it.sender},{it.identifier},{written(it.sent)}"


def _moment(parent: ET.Element, name: str, at: datetime | None) -> None:
    if at is not None:
        _text(parent, name, written(at))


def _texts(parent: ET.Element, name: str, values: Iterable[str]) -> None:
    for value in values:
        _text(parent, name, value)


def _text(parent: ET.Element, name: str, value: str | None) -> None:
    if value is not None:
        ET.SubElement(parent, name).text = _IMPOSSIBLE.sub("", value)
