"""Messages that are wrong in one thing, or meant to harm: each is refused for its own reason."""

import contextlib
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.cap import atom
from alerts.cap.reading import read
from alerts.cap.refusals import Reason, Refused
from alerts.cap.rules import MOST_BYTES, MOST_DEPTH, MOST_ELEMENTS, MOST_ENTRIES
from alerts.cap.shape import V10, V12
from alerts.cap.values import Circle, Named
from alerts.cap.writing import as_cap

GOOD = f"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="{V12}">
  <identifier>one</identifier><sender>prefecture.example</sender>
  <sent>2026-11-26T10:00:00+01:00</sent>
  <status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
  <info>
    <language>fr-FR</language><category>Met</category><event>Crue</event>
    <urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty>
    <resource><resourceDesc>carte</resourceDesc><mimeType>image/png</mimeType>
      <size>12</size><uri>https://prefecture.example/carte.png</uri></resource>
    <area><areaDesc>Somme</areaDesc>
      <polygon>49.9,2.2 49.9,2.4 50.0,2.4 49.9,2.2</polygon><circle>49.9,2.3 4.5</circle>
      <geocode><valueName>INSEE</valueName><value>80021</value></geocode>
      <altitude>10.5</altitude><ceiling>100</ceiling></area>
  </info>
