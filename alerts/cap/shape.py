"""Which elements a message has, in which order, how often: the schema as tables. Pure.

One table for reading and for writing. CAP 1.0 and 1.1 differ in little: their own names, and what
they left out.
"""

from dataclasses import dataclass
from typing import Literal, get_args
from xml.etree.ElementTree import Element

from alerts.cap.refusals import Reason, Refused
from alerts.cap.values import (
    Category,
    Certainty,
    MessageKind,
    Response,
    Scope,
    Severity,
    Status,
    Urgency,
)

V12 = "urn:oasis:names:tc:emergency:cap:1.2"
V11 = "urn:oasis:names:tc:emergency:cap:1.1"
V10 = "http://www.incident.com/cap/1.0"
VERSIONS = (V12, V11, V10)
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"


@dataclass(frozen=True, slots=True)
class Part:
    """An element of another one."""

    name: str
    least: Literal[0, 1] = 0
    many: bool = False


def _one(name: str) -> Part:
    return Part(name, least=1)


def _any(name: str) -> Part:
    return Part(name, many=True)


#: In the order of the schema (CAP-v1.2.xsd).
ALERT = (
    _one("identifier"), _one("sender"), _one("sent"), _one("status"), _one("msgType"),
    Part("source"), _one("scope"), Part("restriction"), Part("addresses"), _any("code"),
    Part("note"), Part("references"), Part("incidents"), _any("info"),
)  # fmt: skip
#: A password stood in CAP 1.0; whatever it opened, we have no use for it.
ALERT_V10 = (*ALERT[:2], Part("password"), *ALERT[2:])
INFO = (
    Part("language"), Part("category", 1, many=True), _one("event"), _any("responseType"),
    _one("urgency"), _one("severity"), _one("certainty"), Part("audience"), _any("eventCode"),
    Part("effective"), Part("onset"), Part("expires"), Part("senderName"), Part("headline"),
    Part("description"), Part("instruction"), Part("web"), Part("contact"), _any("parameter"),
    _any("resource"), _any("area"),
)  # fmt: skip
RESOURCE = (
    _one("resourceDesc"), _one("mimeType"), Part("size"), Part("uri"), Part("derefUri"),
    Part("digest"),
)  # fmt: skip
#: Before 1.2 a resource need not say what it is.
RESOURCE_OLD = (RESOURCE[0], Part("mimeType"), *RESOURCE[2:])
AREA = (
    _one("areaDesc"), _any("polygon"), _any("circle"), _any("geocode"), Part("altitude"),
    Part("ceiling"),
)  # fmt: skip
NAMED = (_one("valueName"), _one("value"))

#: The words of each list.
WORDS: dict[str, frozenset[str]] = {
    "status": frozenset(get_args(Status)),
    "msgType": frozenset(get_args(MessageKind)),
    "scope": frozenset(get_args(Scope)),
    "category": frozenset(get_args(Category)),
    "responseType": frozenset(get_args(Response)),
    "urgency": frozenset(get_args(Urgency)),
    "severity": frozenset(get_args(Severity)),
    "certainty": frozenset(get_args(Certainty)),
}


def children(
    parent: Element, parts: tuple[Part, ...], version: str
) -> tuple[dict[str, list[Element]], bool]:
    """What an element holds, by name, and whether it is signed; refused when out of shape."""
    order = {part.name: place for place, part in enumerate(parts)}
    found: dict[str, list[Element]] = {part.name: [] for part in parts}
    reached, signed = 0, False
    for child in parent:
        namespace, _, name = child.tag.removeprefix("{").rpartition("}")
        if namespace == SIGNATURE and parts[0].name == "identifier":
            signed = True
            continue
        place = order.get(name, -1) if namespace == version else -1
        if place < reached:
            raise Refused(Reason.UNEXPECTED, name)
        reached = place
        found[name].append(child)
    for part in parts:
        if len(found[part.name]) < part.least:
            raise Refused(Reason.MISSING, part.name)
        if len(found[part.name]) > 1 and not part.many:
            raise Refused(Reason.TWICE, part.name)
    return found, signed
