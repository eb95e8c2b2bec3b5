"""What is on the wire, byte for byte, as the SDKs read it."""

import msgspec
import pytest

from realtime import wire
from realtime.kernel.errors import TicketExpired, Unavailable
from realtime.kernel.ids import Channel

ROOM = Channel("room:1")
ANNA = wire.ClientInfo(user="aide-1", client="c1")


def test_a_message_holds_several_commands() -> None:
    first, second = wire.parse(b'{"id":1,"ping":{}}\n{"id":2,"send":{"data":{"a": 1}}}')

    assert (first.id, first.ping) == (1, wire.PingRequest())
    assert second.send is not None
    assert bytes(second.send.data) == b'{"a": 1}'


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            b'{"send":{"data":{"position":{"lat":48.8,"lon":2.3}}}}',
            b'{"position":{"lat":48.8,"lon":2.3}}',
        ),
        (b'{"send":{"data":{"a": 1},"later":2} }\n', b'{"a": 1}'),
        (b'{"send":{}}', b""),
    ],
)
def test_what_is_sent_and_nothing_else_is_read_the_short_way(message: bytes, said: bytes) -> None:
    (command,) = wire.parse(message)

    assert wire.sent(message) == said
    assert command.send is not None
    assert bytes(command.send.data) == said


@pytest.mark.parametrize(
    "message",
    [
        b'{"send":{"data":1},"id":2}',
        b'{"send":{"data":1}}\n{"send":{"data":2}}',
        b'{"id":1,"send":{"data":1}}',
        b'{"send":{"data":1}',
        b'{"send":{"data":1,}}',
        b'{"send":null}',
        b'{"send":[]}',
        b'{"send":{"data":' + b"[" * 100_000,
        b"{}",
        b"",
    ],
)
def test_whatever_else_a_message_holds_it_is_not_read_the_short_way(message: bytes) -> None:
    assert wire.sent(message) is None


@pytest.mark.parametrize(
    "message",
    [
        b'{"id":4294967296}',
        b'{"id":1,"subscribe":{"channel":"' + b"x" * 256 + b'"}}',
        b'{"id":1,"connect":{"token":"' + b"x" * 4097 + b'"}}',
        b'{"id":1,"subscribe":{"offset":9223372036854775808}}',
        b'{"id":1,"history":{"since":{"offset":-1}}}',
    ],
)
def test_what_is_out_of_bounds_is_not_parsed(message: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        wire.parse(message)


def test_a_refusal_carries_number_name_and_whether_to_try_again() -> None:
    assert wire.encode(wire.refusal(3, TicketExpired())) == (
        b'{"id":3,"error":{"code":109,"message":"ticket_expired"}}'
    )
    assert wire.encode(wire.refusal(4, Unavailable())) == (
        b'{"id":4,"error":{"code":400,"message":"unavailable","temporary":true}}'
    )


def test_a_publication_carries_its_body_as_it_is_and_its_offset() -> None:
    assert wire.publication(ROOM, b'{"text": "\xc3\xa9"}', 7) == (
        b'{"push":{"channel":"room:1","pub":{"data":{"text": "\xc3\xa9"},"offset":7}}}'
    )


def test_a_publication_of_a_channel_that_keeps_nothing_has_no_offset() -> None:
    assert wire.publication(ROOM, b"{}", 0) == b'{"push":{"channel":"room:1","pub":{"data":{}}}}'


def test_pushes_about_a_channel() -> None:
    assert wire.unsubscribed(ROOM, 2103, "right ended") == (
        b'{"push":{"channel":"room:1","unsubscribe":{"code":2103,"reason":"right ended"}}}'
    )
    assert wire.joined(ROOM, ANNA) == (
        b'{"push":{"channel":"room:1","join":{"info":{"user":"aide-1","client":"c1"}}}}'
    )
    assert wire.left(ROOM, ANNA) == (
        b'{"push":{"channel":"room:1","leave":{"info":{"user":"aide-1","client":"c1"}}}}'
    )


def test_an_empty_result_is_there_all_the_same() -> None:
    assert wire.encode(wire.Reply(id=5, publish=wire.Empty())) == b'{"id":5,"publish":{}}'


def test_a_subscription_says_where_it_stands_and_whether_it_is_whole() -> None:
    result = wire.SubscribeResult(
        recoverable=True,
        positioned=True,
        epoch="e",
        offset=2,
        was_recovering=True,
        recovered=True,
        publications=[wire.Publication(msgspec.Raw(b"{}"), 2)],
    )

    assert msgspec.json.decode(wire.encode(wire.Reply(id=6, subscribe=result))) == {
        "id": 6,
        "subscribe": {
            "recoverable": True,
            "positioned": True,
            "epoch": "e",
            "offset": 2,
            "was_recovering": True,
            "recovered": True,
            "publications": [{"data": {}, "offset": 2}],
        },
    }
