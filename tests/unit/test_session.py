"""A whole dialogue as a list of inputs and a list of outputs."""

import msgspec
import pytest

from realtime import wire
from realtime.kernel.errors import AlreadySubscribed, LimitExceeded
from realtime.kernel.ids import Channel
from realtime.session import (
    BAD_REQUEST,
    MOST_CHANNELS,
    MOST_COMMANDS,
    MOST_HISTORY,
    Answer,
    Authenticate,
    Call,
    Close,
    Effect,
    Hear,
    Publish,
    Refresh,
    Session,
    ShowHistory,
    ShowPresence,
    State,
    Subscribe,
    Unsubscribe,
)
from realtime.streams import Place

HOME, ROOM = Channel("me:#anna"), Channel("room:1")
GREETING = b'{"id":1,"connect":{"token":"ticket"}}'


def opened() -> Session:
    session = Session()
    session.receive(GREETING)
    session.opened(HOME)
    return session


def refused(effects: list[Effect]) -> list[tuple[int, int]]:
    """The id and error number of each answer that is a refusal."""
    return [
        (effect.reply.id, effect.reply.error.code)
        for effect in effects
        if isinstance(effect, Answer) and effect.reply.error is not None
    ]


# Greeting.


def test_a_greeting_is_authenticated_with_the_places_it_comes_back_to() -> None:
    message = (
        b'{"id":7,"connect":{"token":"t","name":"js","subs":{'
        b'"me:#anna":{"recover":true,"epoch":"e","offset":3},"other":{"recover":false}}}}'
    )
    session = Session()

    assert session.receive(message) == [Authenticate(7, "t", {HOME: Place("e", 3)})]
    assert session.state is State.CONNECTING


def test_who_speaks_before_greeting_is_sent_away() -> None:
    session = Session()

    assert session.receive(b'{"id":1,"rpc":{"method":"echo"}}') == [Close(BAD_REQUEST)]
    assert session.receive(GREETING) == []


def test_what_comes_in_one_message_with_the_greeting_waits_behind_it() -> None:
    message = GREETING + b'\n{"id":2,"subscribe":{"channel":"room:1"}}\n{"send":{"data":1}}'

    greeting, subscribe, hear = Session().receive(message)

    assert isinstance(greeting, Authenticate)
    assert subscribe == Subscribe(2, ROOM, None)
    assert hear == Hear(b"1")


def test_a_refused_ticket_may_be_followed_by_another() -> None:
    session = Session()
    session.receive(GREETING)

    session.refused()

    assert session.receive(GREETING) == [Authenticate(1, "ticket", {})]


def test_a_closed_session_is_not_reopened_by_a_refusal_that_comes_late() -> None:
    session = Session()
    session.receive(GREETING)
    session.closed()

    session.refused()

    assert session.receive(GREETING) == []
    assert session.state is State.CLOSED


def test_greeting_twice_is_malformed() -> None:
    assert refused(opened().receive(GREETING)) == [(1, 107)]


# Asking.


@pytest.mark.parametrize(
    ("message", "effect"),
    [
        (
            b'{"id":2,"subscribe":{"channel":"room:1","recover":true,"offset":4,"epoch":"e"}}',
            Subscribe(2, ROOM, Place("e", 4)),
        ),
        (
            b'{"id":2,"subscribe":{"channel":"room:1","flag":3}}',
            Subscribe(2, ROOM, None, whole=True),
        ),
        (b'{"id":2,"subscribe":{"channel":"room:1","flag":1}}', Subscribe(2, ROOM, None)),
        (b'{"id":2,"unsubscribe":{"channel":"room:1"}}', Unsubscribe(2, ROOM)),
        (
            b'{"id":2,"publish":{"channel":"room:1","data":{"a": 1}}}',
            Publish(2, ROOM, b'{"a": 1}'),
        ),
        (b'{"id":2,"rpc":{"method":"echo","data":[1]}}', Call(2, "echo", b"[1]")),
        (b'{"id":2,"rpc":{"method":"echo"}}', Call(2, "echo", b"{}")),
        (b'{"id":2,"ping":{}}', Answer(wire.Reply(id=2, ping=wire.Empty()))),
        (b'{"id":2,"presence":{"channel":"room:1"}}', ShowPresence(2, ROOM, count_only=False)),
        (b'{"id":2,"presence_stats":{"channel":"room:1"}}', ShowPresence(2, ROOM, count_only=True)),
        (b'{"id":2,"refresh":{"token":"t"}}', Refresh(2, "t")),
        (
            b'{"id":2,"sub_refresh":{"channel":"room:1"}}',
            Answer(wire.Reply(id=2, sub_refresh=wire.RefreshResult())),
        ),
        (
            b'{"id":2,"history":{"channel":"room:1"}}',
            ShowHistory(2, ROOM, 0, None, reverse=False),
        ),
        (
            b'{"id":2,"history":{"channel":"room:1","limit":-1,"reverse":true}}',
            ShowHistory(2, ROOM, MOST_HISTORY, None, reverse=True),
        ),
        (
            b'{"id":2,"history":{"channel":"room:1","limit":9999,"since":{"offset":1,"epoch":"e"}}}',
            ShowHistory(2, ROOM, MOST_HISTORY, Place("e", 1), reverse=False),
        ),
        (b'{"send":{"data":{"x":1}}}', Hear(b'{"x":1}')),
    ],
)
def test_each_command_has_its_effect(message: bytes, effect: Effect) -> None:
    assert opened().receive(message) == [effect]


