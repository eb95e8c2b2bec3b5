"""On any sequence of frames, cut anywhere, the reader and the ``websockets`` library agree.

Same messages, same pings and pongs, same close code. The library's sans-I/O core leaves text
unchecked; here a strict decoder is put behind it, as its own connections do.
"""

from codecs import getincrementaldecoder
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from hypothesis import assume, event, example, given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from realtime.frames import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    Closed,
    Failed,
    Message,
    Ping,
    Pong,
    Reader,
    encode_binary,
    encode_text,
    whole_text,
)
from tests.support.client_frames import frame

LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Sent:
    """A frame with every field chosen."""

    opcode: int
    payload: bytes
    final: bool = True
    reserved: int = 0
    masked: bool = True
    form: int | None = None

    def encode(self) -> bytes:
        return frame(
            self.opcode,
            self.payload,
            final=self.final,
            reserved=self.reserved,
            masked=self.masked,
            form=self.form,
        )


class Outcome(NamedTuple):
    events: list[tuple[str, bytes]]
    #: What the server closes with: 0 when it does not, ``None`` for a close without a code.
    close: int | None


def ours(chunks: list[bytes]) -> Outcome:
    reader = Reader(LIMIT)
    events: list[tuple[str, bytes]] = []
    close: int | None = 0
    for chunk in chunks:
        reader.feed(chunk)
        while (taken := reader.take()) is not None:
            match taken:
                case Message(data=data, text=text):
                    events.append(("text" if text else "binary", data))
                case Ping(data=data):
                    events.append(("ping", data))
                case Pong(data=data):
                    events.append(("pong", data))
                case Closed(code=code):
                    close = code
                case Failed(code=failure):
                    close = int(failure)
    return Outcome(events, close)


class Gathering:
    """Messages from the library's frames, text checked fragment by fragment."""

    def __init__(self) -> None:
        self.kind, self.data = "", b""
        self.decoder = getincrementaldecoder("utf-8")()

    def add(self, received: Frame) -> list[tuple[str, bytes]]:
        name, data = received.opcode.name.lower(), bytes(received.data)
        if name in {"ping", "pong"}:
            return [(name, data)]
        if name == "close":
            return []
        if name != "cont":
            self.kind, self.data = name, b""
        self.data += data
        if self.kind == "text":
            self.decoder.decode(data, received.fin)
        return [(self.kind, self.data)] if received.fin else []


def theirs(chunks: list[bytes]) -> Outcome:
    core = ServerProtocol(state=State.OPEN, max_size=LIMIT)
    gathering = Gathering()
    events: list[tuple[str, bytes]] = []
    for chunk in chunks:
        core.receive_data(chunk)
        for received in core.events_received():
            assert isinstance(received, Frame)
            try:
                events += gathering.add(received)
            except UnicodeDecodeError:
                return Outcome(events, 1007)
    if core.close_sent is None:
        return Outcome(events, 0)
    return Outcome(events, None if core.close_sent.code == 1005 else core.close_sent.code)


# What is generated.

texts = st.text(max_size=120)
forms = st.sampled_from([None, None, 8])


@st.composite
def messages(draw: st.DrawFn) -> list[Sent]:
    """One valid message: fragments cut anywhere, control frames between them."""
    text = draw(st.booleans())
    data = draw(texts).encode() if text else draw(st.binary(max_size=300))
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=3)))
    bounds = [0, *cuts, len(data)]
    sent: list[Sent] = []
    for number, (start, stop) in enumerate(pairwise(bounds)):
        opcode = CONTINUATION if number else TEXT if text else BINARY
        final = number == len(cuts)
        sent.append(Sent(opcode, data[start:stop], final=final, form=draw(forms)))
        if not final:
            sent += draw(st.lists(controls, max_size=1))
    return sent


controls = st.builds(Sent, st.sampled_from([PING, PONG]), st.binary(max_size=125))

close_codes = st.sampled_from([0, 999, *range(998, 1018), 2999, 3000, 4999, 5000, 65_535])
closes = st.builds(
    lambda code, reason: Sent(CLOSE, code.to_bytes(2) + reason),
    close_codes,
    st.one_of(st.text(max_size=20).map(str.encode), st.binary(max_size=20)),
) | st.builds(Sent, st.just(CLOSE), st.binary(max_size=2))

