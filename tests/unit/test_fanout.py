"""Many sockets, few writes, and alerts first."""

import pytest

from realtime import fanout
from realtime.channels import Lane
from realtime.kernel.ids import Channel
from tests.support.audience import House

ROOM, ALERT, BOARD = Channel("room:1"), Channel("alert:1"), Channel("board:1")
QUEUE = Channel("queue:1")


def test_what_is_said_in_one_turn_is_written_once() -> None:
    house = House()
    anna, bea = house.ear("anna", ROOM), house.ear("bea", ROOM)

    house.fanout.say(ROOM, Lane.ORDERED, b"1")
    house.fanout.say(ROOM, Lane.ORDERED, b"2")

    assert len(house.turns) == 1
    house.turn()
    assert anna.heard == bea.heard == [b"12"]
    assert house.turns == []


def test_of_the_latest_only_the_newest_of_a_turn_is_written() -> None:
    house = House()
    anna = house.ear("anna", BOARD)

    house.fanout.say(BOARD, Lane.LATEST, b"1")
    house.fanout.say(BOARD, Lane.LATEST, b"2")
    house.turn()

    assert anna.heard == [b"2"]


def test_the_newest_of_each_key_is_written_and_none_of_another_is_lost() -> None:
    house = House()
    anna = house.ear("anna", BOARD)

    for key, frame in (("h1", b"1"), ("h2", b"2"), ("h1", b"3")):
        house.fanout.say(BOARD, Lane.LATEST, frame, key)
    house.all_turns()

    assert anna.heard == [b"2", b"3"]


def test_an_alert_goes_before_what_was_said_earlier() -> None:
    house = House()
    house.ear("anna", ROOM, ALERT)

    house.fanout.say(ROOM, Lane.ORDERED, b"chat")
    house.fanout.say(ALERT, Lane.VITAL, b"alert")
    house.turn()

    assert house.everything == [("anna", b"alert"), ("anna", b"chat")]


@pytest.mark.parametrize(("channel", "lane"), [(ROOM, Lane.ORDERED), (QUEUE, Lane.VITAL)])
def test_a_few_never_wait_for_many_not_even_of_the_same_lane(
    monkeypatch: pytest.MonkeyPatch, channel: Channel, lane: Lane
) -> None:
    monkeypatch.setattr(fanout, "SLICE", 2)
    house = House()
    for name in "abcde":
        house.ear(name, channel)
    house.ear("helper", ALERT)

    house.fanout.say(channel, lane, b"many")
    house.turn()
    assert [name for name, _ in house.everything] == ["a", "b"]
    house.fanout.say(ALERT, Lane.VITAL, b"alert")
    house.all_turns()

    assert [name for name, _ in house.everything] == ["a", "b", "helper", "c", "d", "e"]


def test_what_is_said_later_on_a_channel_waits_for_what_was_said_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fanout, "SLICE", 2)
    house = House()
    ears = [house.ear(name, QUEUE) for name in "abcde"]

    house.fanout.say(QUEUE, Lane.VITAL, b"1")
    house.turn()
    # Fewer listen now: those that are left would be reached sooner.
    for ear in ears[:3]:
        house.hub.leave(ear, QUEUE)
    house.fanout.say(QUEUE, Lane.VITAL, b"2")
    house.all_turns()

    assert [ear.heard for ear in ears] == [[b"1"], [b"1"], [], [b"1", b"2"], [b"1", b"2"]]


def test_two_large_audiences_are_written_to_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout, "SLICE", 2)
    house = House()
    for name in "abc":
        house.ear(name, QUEUE)
        house.ear(name.upper(), ALERT)

    house.fanout.say(QUEUE, Lane.VITAL, b"1")
    house.fanout.say(ALERT, Lane.VITAL, b"1")
    house.fanout.say(QUEUE, Lane.VITAL, b"2")
    house.all_turns()

    assert "".join(name for name, _ in house.everything) == "abABcC"


def test_who_has_had_a_slice_gives_way_while_something_is_being_committed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fanout, "SLICE", 3)
    monkeypatch.setattr(fanout, "SHORT_SLICE", 2)
    monkeypatch.setattr(fanout, "LEAST", 1)
    house = House()
    for name in "abcdefghi":
        house.ear(name, ROOM)
    house.ear("helper", ALERT)

    def heard() -> str:
        return "".join(name[0] for name, _ in house.everything)

    house.fanout.say(ROOM, Lane.VITAL, b"chat")
    house.hurried = True
    house.turn()
    assert (heard(), house.turns, len(house.rests)) == ("ab", [], 1)
    # What comes meanwhile does not rest, nor does it end the rest of the others.
    house.fanout.say(ALERT, Lane.VITAL, b"alert")
    house.turn()
    assert (heard(), house.turns, len(house.rests)) == ("abh", [], 1)
    house.rests.pop()()
    house.turn()
    assert (heard(), house.turns, len(house.rests)) == ("abhcd", [], 1)
    house.hurried = False
    house.rests.pop()()
    house.all_turns()

    assert (heard(), house.rests) == ("abhcdefghi", [])