</alert>"""


def refused(text: str | bytes, by: Callable[[bytes], object] = read) -> tuple[Reason, str]:
    with pytest.raises(Refused) as found:
        by(text.encode() if isinstance(text, str) else text)
    return found.value.reason, found.value.where


def changed(before: str, after: str) -> str:
    assert before in GOOD
    return GOOD.replace(before, after)


def test_a_good_message_is_read_whole() -> None:
    message = read(GOOD.encode())

    (area,) = message.infos[0].areas
    assert message.sent.isoformat() == "2026-11-26T10:00:00+01:00"
    assert area.circles == (Circle(49.9, 2.3, 4.5),)
    assert area.geocodes == (Named("INSEE", "80021"),)
    assert (area.altitude, area.ceiling) == (10.5, 100)
    assert message.infos[0].resources[0].size == 12
    assert read(as_cap(message)) == message


@pytest.mark.parametrize(
    ("before", "after", "reason", "where"),
    [
        ("<sender>prefecture.example</sender>", "", Reason.MISSING, "sender"),
        ("<identifier>one</identifier>", "<identifier/>", Reason.EMPTY, "identifier"),
        (">one<", ">one two<", Reason.BAD_NAME, "identifier"),
        (">one<", ">one,two<", Reason.BAD_NAME, "identifier"),
        (">prefecture.example<", ">a&amp;b<", Reason.BAD_NAME, "sender"),
        ("<identifier>", "<identifier>x</identifier><identifier>", Reason.TWICE, "identifier"),
        ("10:00:00+01:00", "10:00:00Z", Reason.BAD_TIME, "sent"),
        ("10:00:00+01:00", "10:00:00", Reason.BAD_TIME, "sent"),
        ("10:00:00+01:00", "10:00:00.5+01:00", Reason.BAD_TIME, "sent"),
        ("2026-11-26T10", "2026-02-30T10", Reason.BAD_TIME, "sent"),
        ("10:00:00+01:00", "10:00:00+99:00", Reason.BAD_TIME, "sent"),
        (">Actual<", ">actual<", Reason.UNKNOWN_WORD, "status"),
        (">Public<", ">Restricted<", Reason.NO_RESTRICTION, "restriction"),
        (">Public<", ">Private<", Reason.NO_ADDRESSES, "addresses"),
        (">Alert<", ">Cancel<", Reason.NO_REFERENCES, "references"),
        ("</scope>", "</scope><references>a,b</references>", Reason.BAD_REFERENCE, "references"),
        ("</scope>", "</scope><references>a,,c</references>", Reason.BAD_REFERENCE, "references"),
        (
            "</scope>", "</scope><references>a,b,2026-11-26T10:00:00Z</references>",
            Reason.BAD_TIME, "references",
        ),
        ("</scope>", "</scope><surprise/>", Reason.UNEXPECTED, "surprise"),
        ("</scope>", "</scope><password>x</password>", Reason.UNEXPECTED, "password"),
        ("</alert>", "<source>late</source></alert>", Reason.UNEXPECTED, "source"),
        ("</alert>", '<x xmlns="urn:x"/></alert>', Reason.UNEXPECTED, "x"),
        (">Severe<", "><", Reason.UNKNOWN_WORD, "severity"),
        (">Met<", ">Weather<", Reason.UNKNOWN_WORD, "category"),
        ("<category>Met</category>", "", Reason.MISSING, "category"),
        (">Crue<", "> <", Reason.EMPTY, "event"),
        (">fr-FR<", ">français<", Reason.UNKNOWN_WORD, "language"),
        ("<mimeType>image/png</mimeType>", "", Reason.MISSING, "mimeType"),
        (">12<", ">12.5<", Reason.BAD_NUMBER, "size"),
        (">10.5<", ">high<", Reason.BAD_NUMBER, "altitude"),
        (" 49.9,2.2</polygon>", "</polygon>", Reason.BAD_AREA, "polygon"),
        ("50.0,2.4 49.9,2.2</", "50.0,2.4 49.9,2.3</", Reason.BAD_AREA, "polygon"),
        ("50.0,2.4", "95.0,2.4", Reason.BAD_AREA, "area"),
        ("50.0,2.4", "50.0,nan", Reason.BAD_AREA, "area"),
        ("49.9,2.3 4.5", "49.9,2.3", Reason.BAD_AREA, "circle"),
        ("<valueName>INSEE</valueName>", "", Reason.MISSING, "valueName"),
        (V12, "urn:oasis:names:tc:emergency:cap:1.3", Reason.NOT_CAP, "alert"),
        (V12, "", Reason.NOT_CAP, "alert"),
        ("UTF-8", "x-nobody-knows", Reason.NOT_XML, ""),
        ("</alert>", "", Reason.NOT_XML, ""),
        (">one<", ">on\x01e<", Reason.NOT_XML, ""),
    ],
)  # fmt: skip
def test_one_thing_wrong_has_one_reason(
    before: str, after: str, reason: Reason, where: str
) -> None:
    assert refused(changed(before, after)) == (reason, where)


def test_an_empty_area_of_some_senders_is_as_if_absent() -> None:
    text = changed("<circle>49.9,2.3 4.5</circle>", "<circle/>").replace(
        "<altitude>10.5</altitude>", "<altitude/>"
    )

    (area,) = read(text.encode()).infos[0].areas
    assert area.circles == ()
    assert area.altitude is None


def test_the_oldest_form_is_read_too() -> None:
    """CAP 1.0: a password, names and values in one text, a word more, no kind of resource."""
    old = (
        changed(V12, V10)
        .replace("<sent>", "<password>x</password><sent>")
        .replace(">Likely<", ">Very Likely<")
        .replace("<mimeType>image/png</mimeType>", "")
        .replace("<valueName>INSEE</valueName><value>80021</value>", "INSEE=80021")
    )

    message = read(old.encode())

    info = message.infos[0]
    assert info.certainty == "Likely"
    assert info.areas[0].geocodes == (Named("INSEE", "80021"),)
    assert info.resources[0].mime_type == "application/octet-stream"
    assert read(as_cap(message)) == message


def test_what_it_says_is_found_in_a_language_that_somebody_reads() -> None:
    message = read(GOOD.encode())
    silent = read(GOOD[: GOOD.index("<info>")].encode() + b"</alert>")

    french, first = message.in_language("en", "fr"), message.in_language("de")
    assert french is first is message.infos[0]
    assert silent.in_language("fr") is None


# What is meant to harm.

LAUGHS = (
    '<!DOCTYPE alert [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
BOMBS = {
    "billion laughs": LAUGHS + GOOD.partition("?>")[2].replace("Crue", "&i;"),
    "quadratic": f'<!DOCTYPE alert [<!ENTITY a "{"x" * 50_000}">]>'
    + GOOD.partition("?>")[2].replace("Crue", "&a;" * 1000),
    "a file of ours": '<!DOCTYPE alert [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    + GOOD.partition("?>")[2].replace("Crue", "&a;"),
    "a call inward": '<!DOCTYPE alert [<!ENTITY a SYSTEM "http://127.0.0.1:1/">]>'
    + GOOD.partition("?>")[2].replace("Crue", "&a;"),
    "a parameter": '<!DOCTYPE alert [<!ENTITY % a SYSTEM "http://127.0.0.1:1/x.dtd">%a;]>'
    + GOOD.partition("?>")[2],
    "a document type alone": "<!DOCTYPE alert>" + GOOD.partition("?>")[2],
    "one outside": '<!DOCTYPE alert SYSTEM "http://127.0.0.1:1/x.dtd">' + GOOD.partition("?>")[2],
}


@pytest.mark.parametrize("name", sorted(BOMBS))
@pytest.mark.parametrize("by", [read, atom.read, atom.read_any], ids=lambda by: by.__qualname__)
def test_a_bomb_is_refused_at_once(name: str, by: Callable[[bytes], object]) -> None:
    began = time.perf_counter()

    assert refused(BOMBS[name], by) == (Reason.FORBIDDEN_XML, "")
    assert time.perf_counter() - began < 1


def test_too_much_of_anything_is_refused_before_it_is_understood() -> None:
    large = b"<alert>" + b" " * MOST_BYTES
    deep = "<a>" * (MOST_DEPTH + 1)
    many = "<a>" + "<b/>" * MOST_ELEMENTS + "</a>"

    assert refused(large) == (Reason.TOO_LARGE, "")
    assert refused(deep) == (Reason.TOO_DEEP, "")
    assert refused(many) == (Reason.TOO_MANY, "")
    assert refused("") == (Reason.NOT_XML, "")
    assert refused(b"\xff\xfe\x00") == (Reason.NOT_XML, "")


def test_the_longest_that_is_read_takes_no_long() -> None:
    """A second is a thread's time, while everybody else goes on."""
    filled = changed(">Crue<", f">{'x' * 400_000}<")
    began = time.perf_counter()

    assert len(read(filled.encode()).infos[0].event) == 400_000
    assert time.perf_counter() - began < 2


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(Refused):
        atom.read_any(data)


