"""What is decided in a room without waiting: seats, edits, what is read back."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.rooms import rules
from realtime.rooms.messages import (
    Edit,
    Happened,
    Message,
    Note,
    Whisper,
    channel_of,
    event_of,
    looking_channel,
    read_back,
    read_note,
    staff_channel,
    told,
    typing_channel,
)

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
_json = msgspec.json.encode


def said(name: str, text: str, seat: str = "elle") -> Message:
    return Message(id=name, text=text, seat=seat, at=NOON)


def edit(of: str, text: str, seat: str = "elle") -> Edit:
    return Edit(id=f"edit-{of}", of=of, text=text, seat=seat, at=NOON)


@pytest.mark.parametrize(
    ("role", "seats", "alone", "seat"),
    [
        ("elle", [], True, "elle"),
        ("elle", ["elle"], True, "elle-2"),
        ("aide", [], False, "aide-1"),
        ("aide", ["elle", "aide-1", "aide-2"], False, "aide-3"),
        ("aide", ["elle", "aide-1", "aide-1002", "aide-2"], False, "aide-3"),
    ],
)
def test_a_seat_is_named_after_its_role(
    role: str, seats: list[str], alone: bool, seat: str
) -> None:
    assert rules.seat_for(role, seats, alone=alone) == seat


@pytest.mark.parametrize(
    ("of", "last", "ago_s", "may"),
    [
        ("m2", "m2", 0, True),
        ("m2", "m2", 300, True),
        ("m2", "m2", 301, False),
        ("m1", "m2", 0, False),
        ("m1", None, 0, False),
    ],
)
def test_only_the_last_message_may_be_changed_and_only_for_a_while(
    of: str, last: str | None, ago_s: int, may: bool
) -> None:
    last_at = NOON - timedelta(seconds=ago_s)
    assert rules.may_edit(of, last=last, last_at=last_at, now=NOON) is may


def test_what_nobody_has_said_cannot_be_changed() -> None:
    assert not rules.may_edit("m1", last="m1", last_at=None, now=NOON)


def test_a_message_reads_as_it_was_last_changed_and_says_so() -> None:
    messages, events = told(
        [said("m1", "bonjuor"), said("m2", "oui"), edit("m1", "bonjour"), edit("m1", "Bonjour")]
    )

    assert [(it.text, it.edited) for it in messages] == [("Bonjour", True), ("oui", False)]
    assert events == []


def test_nobody_changes_what_another_said_even_under_the_same_id() -> None:
    messages, _ = told([said("m1", "à moi", "elle"), edit("m1", "volé", "ecoutante-1")])

    assert [it.text for it in messages] == ["à moi"]


def test_what_was_changed_before_this_page_is_passed_over() -> None:
    assert told([edit("gone", "x"), said("m2", "oui")])[0] == [said("m2", "oui")]


def test_every_kind_of_publication_is_read_back_as_it_was_said() -> None:
    event = event_of("bridge", NOON, "ecoutante-1", {"kind": "shelter", "bridge": "b1"})
    found = [
        read_back(_json(said("m1", "là")), 1),
        read_back(_json(edit("m1", "ici")), 2),
        read_back(_json(event), 3),
        read_back(_json(event_of("closed", NOON, None, {})), 4),
    ]

    assert found == [
        Message(id="m1", text="là", seat="elle", at=NOON, offset=1),
        Edit(id="edit-m1", of="m1", text="ici", seat="elle", at=NOON, offset=2),
        Happened(
            what="bridge",
            at=NOON,
            seat="ecoutante-1",
            offset=3,
            facts={"kind": "shelter", "bridge": "b1"},
        ),
        Happened(what="closed", at=NOON, offset=4),
    ]


def test_what_was_said_before_there_were_kinds_is_a_message() -> None:
    old = {"id": "m1", "text": "là", "seat": "elle", "at": NOON}

    assert read_back(_json(old), 7) == Message(id="m1", text="là", seat="elle", at=NOON, offset=7)


@pytest.mark.parametrize("name", ["type", "what", "at", "seat", "offset", "facts"])
def test_a_fact_cannot_pass_for_a_field_of_the_event(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        event_of("joined", NOON, None, {name: "x"})


@pytest.mark.parametrize("kind", [Note, Whisper])
def test_a_note_is_read_back_as_what_it_was(kind: type[Note]) -> None:
    note = kind(id="n1", text="elle a peur", seat="ecoutante-1", at=NOON, to="ecoutante-2")

    found = read_note(_json(note), 3)

    assert type(found) is kind
    assert (found.to, found.offset) == ("ecoutante-2", 3)
    assert b'"type":"' + kind.__name__.lower().encode() in _json(note)


@given(
    st.lists(
        st.one_of(
            st.builds(
                said, st.sampled_from("ab"), st.text(max_size=3), st.sampled_from(["elle", "e-1"])
            ),
            st.builds(
                edit, st.sampled_from("ab"), st.text(max_size=3), st.sampled_from(["elle", "e-1"])
            ),
        )
    )
)
def test_edits_add_and_lose_no_message(page: list[Message | Edit | Happened]) -> None:
    names = [(it.seat, it.id) for it in page if isinstance(it, Message)]

    assert [(it.seat, it.id) for it in told(page)[0]] == names


def test_each_room_has_its_four_streams() -> None:
    of = (channel_of, staff_channel, typing_channel, looking_channel)

    assert [it("r1") for it in of] == ["room:r1", "staff:r1", "typing:r1", "looking:r1"]
