"""What we write: valid by the OASIS schema, never public by mistake, never ending with ``Z``."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.cap import atom
from alerts.cap.feed import Published, as_feed
from alerts.cap.reading import read
from alerts.cap.values import Area, Circle, Info, Message, Named, Reference, Resource
from alerts.cap.writing import Unfit, as_cap
from tests.unit.test_cap_samples import schema

AT = datetime(2026, 11, 26, 10, 0, tzinfo=timezone(timedelta(hours=1)))
INFO = Info(
    categories=("Safety",), event="Alerte", urgency="Immediate", severity="Severe",
    certainty="Observed",
)  # fmt: skip
MESSAGE = Message(
    identifier="a.1", sender="entraide.example", sent=AT, status="Actual", kind="Alert",
    scope="Public", infos=(INFO,),
)  # fmt: skip
BEFORE = Reference("entraide.example", "a.0", AT)

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=20
).map(str.strip)
said = words.filter(bool)
names = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=12)
offsets = st.sampled_from([UTC, timezone(timedelta(hours=1)), timezone(timedelta(minutes=-570))])
moments = st.builds(
    lambda seconds, offset: datetime.fromtimestamp(seconds, offset),
    st.integers(946_684_800, 4_102_444_800),
    offsets,
)
named = st.builds(Named, words, words)


def numbers(least: float, most: float) -> st.SearchStrategy[float]:
    """To a tenth of a metre."""
    return st.floats(least, most).map(lambda it: round(it, 6))


lats, lons = numbers(-90, 90), numbers(-180, 180)
polygons = st.lists(st.tuples(lats, lons), min_size=3, max_size=5).map(lambda it: (*it, it[0]))


def maybe(of: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.none() | of


areas = st.builds(
    Area,
    description=said,
    polygons=st.lists(polygons, max_size=2).map(tuple),
    circles=st.lists(st.builds(Circle, lats, lons, numbers(0, 1e5)), max_size=2).map(tuple),
    geocodes=st.lists(named, max_size=2).map(tuple),
    altitude=st.none() | numbers(-1e4, 1e5),
    ceiling=st.none() | numbers(-1e4, 1e5),
)
resources = st.builds(
    Resource, description=said, mime_type=said, size=st.none() | st.integers(0, 10**9),
    uri=st.none(), inline=maybe(names), digest=maybe(names),
)  # fmt: skip
infos = st.builds(
    Info,
    language=st.sampled_from(["fr-FR", "en", "pt-BR"]),
    categories=st.lists(st.sampled_from(["Safety", "Met", "CBRNE"]), min_size=1).map(tuple),
    event=said,
    responses=st.lists(st.sampled_from(["None", "AllClear"]), max_size=2).map(tuple),
    urgency=st.just("Past"),
    severity=st.just("Minor"),
    certainty=st.just("Unlikely"),
    audience=maybe(said),
    event_codes=st.lists(named, max_size=2).map(tuple),
    effective=st.none() | moments,
    onset=st.none() | moments,
    expires=st.none() | moments,
    sender_name=maybe(said),
    headline=maybe(said),
    description=maybe(said),
    instruction=maybe(said),
    web=st.none(),
    contact=maybe(said),
    parameters=st.lists(named, max_size=2).map(tuple),
    resources=st.lists(resources, max_size=1).map(tuple),
    areas=st.lists(areas, max_size=2).map(tuple),
)
messages = st.builds(
    Message,
    identifier=names,
    sender=names,
    sent=moments,
    status=st.sampled_from(["Actual", "Exercise"]),
    kind=st.sampled_from(["Alert", "Update", "Cancel"]),
    scope=st.sampled_from(["Public", "Restricted", "Private"]),
    source=maybe(said),
    restriction=said,
    addresses=said,
    codes=st.lists(words, max_size=2).map(tuple),
    note=maybe(said),
    references=st.lists(st.builds(Reference, names, names, moments), min_size=1, max_size=2).map(
        tuple
    ),
    incidents=maybe(said),
    infos=st.lists(infos, max_size=2).map(tuple),
)


@given(messages)
def test_whatever_is_written_is_valid_and_reads_the_same(message: Message) -> None:
    written = as_cap(message)

    assert list(schema().iter_errors(written.decode())) == []
    assert read(written) == message


@pytest.mark.parametrize(
    "wrong",
    [
        replace(MESSAGE, scope="Restricted"),
        replace(MESSAGE, scope="Private"),
        replace(MESSAGE, kind="Update"),
        replace(MESSAGE, kind="Cancel"),
    ],
)
def test_what_would_be_wrong_to_send_is_not_written(wrong: Message) -> None:
    with pytest.raises(Unfit):
        as_cap(wrong)


def test_what_xml_cannot_hold_is_left_out() -> None:
    odd = replace(MESSAGE, infos=(replace(INFO, headline="a\x00b\x1fc\ufffed"),))

    assert read(as_cap(odd)).infos[0].headline == "abcd"


# The feed.


def test_a_feed_of_ours_is_read_by_our_own_reader() -> None:
    newer = replace(MESSAGE, identifier="b.1", sent=AT + timedelta(hours=1))
    found = [
        Published(MESSAGE, "https://entraide.example/api/cap/a.xml"),
        Published(newer, "https://entraide.example/api/cap/b.xml"),
    ]

    written = as_feed(found, url="https://entraide.example/feed", title="Entraide", now=AT)

    feed = atom.read(written)
    assert [it.message for it in feed.entries] == [newer, MESSAGE]
    assert [it.link for it in feed.entries] == [found[1].url, found[0].url]
    assert b"<updated>2026-11-26T11:00:00+01:00</updated>" in written


def test_an_empty_feed_is_one() -> None:
    written = as_feed([], url="https://entraide.example/feed", title="Entraide", now=AT)

    assert atom.read(written).entries == ()


@pytest.mark.parametrize(
    "message",
    [
        replace(MESSAGE, scope="Restricted", restriction="sûreté"),
        replace(MESSAGE, infos=()),
    ],
)
def test_what_is_not_for_everybody_never_gets_into_the_feed(message: Message) -> None:
    with pytest.raises(Unfit):
        as_feed([Published(message, "u")], url="u", title="t", now=AT)
