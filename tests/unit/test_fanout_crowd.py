"""A crowd is told in pieces: who is stuck, who comes and goes, what is said meanwhile."""

import pytest

from realtime import fanout
from realtime.channels import Lane
from realtime.hub import MANY
from realtime.kernel.ids import Channel
from tests.support.audience import House

ROOM, BOARD, QUEUE = Channel("room:1"), Channel("board:1"), Channel("queue:1")


def test_who_is_stuck_keeps_what_it_cannot_be_told_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout, "SLICE", 2)
    house = House()
    ears = [house.ear(name, BOARD) for name in "abcde"]
    ears[0].stuck = ears[3].stuck = True

    house.fanout.say(BOARD, Lane.LATEST, b"1", "h1")
    house.turn()
    assert [name for name, _ in house.everything] == ["b"]
    ears[4].stuck = True
    house.all_turns()

    assert [name for name, _ in house.everything] == ["b", "c"]
    for number in (0, 3, 4):
        assert ears[number].kept == [(Lane.LATEST, f"{BOARD} h1", b"1")]


def test_a_crowd_hears_each_thing_once_whoever_comes_and_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fanout, "SLICE", MANY // 3)
    house = House()
    ears = [house.ear(str(number), ROOM) for number in range(2 * MANY)]
    for said in (b"1", b"2"):
        house.fanout.say(ROOM, Lane.ORDERED, said)
        house.all_turns()
    house.fanout.say(ROOM, Lane.ORDERED, b"3")
    house.turn()

    house.hub.leave(ears[-1], ROOM)
    late = house.ear("late", ROOM)
    house.fanout.say(ROOM, Lane.ORDERED, b"4")
    house.all_turns()

    assert all(ear.heard == [b"1", b"2", b"3", b"4"] for ear in ears[:-1])
    assert ears[-1].heard == [b"1", b"2"]
    assert late.heard == [b"4"]


def test_what_is_said_while_many_are_being_told_goes_with_that_to_those_who_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fanout, "SLICE", MANY // 2)
    house = House()
    ears = [house.ear(str(number), QUEUE) for number in range(2 * MANY)]

    house.fanout.say(QUEUE, Lane.VITAL, b"1")
    house.turn()
    house.fanout.say(QUEUE, Lane.VITAL, b"2")
    house.turn()
    house.fanout.say(QUEUE, Lane.VITAL, b"3")
    house.all_turns()

    half = MANY // 2
    assert [ear.heard for ear in ears[:half]] == [[b"1", b"23"]] * half
    assert [ear.heard for ear in ears[half:MANY]] == [[b"12", b"3"]] * half
    assert [ear.heard for ear in ears[MANY:]] == [[b"123"]] * MANY
    # Whoever waits longest is told first.
    assert [name for name, _ in house.everything[MANY:]] == [
        str(number % (2 * MANY)) for number in range(MANY, 3 * MANY)
    ]


def test_of_the_latest_nothing_goes_with_what_was_said_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fanout, "SLICE", 1)
    house = House()
    ears = [house.ear(str(number), BOARD) for number in range(MANY)]
    for ear in ears:
        ear.stuck = True

    for key, frame in (("h1", b"1"), ("h2", b"2"), ("h1", b"3")):
        house.fanout.say(BOARD, Lane.LATEST, frame, key)
        house.turn()
    house.all_turns()

    kept = [(f"{BOARD} h1", b"1"), (f"{BOARD} h2", b"2"), (f"{BOARD} h1", b"3")]
    assert all([it[1:] for it in ear.kept] == kept for ear in ears)


def test_not_more_is_joined_than_a_socket_takes_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout, "SLICE", 1)
    monkeypatch.setattr(fanout, "MOST_JOINED", 2)
    house = House()
    ears = [house.ear(str(number), QUEUE) for number in range(MANY)]

    for frame in (b"1", b"2", b"3"):
        house.fanout.say(QUEUE, Lane.VITAL, frame)
        house.turn()
    house.all_turns()

    assert [ear.heard for ear in ears[3:]] == [[b"12", b"3"]] * (MANY - 3)


def test_what_was_too_long_to_be_joined_is_told_before_what_comes_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fanout, "SLICE", MANY // 4)
    monkeypatch.setattr(fanout, "MOST_JOINED", 4)
    house = House()
    ears = [house.ear(str(number), QUEUE) for number in range(MANY)]

    for frames in (b"111", b"22", b"3"):
        house.fanout.say(QUEUE, Lane.VITAL, frames)
        house.turn()
    house.all_turns()

    assert all(b"".join(ear.heard) == b"111223" for ear in ears)
