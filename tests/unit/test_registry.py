"""The command registry, and reading a command strictly."""

from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.kernel.errors import Malformed, UnknownMethod
from web.commands.fields import Answer, Asked, ClientId, Message, Position, TimeOfDay
from web.commands.parse import decode, encode
from web.commands.registry import Looking, Reads, Registry, Writes, Writing


class Named(Asked, frozen=True):
    id: ClientId


class Plain(Asked, frozen=True):
    text: Message


async def write(call: Writing, asked: Named) -> Answer:
    return Answer()


async def look(call: Looking, asked: Named) -> Answer:
    return Answer()


def command(method: str) -> Writes[Named, Answer]:
    return Writes(method=method, title="Try.", takes=Named, gives=Answer, run=write)


def test_a_method_gives_the_address_of_its_route() -> None:
    assert command("help.raise").path == "/api/help/raise"
    assert command("session").path == "/api/session"


def test_a_command_with_an_id_is_one_that_may_be_repeated() -> None:
    assert command("help.raise").repeatable


@pytest.mark.parametrize("method", ["", "Help.raise", "help.", ".raise", "a.b.c", "help raise"])
def test_a_method_is_one_or_two_words(method: str) -> None:
    with pytest.raises(ValueError, match="word"):
        Registry([command(method)])


def test_a_method_is_defined_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        Registry([command("help.raise"), command("help.raise")])


def test_what_only_reads_has_no_id_to_repeat() -> None:
    reads = Reads(method="a.b", title="Try.", takes=Named, gives=Answer, run=look)

    with pytest.raises(ValueError, match="writes nothing"):
        Registry([reads])


def test_a_method_nobody_defined_is_refused() -> None:
    with pytest.raises(UnknownMethod):
        Registry([command("help.raise")]).find("help.lower")


BAD_JSON = [
    b"\x00",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"1",
    b"{}",
    b'{"id": 12345678}',
    b'{"id": "short"}',
    b'{"id": "twelve chars", "more": 1}',
    b'{"id": "has a space"}',
    b'{"id": "abcdefgh\\n"}',
    b'{"id": "abcdefgh\\u0000"}',
    b'{"id": "' + b"a" * 65 + b'"}',
    b'{"id": "abcdefgh", "more": 1}',
    b'{"id": "abcdefgh"} {"id": "abcdefgh"}',
    b'{"id": "\\ud800abcdefgh"}',
    b'{"id": "\xff\xfe\xff\xfe\xff\xfe\xff\xfe"}',
    b"[" * 100_000,
    b'{"id":' * 20_000,
    b'{"id": NaN}',
    b'{"id": null}',
]


@pytest.mark.parametrize("data", BAD_JSON, ids=range(len(BAD_JSON)))
def test_what_is_not_exactly_the_command_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        decode(Named, data)

    # Not even as a cause: a log of it would repeat what was sent.
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


BAD_PLACES = [
    '{"lat": 91, "lon": 0}',
    '{"lat": -90.001, "lon": 0}',
    '{"lat": 0, "lon": 180.5}',
    '{"lat": 1e999, "lon": 0}',
    '{"lat": "48.8", "lon": 2}',
    '{"lat": true, "lon": 2}',
    '{"lat": null, "lon": 2}',
    '{"lat": 48.8}',
    '{"lon": 2.3}',
    '{"lat": [48.8], "lon": 2}',
    '{"lat": 48.8, "lon": 2.3, "alt": 35}',
    '{"lat": Infinity, "lon": 2}',
]


@pytest.mark.parametrize("data", BAD_PLACES)
def test_a_place_that_is_nowhere_is_malformed(data: str) -> None:
    with pytest.raises(Malformed):
        decode(Position, data.encode())


@pytest.mark.parametrize("text", ["", "a" * 2001, "nul\x00", "bell\x07", "turn\u202earound"])
def test_a_text_is_bounded_and_printable(text: str) -> None:
    with pytest.raises(Malformed):
        decode(Plain, msgspec.json.encode({"text": text}))


@pytest.mark.parametrize("text", ["Je suis là", "deux\nlignes\t", "مرحبا", "🆘", "a" * 2000])
def test_ordinary_texts_pass(text: str) -> None:
    assert decode(Plain, msgspec.json.encode({"text": text})).text == text


class Hour(Asked, frozen=True):
    at: TimeOfDay


@pytest.mark.parametrize("text", ["24:00", "7:00", "07:60", "07:00\n", "", "noon", "07:00:00"])
def test_a_time_of_day_has_two_digits_and_two(text: str) -> None:
    with pytest.raises(Malformed):
        decode(Hour, msgspec.json.encode({"at": text}))


@given(st.binary(max_size=200))
def test_whatever_comes_is_a_command_or_malformed(data: bytes) -> None:
    for kind in (Named, Plain, Position):
        try:
            assert isinstance(decode(kind, data), kind)
        except Malformed:
            continue


class Many(Asked, frozen=True):
    values: Annotated[list[int], msgspec.Meta(max_length=2)]


def test_lists_are_bounded() -> None:
    with pytest.raises(Malformed):
        decode(Many, b'{"values": [1, 2, 3]}')


def test_an_answer_leaves_out_what_it_has_not_got() -> None:
    class Perhaps(Answer, frozen=True):
        sure: str
        cell: str | None = None

    assert encode(Perhaps(sure="yes")) == b'{"sure":"yes"}'
