"""Rooms tonight as EDXL-HAVE 2.0 (OASIS), which emergency managers' systems read. Pure.

A facility is a hotel, at its commune's point (WGS 84, latitude first, as the standard says), named
by a handle; a service is a kind of room with its bed capacity. Element names, their order and the
namespaces are those of the committee's schema; which one was at hand: ``DECISIONS.md``.
"""

from collections.abc import Sequence
from datetime import datetime
from xml.etree import ElementTree as ET

from matching.shelter.public.places import Kind, Place, handle

HAVE = "urn:oasis:names:tc:emergency:edxl:have:2.0"
COMMON = "urn:oasis:names:tc:emergency:edxl:ct:1.0"
GML = "http://www.opengis.net/gml/3.2"
NAMES = "urn:oasis:names:tc:emergency:edxl:ciq:1.0:xnl"
PREFIXES = {"have": HAVE, "edxl-ct": COMMON, "gml": GML, "xnl": NAMES}
#: Ours: the standard's own list of services is that of hospitals.
TAXONOMY = "urn:entraide:shelter:rooms:1"
TYPE = "application/xml"

for _prefix, _namespace in PREFIXES.items():
    ET.register_namespace(_prefix, _namespace)


def as_have(places: Sequence[Place], *, key: bytes, now: datetime) -> bytes:
    root = ET.Element(_have("HAVE"))
    _organisation(root, "organizationInformation", "Entraide")
    _text(
        root,
        _have("reportComment"),
        f"Rooms free tonight, as of {now.isoformat(timespec='seconds')}. "
        "Places are those of communes.",
    )
    for place in places:
        _facility(root, place, handle(key, place.hotel))
    out: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return out


def _facility(root: ET.Element, place: Place, name: str) -> None:
    facility = ET.SubElement(root, _have("facility"))
    about = ET.SubElement(facility, _have("facilityInformation"))
    _text(about, _have("facilityID"), name)
    _text(about, _have("facilityName"), f"{place.commune_name} ({place.area}) {name[-4:]}")
    located = ET.SubElement(about, _have("facilityGeoLocation"))
    point = ET.SubElement(ET.SubElement(located, f"{{{COMMON}}}EDXLGeoLocation"), f"{{{GML}}}Point")
    point.set(f"{{{GML}}}id", f"p-{name}")
    _text(point, f"{{{GML}}}pos", f"{place.lat} {place.lon}")
    _organisation(about, "facilityDetails", place.commune_name)
    _text(about, _have("facilityKind"), "TemporaryFacility")
    services = ET.SubElement(facility, _have("serviceList"))
    _text(services, _have("taxonomyURI"), TAXONOMY)
    _text(services, _have("taxonomyName"), "Entraide rooms")
    for kind in place.kinds:
        _service(services, kind)
    if place.spoken_at is not None:
        said = place.spoken_at.isoformat(timespec="seconds")
        _text(facility, _have("commentText"), f"Said by the desk at {said}")


def _service(services: ET.Element, kind: Kind) -> None:
    item = ET.SubElement(services, _have("serviceListItem"))
    _text(item, _have("serviceTaxonomyKeyValue"), code(kind))
    _text(item, _have("serviceName"), _words(kind))
    status = ET.SubElement(item, _have("serviceStatus"))
    _text(status, _have("isAvailable"), "true" if kind.count.free > 0 else "false")
    capacity = ET.SubElement(item, _have("serviceBedCapacity"))
    # Rooms, not beds: a room is given whole.
    _text(capacity, _have("availableCount"), str(kind.count.free))
    _text(capacity, _have("baselineCount"), str(kind.count.total))
    _text(capacity, _have("capacityNote"), "rooms")
    _text(capacity, _have("availability"), "Open" if kind.count.free > 0 else "Full")


def code(kind: Kind) -> str:
    """A kind of room as one word of our list.

    >>> from matching.shelter.values import Count
    >>> code(Kind(people=2, cots=1, accessible=True, pets=False, ground_floor=True,
    ...           count=Count(3, 1, 1)))
    'room.2.cots1.accessible.ground'
    """
    parts = [f"room.{kind.people}"]
    if kind.cots:
        parts.append(f"cots{kind.cots}")
    flags = (("accessible", kind.accessible), ("pets", kind.pets), ("ground", kind.ground_floor))
    return ".".join([*parts, *(word for word, true in flags if true)])


def _words(kind: Kind) -> str:
    cots = f", {kind.cots} cots" if kind.cots else ""
    flags = (
        ("wheelchair", kind.accessible),
        ("pets", kind.pets),
        ("ground floor", kind.ground_floor),
    )
    more = "".join(f", {word}" for word, true in flags if true)
    return f"Room for {kind.people}{cots}{more}"


def _organisation(parent: ET.Element, name: str, called: str) -> None:
    details = ET.SubElement(parent, _have(name))
    named = ET.SubElement(details, f"{{{NAMES}}}OrganisationName")
    _text(named, f"{{{NAMES}}}NameElement", called)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _have(name: str) -> str:
    return f"{{{HAVE}}}{name}"
