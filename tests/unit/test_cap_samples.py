"""Every sample file of `../shared/data/cap`: what is expected of it, and why.

What is taken is written again as CAP 1.2, valid by the OASIS schema, and reads the same.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import xmlschema

from alerts.cap import atom
from alerts.cap.atom import Feed
from alerts.cap.reading import read
from alerts.cap.refusals import Reason, Refused
from alerts.cap.values import Message
from alerts.cap.writing import as_cap

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "cap"


@dataclass(frozen=True)
class Taken:
    """A message, or a feed of so many messages and links."""

    why: str
    infos: int | None = None
    signed: bool = False
    inline: int | None = None
    linked: int = 0
    refused: tuple[tuple[Reason, str], ...] = ()


@dataclass(frozen=True)
class Not:
    reason: Reason
    where: str
    why: str


EXPECTED: dict[str, Taken | Not] = {
    "google/43b080713727.cap": Taken("the standard's own example", infos=1),
    "google/KAR0-0306112239-SW.cap": Taken("1.1: its values are kept, written as 1.2", infos=1),
    "google/australia.cap": Taken("a prefix for every element; two languages' worth", infos=2),
    "google/canada.cap": Taken("empty restriction, addresses, note: as if absent", infos=2),
    "google/canada_errors.cap": Not(Reason.EMPTY, "references", "an update of nothing"),
    "google/canada_signed.cap": Taken("two signatures, not verified", infos=2, signed=True),
    "google/earthquake-iso8859-1.cap": Taken("ISO-8859-1, signed", infos=1, signed=True),
    "google/earthquake.cap": Taken("1.1 with a style sheet, which is not looked at", infos=1),
    "google/earthquake_signed.cap": Taken("1.1, ISO-8859-1, signed", infos=1, signed=True),
    "google/invalid.cap": Not(Reason.MISSING, "scope", "nobody knows for whom it is"),
    "google/no_optional_fields.cap": Taken("all that must be there, and no more", infos=0),
    "google/noaa_errors.cap": Not(Reason.EMPTY, "references", "and empty urgency, severity"),
    "google/wcatwc-warning.cap": Taken("an update that names what it updates", infos=1),
    "google/weather.cap": Taken("1.1, NWS", infos=1),
    "google/xee.cap": Not(Reason.FORBIDDEN_XML, "", "entities that would read our files"),
    "ibm/cap_amber_alert_example.xml": Taken("OASIS 1.2, English and Spanish", infos=2),
    "google/amber.atom": Taken("a message inside; a prefix for Atom", inline=1),
    "google/canada_signed.atom": Taken("a signed message inside", inline=1),
    "google/earthquake_index.atom": Taken("a link by its type, another to a page", linked=1),
    "google/empty_weather_index.atom": Taken("nothing to warn of is a feed too", inline=0),
    "google/invalid.rss": Not(Reason.MISSING, "title", "a channel without a name"),
    "google/invalid_element.atom": Not(Reason.UNEXPECTED, "foo", "no element of Atom's"),
    "google/no_entries.atom": Taken("a message outside any entry is not the feed's", inline=0),
    "google/no_id.atom": Not(Reason.MISSING, "id", "a feed has a name (RFC 4287 4.1.1)"),
    "google/no_link.atom": Taken(
        "its only entry leads nowhere", inline=0, refused=((Reason.MISSING, "link"),)
    ),
    "google/no_title.atom": Taken(
        "its only entry has no title", inline=0, refused=((Reason.MISSING, "title"),)
    ),
    "google/ny_index.rss": Taken("RSS 2.0: links", linked=2),
    "google/weather.atom": Taken("a message inside", inline=1),
    "google/weather_index.atom": Taken("an index: links", linked=2),
    "google/weather_invalid.atom": Taken(
        "a comma and a space in a name", inline=0, refused=((Reason.BAD_NAME, "identifier"),)
    ),
    "google/xee.atom": Not(Reason.FORBIDDEN_XML, "", "entities that would read our files"),
    "ibm/nws_atom_feed_example.xml": Taken("a nation's feed, 276 kB", linked=163),
}


@cache
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(SAMPLES / "CAP-v1.2.xsd")


def test_every_sample_is_in_the_table() -> None:
    found = {str(it.relative_to(SAMPLES)) for it in SAMPLES.glob("*/*")}

    assert found == EXPECTED.keys()
    assert len(found) == 32


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_sample_is_taken_or_refused_for_its_reason(name: str) -> None:
    data, expected = (SAMPLES / name).read_bytes(), EXPECTED[name]

    if isinstance(expected, Not):
        with pytest.raises(Refused) as refused:
            atom.read_any(data)
        assert (refused.value.reason, refused.value.where) == (expected.reason, expected.where)
        return
    found = atom.read_any(data)

    if isinstance(found, Feed):
        inline = [it.message for it in found.entries if it.message is not None]
        assert len(inline) == (expected.inline or 0)
        assert len(found.entries) - len(inline) == expected.linked
        assert tuple((it.reason, it.where) for it in found.refused) == expected.refused
        messages = inline
    else:
        (message,) = messages = list(found)
        assert (len(message.infos), message.signed) == (expected.infos, expected.signed)
    for message in messages:
        assert_goes_round(message)


def assert_goes_round(message: Message) -> None:
    written = as_cap(message)

    assert list(schema().iter_errors(written.decode())) == []
    assert read(written) == message
    assert not re.search(rb"<(sent|effective|onset|expires)>[^<]*Z<", written)
    assert b"Signature" not in written


def test_what_a_signed_message_says_is_read_and_its_signature_is_not_trusted() -> None:
    message = read((SAMPLES / "google/canada_signed.cap").read_bytes())

    assert message.signed
    assert not read(as_cap(message)).signed


def test_letters_beyond_ascii_survive_another_encoding() -> None:
    data = (SAMPLES / "google/earthquake-iso8859-1.cap").read_bytes()
    (message,) = [read(data)]

    assert message.infos[0].event == "Earthquake"
    changed = data.replace(b"Earthquake</event>", "Séisme</event>".encode("latin-1"))
    assert read(changed).infos[0].event == "Séisme"