@given(st.data())
def test_a_message_that_was_cut_or_changed_is_read_or_refused(data: st.DataObject) -> None:
    good = GOOD.encode()
    at = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(at, min(len(good), at + 40)))
    put = data.draw(st.sampled_from([b"", b"<", b"&", b"</info>", b"\x00", b"<area>"]))
    try:
        message = read(good[:at] + put + good[end:])
    except Refused:
        return
    assert read(as_cap(message)) == message


def test_entries_beyond_those_that_are_looked_at_are_counted() -> None:
    entry = "<item><link>https://a.example/{}</link><title>t</title></item>"
    items = "".join(entry.format(number) for number in range(MOST_ENTRIES + 3))
    text = f"<rss><channel><title>t</title><link>l</link><description/>{items}</channel></rss>"

    found = atom.read(text.encode())
    assert (len(found.entries), found.left) == (MOST_ENTRIES, 3)


@pytest.mark.parametrize(
    ("text", "reason", "where"),
    [
        ("<rss/>", Reason.MISSING, "channel"),
        ("<other/>", Reason.NOT_A_FEED, "other"),
        (GOOD, Reason.NOT_A_FEED, "alert"),
    ],
)
def test_what_is_no_feed(text: str, reason: Reason, where: str) -> None:
    assert refused(text, atom.read) == (reason, where)


def test_an_item_that_leads_nowhere_is_counted() -> None:
    text = (
        "<rss><channel><title>t</title><link>l</link><description/>"
        "<item><title>t</title></item></channel></rss>"
    )

    (reason,) = atom.read(text.encode()).refused
    assert (reason.reason, reason.where) == (Reason.MISSING, "link")
