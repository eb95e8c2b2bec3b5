"""What waits for a slow client, and what gives way."""

import pytest

from realtime.channels import Lane
from realtime.outbox import Frame, Outbox, Overflow


def vital(data: bytes) -> Frame:
    return Frame(Lane.VITAL, data)


def ordered(data: bytes) -> Frame:
    return Frame(Lane.ORDERED, data)


def latest(key: str, data: bytes) -> Frame:
    return Frame(Lane.LATEST, data, key)


def filled(*frames: Frame, most_frames: int = 100, most_bytes: int = 1000) -> Outbox:
    outbox = Outbox(most_frames=most_frames, most_bytes=most_bytes)
    for frame in frames:
        outbox.put(frame)
    return outbox


def test_vital_frames_are_written_first_then_ordered_then_the_latest() -> None:
    outbox = filled(
        latest("count", b"l"), ordered(b"o1"), vital(b"v1"), ordered(b"o2"), vital(b"v2")
    )

    assert outbox.take(1000) == b"v1v2o1o2l"


def test_only_the_newest_of_a_key_is_kept() -> None:
    outbox = filled(latest("a", b"1"), latest("b", b"2"), latest("a", b"3"))

    assert outbox.take(1000) == b"23"


def test_taking_stops_once_enough_has_been_taken() -> None:
    outbox = filled(vital(b"aaa"), vital(b"bbb"), vital(b"ccc"))

    assert outbox.take(4) == b"aaabbb"
    assert outbox.take(4) == b"ccc"
    assert outbox.take(4) == b""


def test_a_frame_larger_than_what_is_asked_for_is_taken_all_the_same() -> None:
    assert filled(vital(b"a" * 100)).take(1) == b"a" * 100


def test_an_old_count_gives_way_to_what_may_not_be_dropped() -> None:
    outbox = filled(latest("a", b"old"), latest("b", b"new"), ordered(b"text"), most_frames=2)

    assert outbox.take(1000) == b"textnew"


def test_a_count_for_which_there_is_no_room_is_dropped_in_silence() -> None:
    outbox = filled(vital(b"1"), vital(b"2"), latest("a", b"count"), most_frames=2)

    assert outbox.take(1000) == b"12"


def test_a_newer_count_that_does_not_fit_leaves_no_old_one_behind() -> None:
    outbox = filled(latest("a", b"old"), vital(b"1" * 7), most_bytes=10)

    outbox.put(latest("a", b"too long"))

    assert outbox.take(1000) == b"1" * 7


@pytest.mark.parametrize("frame", [vital(b"x"), ordered(b"x")])
def test_who_is_too_slow_for_what_may_not_be_dropped_overflows(frame: Frame) -> None:
    outbox = filled(vital(b"1"), ordered(b"2"), most_frames=2)

    with pytest.raises(Overflow):
        outbox.put(frame)


def test_bytes_are_counted_too_and_come_back_when_taken() -> None:
    outbox = filled(vital(b"1234567890"), most_bytes=10)
    with pytest.raises(Overflow):
        outbox.put(vital(b"x"))
    outbox.take(1)

    outbox.put(vital(b"1234567890"))

    assert len(outbox) == 1