def test_slices_are_short_while_something_is_being_committed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fanout, "SLICE", 3)
    monkeypatch.setattr(fanout, "SHORT_SLICE", 1)
    house = House()
    for name in "abcdefg":
        house.ear(name, Channel(f"me:{name}"))
        house.fanout.say(Channel(f"me:{name}"), Lane.VITAL, b"alert")

    house.hurried = True
    house.turn()
    assert len(house.everything) == 1
    house.hurried = False
    house.turn()

    assert len(house.everything) == 4


def test_a_slice_that_ends_with_the_audience_writes_to_nobody_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fanout, "SLICE", 2)
    house = House()
    ears = [house.ear(name, ROOM) for name in "abcd"]

    house.fanout.say(ROOM, Lane.ORDERED, b"1")
    house.fanout.say(ROOM, Lane.ORDERED, b"2")
    house.all_turns()

    assert [ear.heard for ear in ears] == [[b"12"]] * 4


def test_who_left_before_its_slice_hears_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout, "SLICE", 1)
    house = House()
    anna, bea = house.ear("anna", ROOM), house.ear("bea", ROOM)
    house.fanout.say(ROOM, Lane.ORDERED, b"secret")
    house.turn()

    house.hub.leave(bea, ROOM)
    house.all_turns()

    assert (anna.heard, bea.heard) == ([b"secret"], [])


def test_who_left_and_came_back_before_its_slice_does_not_hear_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fanout, "SLICE", 1)
    house = House()
    house.ear("anna", ROOM)
    bea = house.ear("bea", ROOM)
    house.fanout.say(ROOM, Lane.ORDERED, b"1")
    house.turn()

    # Coming back, it has been told 1 by the ledger.
    house.hub.leave(bea, ROOM)
    house.hub.join(bea, ROOM)
    house.all_turns()

    assert bea.heard == []


def test_who_comes_while_others_leave_hears_nothing_said_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fanout, "SLICE", 1)
    house = House()
    ears = [house.ear(name, ROOM) for name in "abc"]
    house.fanout.say(ROOM, Lane.ORDERED, b"1")
    house.turn()

    house.hub.leave(ears[1], ROOM)
    late = house.ear("late", ROOM)
    house.all_turns()

    assert [ear.heard for ear in ears] == [[b"1"], [], [b"1"]]
    assert late.heard == []


def test_who_joins_after_a_settling_has_read_what_was_said_before() -> None:
    house = House()
    anna = house.ear("anna", ROOM)
    house.fanout.say(ROOM, Lane.ORDERED, b"1")

    house.fanout.settle(ROOM)
    bea = house.ear("bea", ROOM)
    house.fanout.say(ROOM, Lane.ORDERED, b"2")
    house.all_turns()

    assert anna.heard == [b"1", b"2"]
    assert bea.heard == [b"2"]


def test_settling_a_quiet_channel_does_nothing() -> None:
    house = House()

    house.fanout.settle(ROOM)

    assert house.turns == []


def test_one_listeners_bug_does_not_keep_the_others_waiting() -> None:
    house = House()
    anna, bea = house.ear("anna", ROOM), house.ear("bea", ROOM)
    anna.broken = True
    house.fanout.say(ROOM, Lane.ORDERED, b"1")

    with pytest.raises(RuntimeError, match="a bug"):
        house.turn()
    house.all_turns()

    assert bea.heard == [b"1"]


def test_many_do_not_wait_for_ever_for_a_few_and_a_few_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fanout, "SLICE", 2)
    monkeypatch.setattr(fanout, "LEAST", 1)
    house = House()
    many = [house.ear(str(number), ROOM) for number in range(6)]
    few = [house.ear("few", Channel(f"me:{number}")) for number in range(40)]
    house.fanout.say(ROOM, Lane.VITAL, b"1")

    for number in range(0, 40, 2):
        house.fanout.say(Channel(f"me:{number}"), Lane.VITAL, b"2")
        house.fanout.say(Channel(f"me:{number + 1}"), Lane.VITAL, b"2")
        house.turn()

    assert [ear.heard for ear in many] == [[b"1"]] * 6
    house.all_turns()
    assert [ear.heard for ear in few] == [[b"2"]] * 40


def test_nothing_is_left_of_what_ends_with_its_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout, "SLICE", 2)
    house = House()
    two = [house.ear(name, ROOM) for name in "ab"]

    house.fanout.say(ROOM, Lane.VITAL, b"1")
    house.turn()

    assert [ear.heard for ear in two] == [[b"1"]] * 2
    assert house.turns == []


def test_of_the_latest_what_is_said_while_many_are_being_told_is_the_newest_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fanout, "SLICE", 2)
    monkeypatch.setattr(fanout, "SHORT_SLICE", 2)
    house = House()
    ears = [house.ear(name, BOARD) for name in "abcde"]

    house.fanout.say(BOARD, Lane.LATEST, b"1")
    house.hurried = True
    for frame in (b"2", b"3"):
        house.turn()
        house.fanout.say(BOARD, Lane.LATEST, frame)
    house.turn()
    # Whoever comes has read all that already; whoever is here is told it, and what comes after.
    house.fanout.settle(BOARD)
    late = house.ear("late", BOARD)
    for frame in (b"4", b"5"):
        house.fanout.say(BOARD, Lane.LATEST, frame)
        house.turn()
    while house.rests:
        house.rests.pop()()
        house.all_turns()

    assert all(ear.heard == [b"1", b"3", b"5"] for ear in ears)
    assert late.heard == [b"5"]
