"""Frames by hand: the examples of RFC 6455, every boundary, every way to be wrong."""

import pytest
from websockets.speedups import apply_mask
from websockets.utils import apply_mask as slow_mask

from realtime.frames import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    CloseCode,
    Closed,
    Event,
    Failed,
    Message,
    Ping,
    Pong,
    Reader,
    encode_binary,
    encode_close,
    encode_ping,
    encode_pong,
    encode_text,
    may_close_with,
    whole_text,
)
from tests.support.client_frames import frame
from tests.support.frame_reading import LIMIT, failed, read

KEY = bytes.fromhex("37fa213d")
HELLO = bytes.fromhex("818537fa213d7f9f4d5158")  # RFC 6455 section 5.7


def byte_by_byte(data: bytes) -> list[Event]:
    return read(*(data[at : at + 1] for at in range(len(data))))


class TestExamplesOfTheRfc:
    def test_a_masked_text(self) -> None:
        assert read(HELLO) == [Message(b"Hello", True)]
        assert whole_text(HELLO, LIMIT) == b"Hello"

    def test_a_message_in_two_fragments(self) -> None:
        first, second = frame(TEXT, b"Hel", final=False), frame(CONTINUATION, b"lo")

        assert read(first + second) == [Message(b"Hello", True)]

    def test_an_unmasked_text_from_the_server(self) -> None:
        assert encode_text(b"Hello") == bytes.fromhex("810548656c6c6f")

    def test_a_ping_and_its_pong(self) -> None:
        assert encode_ping(b"Hello") == bytes.fromhex("890548656c6c6f")
        assert read(bytes.fromhex("8a8537fa213d7f9f4d5158")) == [Pong(b"Hello")]

    def test_binary_of_256_bytes_and_of_64_kib(self) -> None:
        assert encode_binary(bytes(256))[:4] == bytes.fromhex("827e0100")
        assert encode_binary(bytes(65_536))[:10] == bytes.fromhex("827f0000000000010000")


@pytest.mark.parametrize("size", [0, 1, 124, 125, 126, 127, 65_534, 65_535, 65_536, 65_537])
class TestEverySizeOfLength:
    def test_is_read(self, size: int) -> None:
        data = b"x" * size

        assert read(frame(TEXT, data)) == [Message(data, True)]
        assert read(frame(BINARY, data)) == [Message(data, False)]

    def test_is_read_whatever_the_form_of_its_length(self, size: int) -> None:
        data = b"x" * size
        forms = [form for form, most in ((2, 65_535), (8, 1 << 63)) if size <= most]

        for form in forms:
            assert read(frame(TEXT, data, form=form)) == [Message(data, True)]

    def test_is_written_in_its_shortest_form(self, size: int) -> None:
        head = 2 if size < 126 else 4 if size < 65_536 else 10

        written = encode_text(b"x" * size)

        assert len(written) == head + size
        assert read(_masked(written)) == [Message(b"x" * size, True)]

    def test_the_short_way_reads_it_or_leaves_it(self, size: int) -> None:
        data = b"x" * size
        short = whole_text(frame(TEXT, data), LIMIT)

        assert short == (data if 0 < size < 65_536 else None)


def _masked(served: bytes) -> bytes:
    """Mask a server's frame with a key of zeros, so that a server can read it."""
    head = {126: 4, 127: 10}.get(served[1], 2)
    return served[:1] + bytes((served[1] | 0x80,)) + served[2:head] + bytes(4) + served[head:]


