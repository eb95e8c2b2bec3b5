"""Whatever the turns, the rests and the haste: each hears all of each channel, once, in order."""

from collections.abc import Callable
from dataclasses import dataclass
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from realtime import fanout, hub
from realtime.channels import Lane
from realtime.fanout import Fanout
from realtime.hub import Hub
from realtime.kernel.ids import Channel
from tests.support.audience import Ear

ROOMS = 2


@dataclass(eq=False)
class Seat:
    """A listener, and what has been said in its room since it came."""

    ear: Ear
    said: bytes = b""


class Played:
    """Rooms with so many listeners, of which some are told vital things."""

    def __init__(self, audiences: list[int], vital: set[int]) -> None:
        self._hub: Hub[Ear] = Hub()
        self._vital = vital
        self._turns: list[Callable[[], None]] = []
        self._rests: list[Callable[[], None]] = []
        self._hurried = False
        self._fanout = Fanout(
            self._hub,
            self._turns.append,
            lambda _, then: self._rests.append(then),
            lambda: self._hurried,
        )
        self._said = 0
        self.seats: list[list[Seat]] = [[] for _ in range(ROOMS)]
        self.gone: list[Seat] = []
        for room, many in enumerate(audiences):
            for _ in range(many):
                self.come(room)

    @property
    def waits(self) -> bool:
        assert len(self._turns) <= 1
        assert len(self._rests) <= 1
        return bool(self._turns or self._rests)

    def say(self, room: int) -> None:
        self._said += 1
        frame = b"%d;" % self._said
        lane = Lane.VITAL if room in self._vital else Lane.ORDERED
        self._fanout.say(_channel(room), lane, frame)
        for seat in self.seats[room]:
            seat.said += frame

    def come(self, room: int) -> None:
        self._fanout.settle(_channel(room))
        seat = Seat(Ear([], f"{room}"))
        self.seats[room].append(seat)
        self._hub.join(seat.ear, _channel(room))

    def go(self, room: int) -> None:
        """One from the middle."""
        if seats := self.seats[room]:
            seat = seats.pop(len(seats) // 2)
            self._hub.leave(seat.ear, _channel(room))
            self.gone.append(seat)

    def turn(self, _: int) -> None:
        self._go_on(self._turns)

    def rest(self, _: int) -> None:
        self._go_on(self._rests)

    def haste(self, _: int) -> None:
        self._hurried = not self._hurried

    def _go_on(self, waiting: list[Callable[[], None]]) -> None:
        now, waiting[:] = list(waiting), []
        for go_on in now:
            go_on()


def _channel(room: int) -> Channel:
    return Channel(f"room:{room}")


@settings(max_examples=max(500, settings().max_examples))
@given(
    audiences=st.lists(st.integers(0, 12), min_size=ROOMS, max_size=ROOMS),
    vital=st.sets(st.integers(0, ROOMS - 1)),
    what=st.lists(
        st.tuples(
            st.sampled_from([Played.say, Played.turn] * 5)
            | st.sampled_from([Played.rest, Played.haste, Played.come, Played.go]),
            st.integers(0, ROOMS - 1),
        ),
        max_size=80,
    ),
)
def test_each_hears_all_once_and_in_order_and_it_ends(
    audiences: list[int],
    vital: set[int],
    what: list[tuple[Callable[[Played, int], None], int]],
) -> None:
    few = patch.multiple(fanout, SLICE=3, SHORT_SLICE=2, LEAST=1, MOST_JOINED=7)
    with few, patch.object(hub, "MANY", 2):
        played = Played(audiences, vital)
        for event, room in what:
            event(played, room)
        # Each turn, and each rest, serves somebody: it ends, however hurried.
        for _ in range((sum(audiences) + len(what)) * len(what) + 2):
            played.rest(0)
            played.turn(0)

    assert not played.waits
    for seats in played.seats:
        assert all(b"".join(seat.ear.heard) == seat.said for seat in seats)
    # Whoever has gone hears no more, and nothing out of turn before.
    assert all(seat.said.startswith(b"".join(seat.ear.heard)) for seat in played.gone)
