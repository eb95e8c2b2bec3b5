"""Who listens to what."""

from realtime.hub import MANY, Hub
from realtime.kernel.ids import Channel

ROOM, OTHER = Channel("room:1"), Channel("room:2")


def test_listeners_are_heard_of_in_the_order_in_which_they_came() -> None:
    hub: Hub[str] = Hub()
    for listener in ("c", "a", "b"):
        hub.join(listener, ROOM)

    assert list(hub.audience(ROOM)) == ["c", "a", "b"]
    assert ROOM in hub


def test_a_channel_nobody_listens_to_has_no_audience_and_no_place() -> None:
    hub: Hub[str] = Hub()

    assert not hub.audience(ROOM)
    assert ROOM not in hub


def test_joining_twice_is_arriving_anew() -> None:
    hub: Hub[str] = Hub()
    hub.join("a", ROOM)
    hub.join("b", ROOM)
    before = hub.audience(ROOM)["a"]

    hub.join("a", ROOM)

    assert list(hub.audience(ROOM)) == ["b", "a"]
    assert hub.audience(ROOM)["a"] > before


def test_leaving_says_whether_there_was_somebody_to_leave() -> None:
    hub: Hub[str] = Hub()
    hub.join("a", ROOM)

    assert hub.leave("a", ROOM)
    assert not hub.leave("a", ROOM)
    assert not hub.leave("b", OTHER)


def test_the_last_to_leave_takes_the_channel_along() -> None:
    hub: Hub[str] = Hub()
    hub.join("a", ROOM)
    hub.join("b", ROOM)

    hub.leave("a", ROOM)

    assert ROOM in hub
    hub.leave("b", ROOM)
    assert ROOM not in hub


def test_channels_do_not_mix() -> None:
    hub: Hub[str] = Hub()
    hub.join("a", ROOM)
    hub.join("a", OTHER)

    hub.leave("a", ROOM)

    assert list(hub.audience(OTHER)) == ["a"]


def test_while_nobody_goes_nobody_has_departed() -> None:
    hub: Hub[str] = Hub()
    hub.join("a", ROOM)
    hub.join("b", ROOM)
    assert hub.departures == 0

    hub.leave("c", ROOM)
    assert hub.departures == 0

    hub.leave("a", ROOM)
    hub.join("b", ROOM)
    assert (hub.arrivals, hub.departures) == (3, 2)


def test_what_is_made_of_a_large_audience_is_made_once_a_change() -> None:
    hub: Hub[int] = Hub()
    for listener in range(MANY + 1):
        hub.join(listener, ROOM)
    first = hub.made_of(ROOM, tuple)

    assert first == tuple(range(MANY + 1))
    assert hub.made_of(ROOM, tuple) is first
    hub.join(-1, OTHER)
    assert hub.made_of(ROOM, tuple) is first
    hub.leave(0, ROOM)
    assert hub.made_of(ROOM, tuple) == tuple(range(1, MANY + 1))
    hub.join(1, ROOM)
    assert hub.made_of(ROOM, tuple) == (*range(2, MANY + 1), 1)


def test_of_a_few_it_is_made_each_time_and_of_nobody_too() -> None:
    hub: Hub[str] = Hub()
    hub.join("a", ROOM)

    assert hub.made_of(ROOM, list) is not hub.made_of(ROOM, list)
    assert hub.made_of(OTHER, list) == []