class TestCutAnywhere:
    def test_frames_come_out_whole(self) -> None:
        stream = b"".join(
            (
                frame(TEXT, "été ".encode() * 50, final=False),
                frame(PING, b"still there?"),
                frame(CONTINUATION, "déjà €😀".encode()[:-2], final=False),
                frame(CONTINUATION, "😀".encode()[-2:]),
                frame(BINARY, bytes(range(256))),
                frame(PONG, b""),
                frame(CLOSE, (1000).to_bytes(2) + b"au revoir"),
            )
        )
        expected = [
            Ping(b"still there?"),
            Message(("été " * 50 + "déjà €😀").encode(), True),
            Message(bytes(range(256)), False),
            Pong(b""),
            Closed(1000, "au revoir"),
        ]

        assert read(stream) == byte_by_byte(stream) == expected
        for cut in range(len(stream)):
            assert read(stream[:cut], stream[cut:]) == expected

    def test_several_frames_in_one_read_come_one_at_a_time(self) -> None:
        reader = Reader(LIMIT)
        reader.feed(HELLO * 2 + HELLO[:3])

        assert [reader.take(), reader.take()] == [Message(b"Hello", True)] * 2
        assert reader.take() is None
        reader.feed(HELLO[3:])
        assert reader.take() == Message(b"Hello", True)

    def test_more_may_be_fed_before_everything_is_taken(self) -> None:
        reader = Reader(LIMIT)

        reader.feed(HELLO + HELLO[:8])
        first = reader.take()
        reader.feed(HELLO[8:] + HELLO)

        assert [first, reader.take(), reader.take(), reader.take()] == [
            *[Message(b"Hello", True)] * 3,
            None,
        ]


class TestSize:
    def test_a_message_may_be_as_long_as_the_limit(self) -> None:
        assert read(frame(TEXT, b"x" * 1000), limit=1000) == [Message(b"x" * 1000, True)]

    def test_one_byte_more_is_refused_before_it_is_gathered(self) -> None:
        header = frame(TEXT, b"x" * 1001)[:8]

        assert read(header, limit=1000) == [Failed(CloseCode.TOO_BIG, "message too big")]

    def test_fragments_count_together(self) -> None:
        first = frame(BINARY, b"x" * 600, final=False)

        enough = read(first, frame(CONTINUATION, b"x" * 400), limit=1000)
        too_much = read(first, frame(CONTINUATION, b"x" * 401)[:8], limit=1000)

        assert enough == [Message(b"x" * 1000, False)]
        assert too_much == [Failed(CloseCode.TOO_BIG, "message too big")]

    def test_a_length_of_eight_bytes_is_believed_only_to_refuse_it(self) -> None:
        header = bytes((0x82, 0xFF)) + b"\xff" * 8 + KEY

        assert read(header) == [Failed(CloseCode.TOO_BIG, "message too big")]

    def test_a_control_frame_does_not_count(self) -> None:
        stream = (
            frame(TEXT, b"x" * 1000, final=False)
            + frame(PING, b"p" * 125)
            + frame(CONTINUATION, b"")
        )

        assert read(stream, limit=1000) == [Ping(b"p" * 125), Message(b"x" * 1000, True)]

    def test_the_short_way_leaves_what_may_be_too_long(self) -> None:
        assert whole_text(frame(TEXT, b"x" * 200), 150) is None

    def test_what_is_held_is_bounded(self) -> None:
        reader = Reader(1000)
        endless = (
            frame(TEXT, b"x" * 990, final=False) + frame(CONTINUATION, b"", final=False) * 5000
        )
        held = []

        for at in range(0, len(endless), 7):
            reader.feed(endless[at : at + 7])
            while reader.take() is not None:
                pass
            held.append(len(reader._gathered) + len(reader._data))

        assert max(held) <= 1000 + 14