anything = st.builds(
    Sent,
    opcode=st.integers(0, 15) | st.sampled_from([CONTINUATION, TEXT, BINARY]),
    payload=st.one_of(texts.map(str.encode), st.binary(max_size=200)),
    final=st.booleans(),
    reserved=st.sampled_from([0, 0, 0, 0x10, 0x20, 0x40, 0x70]),
    masked=st.sampled_from([True, True, True, False]),
    form=st.sampled_from([None, None, 8]),
)

not_text = st.builds(Sent, st.just(TEXT), st.binary(min_size=1, max_size=40), final=st.booleans())

too_big = st.builds(
    lambda opcode, size: Sent(opcode, b"x" * size),
    st.sampled_from([TEXT, BINARY, CONTINUATION]),
    st.integers(LIMIT - 2, LIMIT + 2),
)

valid = messages() | controls.map(lambda sent: [sent])
sequences = st.lists(
    st.one_of(
        valid,
        valid,
        valid,
        *(one.map(lambda sent: [sent]) for one in (closes, anything, not_text, too_big)),
    ),
    max_size=6,
).map(lambda groups: [sent for group in groups for sent in group])


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    bounds = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    return [stream[start:stop] for start, stop in pairwise(bounds)]


def _library_counts_a_control_frame_as_the_message_around_it(sent: list[Sent]) -> bool:
    """Its one difference: a ping may be 1009 for it, because a message is almost too long."""
    gathered = 0
    for one in sent:
        if one.opcode >= CLOSE:
            if len(one.payload) > LIMIT - gathered:
                return True
        else:
            gathered = 0 if one.final else gathered + len(one.payload)
    return False


places = st.lists(st.integers(0, 1 << 16), max_size=12)


def agree(sent: list[Sent], places: list[int]) -> None:
    assume(not _library_counts_a_control_frame_as_the_message_around_it(sent))
    chunks = cut(b"".join(one.encode() for one in sent), places)

    expected = theirs(chunks)

    event(f"closed with {expected.close}")
    assert ours(chunks) == expected


# More than the usual number: this is the reader's main proof, and quick.
@settings(max_examples=max(500, settings().max_examples))
@given(sent=sequences, places=places)
@example(sent=[Sent(TEXT, "é".encode()[:1], final=False), Sent(CLOSE, b"")], places=[])
@example(sent=[Sent(BINARY, b"x" * LIMIT, final=False), Sent(CONTINUATION, b"")], places=[5])
@example(sent=[Sent(TEXT, b"x", masked=False)], places=[1])
def test_any_frames_mean_the_same_to_both(sent: list[Sent], places: list[int]) -> None:
    agree(sent, places)


@given(sent=sequences)
def test_cutting_after_every_byte_changes_nothing(sent: list[Sent]) -> None:
    stream = b"".join(one.encode() for one in sent)

    assert ours([stream[at : at + 1] for at in range(len(stream))]) == ours([stream])


@given(
    data=st.binary(max_size=400) | sequences.map(lambda sent: b"".join(s.encode() for s in sent))
)
def test_the_short_way_says_what_the_reader_says_or_nothing(data: bytes) -> None:
    short = whole_text(data, LIMIT)

    assert short is None or ours([data]) == Outcome([("text", short)], 0)


@given(text=st.text(min_size=1, max_size=1000))
def test_the_short_way_reads_every_ordinary_text(text: str) -> None:
    assert whole_text(frame(TEXT, text.encode()), 1 << 16) == text.encode()


@given(data=st.binary(max_size=300) | st.integers(65_533, 65_538).map(bytes))
def test_what_we_write_is_read_back_by_the_library(data: bytes) -> None:
    for encode, opcode in ((encode_text, Opcode.TEXT), (encode_binary, Opcode.BINARY)):
        assert encode(data) == Frame(opcode, data).serialize(mask=False)


@given(data=st.binary(max_size=2000), places=st.lists(st.integers(0, 2000), max_size=5))
def test_noise_ends_in_a_close_or_waits_and_never_raises(data: bytes, places: list[int]) -> None:
    outcome = ours(cut(data, places))

    assert outcome == ours([data])
