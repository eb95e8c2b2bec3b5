"""Whatever the turns, the rests and the haste: each hears all of each channel, once, in order."""

from collections import defaultdict
from collections.abc import Callable
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from realtime import fanout
from realtime.channels import Lane
from realtime.fanout import Fanout
from realtime.hub import Hub
from realtime.kernel.ids import Channel
from tests.unit.test_fanout import Ear

AUDIENCES = 4


class Played:
    """Audiences, of which some are told vital things; and what has been said to each."""

    def __init__(self, audiences: list[int], vital: set[int]) -> None:
        hub: Hub[Ear] = Hub()
        self.ears = [
            [Ear([], f"{number}") for _ in range(many)] for number, many in enumerate(audiences)
        ]
        for number, ears in enumerate(self.ears):
            for ear in ears:
                hub.join(ear, Channel(f"room:{number}"))
        self._vital = vital
        self._turns: list[Callable[[], None]] = []
        self._rests: list[Callable[[], None]] = []
        self._hurried = False
        self._fanout = Fanout(
            hub,
            self._turns.append,
            lambda _, then: self._rests.append(then),
            lambda: self._hurried,
        )
        self.said: defaultdict[int, bytes] = defaultdict(bytes)

    @property
    def waits(self) -> bool:
        assert len(self._turns) <= 1
        assert len(self._rests) <= 1
        return bool(self._turns or self._rests)

    def say(self, number: int, frame: bytes) -> None:
        lane = Lane.VITAL if number in self._vital else Lane.ORDERED
        self._fanout.say(Channel(f"room:{number}"), lane, frame)
        self.said[number] += frame

    def turn(self) -> None:
        self._go_on(self._turns)

    def rest(self) -> None:
        self._go_on(self._rests)

    def haste(self) -> None:
        self._hurried = not self._hurried

    def _go_on(self, waiting: list[Callable[[], None]]) -> None:
        now, waiting[:] = list(waiting), []
        for go_on in now:
            go_on()


@given(
    audiences=st.lists(st.integers(0, 9), min_size=AUDIENCES, max_size=AUDIENCES),
    vital=st.sets(st.integers(0, AUDIENCES - 1)),
    what=st.lists(
        st.integers(0, AUDIENCES - 1) | st.sampled_from([Played.turn, Played.rest, Played.haste]),
        max_size=60,
    ),
)
def test_each_hears_all_once_and_in_order_and_it_ends(
    audiences: list[int], vital: set[int], what: list[int | Callable[[Played], None]]
) -> None:
    with patch.multiple(fanout, SLICE=4, SHORT_SLICE=2, LEAST=1):
        played = Played(audiences, vital)
        for at, event in enumerate(what):
            if isinstance(event, int):
                played.say(event, b"%d;" % at)
            else:
                event(played)
        # Each turn, and each rest, serves somebody: it ends, however hurried.
        for _ in range(sum(audiences) * len(what) + 2):
            played.rest()
            played.turn()

    assert not played.waits
    for number, ears in enumerate(played.ears):
        assert all(b"".join(ear.heard) == played.said[number] for ear in ears)