class TestTheProtocolIsBroken:
    @pytest.mark.parametrize("opcode", [3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
    def test_by_an_unknown_opcode(self, opcode: int) -> None:
        assert failed(CloseCode.PROTOCOL_ERROR, frame(opcode, b""))

    @pytest.mark.parametrize("bit", [0x40, 0x20, 0x10])
    @pytest.mark.parametrize("opcode", [TEXT, BINARY, PING, PONG, CLOSE])
    def test_by_a_reserved_bit(self, opcode: int, bit: int) -> None:
        assert failed(CloseCode.PROTOCOL_ERROR, frame(opcode, b"", reserved=bit))
        assert whole_text(frame(TEXT, b"x", reserved=bit), LIMIT) is None

    def test_by_a_frame_that_is_not_masked(self) -> None:
        assert failed(CloseCode.PROTOCOL_ERROR, encode_text(b"Hello")[:2])
        assert whole_text(encode_text(b"Hello there"), LIMIT) is None
        # With four bytes more it is as long as if it were masked.
        for size in (5, 200):
            longer = encode_text(b"x" * size) + b"xxxx"
            assert whole_text(longer, LIMIT) is None
            assert failed(CloseCode.PROTOCOL_ERROR, longer)

    def test_by_a_control_frame_of_126_bytes(self) -> None:
        assert read(frame(PING, bytes(125))) == [Ping(bytes(125))]
        assert failed(CloseCode.PROTOCOL_ERROR, frame(PING, bytes(126)))

    def test_by_a_control_frame_in_fragments(self) -> None:
        assert failed(CloseCode.PROTOCOL_ERROR, frame(PING, b"", final=False))

    def test_by_a_continuation_of_nothing(self) -> None:
        assert failed(CloseCode.PROTOCOL_ERROR, frame(CONTINUATION, b"x"))
        assert failed(CloseCode.PROTOCOL_ERROR, HELLO + frame(CONTINUATION, b"x"))

    def test_by_a_message_inside_a_message(self) -> None:
        assert failed(CloseCode.PROTOCOL_ERROR, frame(TEXT, b"x", final=False) + HELLO)

    def test_and_nothing_is_read_afterwards(self) -> None:
        reader = Reader(LIMIT)
        reader.feed(frame(3, b"") + HELLO)

        events = [reader.take(), reader.take()]
        reader.feed(HELLO)

        assert events == [Failed(CloseCode.PROTOCOL_ERROR, "unknown opcode"), None]
        assert reader.take() is None
        assert not reader.idle


class TestClosing:
    def test_with_nothing_said(self) -> None:
        assert read(frame(CLOSE, b"") + HELLO) == [Closed(None, "")]

    def test_with_half_a_code(self) -> None:
        assert failed(CloseCode.PROTOCOL_ERROR, frame(CLOSE, b"\x03"))

    def test_with_a_reason_that_is_not_text(self) -> None:
        assert failed(CloseCode.NOT_TEXT, frame(CLOSE, b"\x03\xe8\xff"))

    def test_inside_a_message_is_refused(self) -> None:
        assert failed(CloseCode.PROTOCOL_ERROR, frame(TEXT, b"x", final=False) + frame(CLOSE, b""))

    @pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535])
    def test_with_a_code_that_may_not_travel(self, code: int) -> None:
        assert failed(CloseCode.PROTOCOL_ERROR, frame(CLOSE, code.to_bytes(2)))
        with pytest.raises(ValueError, match=str(code)):
            encode_close(code)

    @pytest.mark.parametrize("code", [1000, 1003, 1007, 1014, 3000, 4999])
    def test_with_a_code_that_may(self, code: int) -> None:
        assert may_close_with(code)
        assert read(_masked(encode_close(code, "é"))) == [Closed(code, "é")]

    def test_with_no_code(self) -> None:
        assert encode_close(None) == b"\x88\x00"

    def test_with_a_long_reason_cuts_it_between_characters(self) -> None:
        written = encode_close(1000, "x" + "é" * 100)

        assert read(_masked(written)) == [Closed(1000, "x" + "é" * 61)]


class TestARest:
    def test_a_reader_that_holds_nothing_is_idle(self) -> None:
        reader = Reader(LIMIT)
        reader.feed(HELLO)
        halfway = reader.idle

        reader.take()

        assert not halfway
        assert reader.idle

    @pytest.mark.parametrize(
        "held", [HELLO[:1], HELLO[:7], frame(TEXT, b"", final=False), HELLO + b"\x81"]
    )
    def test_a_reader_that_holds_something_is_not(self, held: bytes) -> None:
        reader = Reader(LIMIT)
        reader.feed(held)

        while reader.take() is not None:
            pass

        assert not reader.idle

    def test_a_control_frame_is_never_too_long_to_send(self) -> None:
        assert len(encode_pong(bytes(125))) == 127
        with pytest.raises(ValueError, match="126"):
            encode_ping(bytes(126))

    @pytest.mark.parametrize("size", [0, 1, 3, 4, 5, 1001])
    def test_both_ways_to_unmask_agree(self, size: int) -> None:
        data = bytes(at % 251 for at in range(size))

        assert apply_mask(data, KEY) == slow_mask(data, KEY)
        assert apply_mask(apply_mask(data, KEY), KEY) == data

    def test_a_message_does_not_show_in_the_reader(self) -> None:
        reader = Reader(LIMIT)
        reader.feed(HELLO)

        assert "Hello" not in repr(reader)
