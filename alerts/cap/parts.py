"""What a CAP message is made of, read from elements that are in shape. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element

from alerts.cap.refusals import Reason, Refused
from alerts.cap.rules import LEAST_CORNERS
from alerts.cap.shape import (
    AREA,
    INFO,
    NAMED,
    RESOURCE,
    RESOURCE_OLD,
    V10,
    V12,
    WORDS,
    Part,
    children,
)
from alerts.cap.times import moment
from alerts.cap.values import NO_LANGUAGE, Area, Circle, Info, Named, Polygon, Resource
from alerts.cap.xml import text_of

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*\Z", re.ASCII)
_NUMBER = re.compile(r"[-+]?\d{1,12}(\.\d{0,20})?\Z", re.ASCII)
_WHOLE = re.compile(r"\d{1,15}\Z", re.ASCII)
#: What a resource of CAP 1.1 is that does not say: bytes (RFC 2046).
_BYTES = "application/octet-stream"
#: CAP 1.0 had one word more.
_OLD_WORDS = {"Very Likely": "Likely"}


@dataclass(frozen=True, slots=True)
class Fields:
    """The elements of one element, by name."""

    found: dict[str, list[Element]]
    signed: bool

    @classmethod
    def of(cls, parent: Element, shape: tuple[Part, ...], version: str) -> "Fields":
        found, signed = children(parent, shape, version)
        return cls(found, signed)

    def all(self, name: str) -> list[Element]:
        return self.found[name]

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(text_of(it) for it in self.found[name])

    def text(self, name: str) -> str | None:
        """None when it is not there, or says nothing."""
        return next(iter(self.texts(name)), "") or None

    def said(self, name: str) -> str:
        text = self.text(name)
        if text is None:
            raise Refused(Reason.EMPTY, name)
        return text

    def words(self, name: str) -> tuple[str, ...]:
        words = tuple(_OLD_WORDS.get(it, it) for it in self.texts(name))
        if not WORDS[name].issuperset(words):
            raise Refused(Reason.UNKNOWN_WORD, name)
        return words

    def word(self, name: str) -> str:
        return self.words(name)[0]

    def sent(self, name: str) -> datetime:
        return moment(self.text(name) or "", name)

    def when(self, name: str) -> datetime | None:
        text = self.text(name)
        return None if text is None else moment(text, name)

    def number(self, name: str) -> float | None:
        text = self.text(name)
        return None if text is None else _number(text, name, Reason.BAD_NUMBER)


def info(element: Element, version: str) -> Info:
    found = Fields.of(element, INFO, version)
    language = found.text("language") or NO_LANGUAGE
    if not _LANGUAGE.match(language):
        raise Refused(Reason.UNKNOWN_WORD, "language")
    return Info(
        language=language,
        categories=found.words("category"),  # type: ignore[arg-type]  # of the list
        event=found.said("event"),
        responses=found.words("responseType"),  # type: ignore[arg-type]
        urgency=found.word("urgency"),  # type: ignore[arg-type]
        severity=found.word("severity"),  # type: ignore[arg-type]
        certainty=found.word("certainty"),  # type: ignore[arg-type]
        audience=found.text("audience"),
        event_codes=_named(found.all("eventCode"), version),
        effective=found.when("effective"),
        onset=found.when("onset"),
        expires=found.when("expires"),
        sender_name=found.text("senderName"),
        headline=found.text("headline"),
        description=found.text("description"),
        instruction=found.text("instruction"),
        web=found.text("web"),
        contact=found.text("contact"),
        parameters=_named(found.all("parameter"), version),
        resources=tuple(_resource(it, version) for it in found.all("resource")),
        areas=tuple(_area(it, version) for it in found.all("area")),
    )


def _resource(element: Element, version: str) -> Resource:
    found = Fields.of(element, RESOURCE if version == V12 else RESOURCE_OLD, version)
    size = found.text("size")
    if size is not None and not _WHOLE.match(size):
        raise Refused(Reason.BAD_NUMBER, "size")
    return Resource(
        description=found.said("resourceDesc"),
        mime_type=found.text("mimeType") or _BYTES,
        size=None if size is None else int(size),
        uri=found.text("uri"),
        inline=found.text("derefUri"),
        digest=found.text("digest"),
    )


def _area(element: Element, version: str) -> Area:
    found = Fields.of(element, AREA, version)
    return Area(
        description=found.said("areaDesc"),
        # Some senders write an empty one where they have none.
        polygons=tuple(_polygon(it) for it in found.texts("polygon") if it),
        circles=tuple(_circle(it) for it in found.texts("circle") if it),
        geocodes=_named(found.all("geocode"), version),
        altitude=found.number("altitude"),
        ceiling=found.number("ceiling"),
    )


def _named(elements: list[Element], version: str) -> tuple[Named, ...]:
    if version == V10:
        # Name and value in one text: <eventCode>SAME=SVR</eventCode>.
        pairs = [text_of(it).partition("=") for it in elements]
        return tuple(Named(name, value) for name, _, value in pairs)
    found = [Fields.of(it, NAMED, version) for it in elements]
    return tuple(Named(it.text("valueName") or "", it.text("value") or "") for it in found)


def _polygon(text: str) -> Polygon:
    corners = tuple(_point(it) for it in text.split())
    if len(corners) < LEAST_CORNERS or corners[0] != corners[-1]:
        raise Refused(Reason.BAD_AREA, "polygon")
    return corners


def _circle(text: str) -> Circle:
    point, _, radius = text.partition(" ")
    lat, lon = _point(point)
    return Circle(lat, lon, abs(_number(radius.strip(), "circle", Reason.BAD_AREA)))


def _point(text: str) -> tuple[float, float]:
    lat, _, lon = text.partition(",")
    found = _number(lat, "area", Reason.BAD_AREA), _number(lon, "area", Reason.BAD_AREA)
    if abs(found[0]) > 90 or abs(found[1]) > 180:
        raise Refused(Reason.BAD_AREA, "area")
    return found


def _number(text: str, where: str, reason: Reason) -> float:
    if not _NUMBER.match(text):
        raise Refused(reason, where)
    return float(text)
