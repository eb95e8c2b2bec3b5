"""Text on the wire is UTF-8, and what is not is refused at the first byte that shows it."""

from contextlib import suppress
from itertools import product

import pytest

from realtime.frames import BINARY, CONTINUATION, TEXT, CloseCode, Message, whole_text
from tests.support.client_frames import frame
from tests.support.frame_reading import LIMIT, failed, read


def _can_become_text(start: bytes) -> bool:
    for missing in range(4):
        for rest in product((0x80, 0x90, 0xA0, 0xBF), repeat=missing):
            with suppress(UnicodeDecodeError):
                (start + bytes(rest)).decode()
                return True
    return False


class TestText:
    @pytest.mark.parametrize(
        "bad",
        [
            b"\x80",
            b"\xc0",
            b"\xe0\x80",
            b"\xed\xa0",  # a surrogate, known at its second byte
            b"\xf4\x90",  # beyond the last character, likewise
            b"\xf5",
            b"\xff",
            b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0",
        ],
    )
    def test_that_is_not_utf_8_is_refused_at_the_first_wrong_byte(self, bad: bytes) -> None:
        started = frame(TEXT, bad + bytes(100))[: 6 + len(bad)]

        assert read(started[:-1]) == []
        assert failed(CloseCode.NOT_TEXT, started[:-1], started[-1:])
        assert failed(CloseCode.NOT_TEXT, frame(TEXT, bad, final=False))
        assert failed(CloseCode.NOT_TEXT, frame(TEXT, bad))
        assert whole_text(frame(TEXT, bad), LIMIT) is None

    def test_is_refused_exactly_when_nothing_could_still_make_it_right(self) -> None:
        leads = bytes.fromhex("80 bf c0 c1 c2 df e0 e1 ec ed ee ef f0 f1 f3 f4 f5 ff")
        seconds = (0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0)
        starts = [
            bytes((lead, *rest))
            for size in (0, 1, 2)
            for lead in leads
            for rest in product(seconds, repeat=size)
        ]

        refused = {start for start in starts if read(frame(TEXT, start, final=False))}

        assert refused == {start for start in starts if not _can_become_text(start)}

    def test_that_ends_inside_a_character_is_refused(self) -> None:
        assert failed(CloseCode.NOT_TEXT, frame(TEXT, "é".encode()[:1]))
        assert failed(
            CloseCode.NOT_TEXT,
            frame(TEXT, "é".encode()[:1], final=False),
            frame(CONTINUATION, b""),
        )
        assert whole_text(frame(TEXT, "é".encode()[:1]), LIMIT) is None

    def test_a_character_may_be_cut_by_fragments(self) -> None:
        parts = [frame(TEXT, b"", final=False)]
        parts += [frame(CONTINUATION, bytes((byte,)), final=False) for byte in "😀".encode()]
        parts += [frame(CONTINUATION, b"")]

        assert read(*parts) == [Message("😀".encode(), True)]

    def test_what_a_message_left_unfinished_is_not_in_the_next(self) -> None:
        binary = frame(BINARY, "é".encode()[:1], final=False) + frame(CONTINUATION, b"")
        text = frame(TEXT, "é".encode())

        assert read(binary + text) == [Message(b"\xc3", False), Message("é".encode(), True)]

    def test_binary_is_never_checked(self) -> None:
        assert read(frame(BINARY, b"\xff\xfe")) == [Message(b"\xff\xfe", False)]

    def test_the_short_way_reads_accents(self) -> None:
        assert whole_text(frame(TEXT, "à l'aide".encode()), LIMIT) == "à l'aide".encode()
