"""One service of an HSDS 3 file, with what hangs on it, read as an entry of ours. Pure.

Facts of the format: https://docs.openreferral.org. What we do not use is ignored, what we use is
bounded and cleaned, and a service that is not active, or has neither number nor page, is refused.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from geo.places.rows import Reason, Refused
from matching.helpline.directory.schedule import Schedule
from matching.helpline.directory.schedule import read as read_schedule
from matching.helpline.directory.values import EVERYWHERE, KINDS, Entry, Phone, folded

LONGEST_NAME, LONGEST_TEXT = 200, 2_000
#: Of each kind of thing that hangs on a service.
MOST = 40
_CODE = re.compile(r"(?:.*\()?(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-8]|98[678])\)?\Z", re.DOTALL)
_POSTCODE = re.compile(r"\d{5}\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
_NUMBER = re.compile(r"\+?[0-9][0-9 .()/-]{1,24}\Z")
_NATIONAL = {"france", "national", "france entiere", "toute la france"}


class Named(Struct, frozen=True):
    name: str | None = None
    code: str | None = None


class Number(Struct, frozen=True):
    number: str
    type: str | None = None
    description: str | None = None


class Attribute(Struct, frozen=True):
    taxonomy_term: Named | None = None


class PostAddress(Struct, frozen=True):
    city: str | None = None
    postal_code: str | None = None


class Location(Struct, frozen=True):
    addresses: Sequence[PostAddress] | None = None


class AtLocation(Struct, frozen=True):
    location: Location | None = None
    phones: Sequence[Number] | None = None
    schedules: Sequence[Schedule] | None = None


class Service(Struct, frozen=True):
    """The fields that we read of a service; HSDS has many more."""

    id: str
    name: str
    status: str
    description: str | None = None
    url: str | None = None
    eligibility_description: str | None = None
    fees_description: str | None = None
    organization: Named | None = None
    phones: Sequence[Number] | None = None
    schedules: Sequence[Schedule] | None = None
    service_areas: Sequence[Named] | None = None
    languages: Sequence[Named] | None = None
    attributes: Sequence[Attribute] | None = None
    service_at_locations: Sequence[AtLocation] | None = None


def read(record: Mapping[str, object]) -> Entry:
    """The entry of a service, or ``Refused`` with why."""
    try:
        service = msgspec.convert(record, Service, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(Reason.UNREADABLE) from error
    if service.status.strip().lower() != "active":
        raise Refused(Reason.UNKNOWN_VALUE)
    places = (service.service_at_locations or ())[:MOST]
    addresses = [
        each for it in places if it.location for each in (it.location.addresses or ())[:MOST]
    ]
    written = [*(service.schedules or ()), *(each for it in places for each in it.schedules or ())]
    hours = [read_schedule(it) for it in written[:MOST]]
    numbers = [*(service.phones or ()), *(each for it in places for each in it.phones or ())]
    phones = _phones(numbers)
    url = _url(service.url)
    if not phones and not url:
        # Nobody could be told how to reach it.
        raise Refused(Reason.BAD_NUMBER)
    return Entry(
        service=_id(service.id),
        name=_text(service.name, LONGEST_NAME, missing=Reason.NO_NAME),
        organisation=_text(_name(service.organization), LONGEST_NAME),
        about=_text(service.description, LONGEST_TEXT),
        eligibility=_text(service.eligibility_description, LONGEST_TEXT),
        cost=_text(service.fees_description, LONGEST_NAME),
        url=url,
        city=_text(next((it.city for it in addresses if it.city), None), LONGEST_NAME),
        phones=phones,
        languages=_languages(service.languages or ()),
        kinds=_kinds(service.attributes or ()),
        areas=_areas(service.service_areas, addresses),
        hours=tuple(it for it in hours if it is not None),
        hours_known=bool(hours) and None not in hours and len(written) <= MOST,
        hours_text=_text("; ".join(it.description or "" for it in written), LONGEST_TEXT),
    )


def _text(value: str | None, longest: int, *, missing: Reason | None = None) -> str:
    """One line that can be shown; what nobody can see is left out, and marks that turn writing."""
    seen = "".join(it if it.isprintable() else " " for it in value or "")
    line = " ".join(seen.split())
    if not line and missing is not None:
        raise Refused(missing)
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _name(of: Named | None) -> str | None:
    return None if of is None else of.name


def _id(value: str) -> str:
    if not value.strip() or len(value) > 100 or not value.isprintable():
        raise Refused(Reason.NO_ID)
    return value.strip()


def _url(value: str | None) -> str:
    """An address that a page may show as a link: nothing but the web."""
    address = (value or "").strip()
    plain = address.isprintable() and " " not in address and len(address) <= 500
    return address if plain and address.startswith(("https://", "http://")) else ""


def _phones(written: Iterable[Number]) -> tuple[Phone, ...]:
    found: dict[tuple[str, str], Phone] = {}
    for it in written:
        number = " ".join(it.number.split())
        if _NUMBER.match(number):
            text = (it.type or "").strip().lower() in ("text", "sms")
            way: Literal["call", "sms"] = "sms" if text else "call"
            about = _text(it.description, LONGEST_NAME)
            found.setdefault((number, way), Phone(number=number, way=way, about=about))
    return tuple(found.values())[:MOST]


def _languages(written: Iterable[Named]) -> tuple[str, ...]:
    codes = [(it.code or "").strip().lower() for it in written]
    return tuple(dict.fromkeys(it for it in codes if _LANGUAGE.match(it)))[:MOST]


def _kinds(written: Iterable[Attribute]) -> tuple[str, ...]:
    terms = [it.taxonomy_term for it in written if it.taxonomy_term is not None]
    named = [folded(term.code or term.name or "") for term in terms]
    return tuple(dict.fromkeys(it if it in KINDS else "other" for it in named)) or ("other",)


def _areas(written: Sequence[Named] | None, addresses: Sequence[PostAddress]) -> tuple[str, ...]:
    """Where it is for: what the file says, else where it is, else everywhere.

    An area that we cannot read is no département, and not everywhere either.
    """
    if written:
        found = [_area(it.name or "") for it in written]
    elif addresses:
        found = [_of_postcode(it.postal_code or "") for it in addresses]
    else:
        found = [EVERYWHERE]
    return tuple(dict.fromkeys(it for it in found if it is not None))


def _area(name: str) -> str | None:
    if folded(name) in _NATIONAL:
        return EVERYWHERE
    found = _CODE.match(name.strip().upper())
    return found[1] if found else None


def _of_postcode(postcode: str) -> str | None:
    """The département of a French postcode: Corsica's are 200, 201 and 202, 206."""
    code = postcode.replace(" ", "")
    if not _POSTCODE.match(code):
        return None
    if code.startswith("20"):
        return "2A" if code[2] in "01" else "2B"
    return code[:3] if code.startswith(("97", "98")) else code[:2]