def test_commands_of_one_message_are_answered_in_order() -> None:
    message = b'{"id":2,"ping":{}}\n{"id":3,"rpc":{"method":"echo"}}\n'

    first, second = opened().receive(message)

    assert isinstance(first, Answer)
    assert second == Call(3, "echo", b"{}")


@pytest.mark.parametrize(
    "message",
    [
        b'{"id":2}',
        b'{"id":2,"subscribe":{}}',
        b'{"id":2,"subscribe":{"channel":"room:\\u0000"}}',
        b'{"id":2,"publish":{"channel":"room:1"}}',
        b'{"id":2,"what_is_this":{}}',
    ],
)
def test_a_command_that_asks_for_nothing_is_malformed_and_the_talk_goes_on(message: bytes) -> None:
    session = opened()

    assert refused(session.receive(message)) == [(2, 107)]
    assert session.state is State.OPEN


@pytest.mark.parametrize("message", [b"", b"x", b"[]", b'{"id":"1"}', b'{"id":-1}', b'{"rpc":{}}'])
def test_what_is_not_the_protocol_ends_the_talk(message: bytes) -> None:
    session = opened()

    assert session.receive(message) == ([] if message == b"" else [Close(BAD_REQUEST)])


def test_nothing_after_a_broken_command_is_done() -> None:
    message = b'{"id":2,"ping":{}}\n{"rpc":{}}\n{"id":3,"ping":{}}'

    effects = opened().receive(message)

    assert [type(effect) for effect in effects] == [Answer, Close]


def test_too_many_commands_in_one_message_end_the_talk() -> None:
    most = b"\n".join(b'{"id":2,"ping":{}}' for _ in range(MOST_COMMANDS))

    assert len(opened().receive(most)) == MOST_COMMANDS
    assert opened().receive(most + b'\n{"id":2,"ping":{}}') == [Close(BAD_REQUEST)]


def test_json_nested_beyond_reason_ends_the_talk_and_not_the_server() -> None:
    deep = b'{"id":2,"rpc":{"method":"echo","data":' + b"[" * 30_000 + b"]" * 30_000 + b"}}"

    assert opened().receive(deep) == [Close(BAD_REQUEST)]


# Pings.


@pytest.mark.parametrize("pong", [b"{}", b"{}\n", b"{}\n{}"])
def test_an_empty_object_is_the_answer_to_a_ping(pong: bytes) -> None:
    session = opened()
    session.pong_due = True

    assert session.receive(pong) == []
    assert not session.pong_due


# Channels.


def test_who_is_open_listens_to_its_own_channel() -> None:
    session = opened()

    assert session.home == HOME
    assert session.listens(HOME)
    assert session.channels == {HOME}


def test_a_claimed_channel_is_listened_to_until_it_is_dropped() -> None:
    session = opened()

    session.claim(ROOM)

    assert session.listens(ROOM)
    assert session.dropped(ROOM)
    assert not session.listens(ROOM)
    assert not session.dropped(ROOM)


def test_a_channel_is_claimed_once() -> None:
    session = opened()
    session.claim(ROOM)

    with pytest.raises(AlreadySubscribed):
        session.claim(ROOM)


def test_leaving_and_entering_a_channel_in_one_message_are_both_carried_out() -> None:
    session = opened()
    session.claim(ROOM)

    effects = session.receive(
        b'{"id":2,"unsubscribe":{"channel":"room:1"}}\n{"id":3,"subscribe":{"channel":"room:1"}}'
    )

    assert effects == [Unsubscribe(2, ROOM), Subscribe(3, ROOM, None)]


def test_one_connection_listens_to_so_many_channels_and_no_more() -> None:
    session = opened()
    for number in range(MOST_CHANNELS - 1):
        session.claim(Channel(f"room:{number}"))

    with pytest.raises(LimitExceeded):
        session.claim(Channel("room:one-more"))


def test_who_is_gone_listens_to_nothing_but_is_still_known_to_have() -> None:
    session = opened()

    session.closed()

    assert not session.listens(HOME)
    assert session.channels == {HOME}


def test_the_protocol_survives_a_newer_sdk() -> None:
    message = msgspec.json.encode(
        {"id": 2, "rpc": {"method": "echo", "new": 1}, "meta": {"trace": "x"}}
    )

    assert opened().receive(message) == [Call(2, "echo", b"{}")]


# The short way.


def test_what_is_sent_and_nothing_else_is_heard_without_being_received() -> None:
    session = opened()

    assert session.hears(b'{"send":{"data":{"x":1}}}') == b'{"x":1}'
    assert session.hears(b'{"id":2,"rpc":{"method":"a"}}') is None
    assert session.hears(wire.PING) is None


@pytest.mark.parametrize("state", [State.GREETING, State.CONNECTING, State.CLOSED])
def test_only_an_open_session_is_heard_that_way(state: State) -> None:
    session = Session()
    if state is not State.GREETING:
        session.receive(GREETING)
    if state is State.CLOSED:
        session.closed()

    assert session.state is state
    assert session.hears(b'{"send":{"data":{"x":1}}}') is None
