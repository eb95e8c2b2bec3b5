"""Nothing vital or ordered is ever lost or overtaken, and of the rest the newest is kept."""

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from realtime.channels import Lane
from realtime.outbox import Frame, Outbox, Overflow

MOST_FRAMES, MOST_BYTES = 8, 60


@dataclass(frozen=True, slots=True)
class Sent:
    lane: Lane
    key: str
    number: int

    @property
    def data(self) -> bytes:
        """Each frame can be told from every other, and where it ends."""
        return b"<%d%s>" % (self.number, b"." * (self.number % 7))


class SlowClient(RuleBasedStateMachine):
    """An oracle that keeps every frame, and may only forget what the lanes allow."""

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self._begin()

    def _begin(self) -> None:
        self.outbox = Outbox(most_frames=MOST_FRAMES, most_bytes=MOST_BYTES)
        self.kept: dict[Lane, list[Sent]] = {lane: [] for lane in Lane}
        self.newest: dict[str, Sent] = {}

    def _new(self, lane: Lane, key: str = "") -> Sent:
        self.number += 1
        return Sent(lane, key, self.number)

    def _fits(self, sent: Sent, others: list[Sent]) -> bool:
        size = sum(len(it.data) for it in others) + len(sent.data)
        return len(others) < MOST_FRAMES and size <= MOST_BYTES

    @rule(lane=st.sampled_from([Lane.VITAL, Lane.ORDERED]))
    def something_must_be_told(self, lane: Lane) -> None:
        sent = self._new(lane)
        must = self.kept[Lane.VITAL] + self.kept[Lane.ORDERED]

        try:
            self.outbox.put(Frame(lane, sent.data))
        except Overflow:
            assert not self._fits(sent, must), "there was room once old counts had given way"
            # It is disconnected, and comes back to an empty outbox.
            self._begin()
            return
        assert self._fits(sent, must)
        self.kept[lane].append(sent)

    @rule(key=st.sampled_from("abc"))
    def a_count_changes(self, key: str) -> None:
        sent = self._new(Lane.LATEST, key)
        self.newest[key] = sent
        self.outbox.put(Frame(Lane.LATEST, sent.data, key))

    @rule(most_bytes=st.integers(1, 40))
    def the_socket_has_room(self, most_bytes: int) -> None:
        must = self.kept[Lane.VITAL] + self.kept[Lane.ORDERED]
        waiting = len(self.outbox)

        taken = self.outbox.take(most_bytes).replace(b">", b">\n").split()

        expected = [sent.data for sent in must][: len(taken)]
        assert taken[: len(expected)] == expected
        for data in taken[len(expected) :]:
            key = next(key for key, sent in self.newest.items() if sent.data == data)
            del self.newest[key]
        assert len(taken) <= waiting
        assert bool(taken) == bool(waiting)
        # One frame may pass the mark, none after it.
        assert sum(map(len, taken[:-1])) < most_bytes
        for lane in (Lane.VITAL, Lane.ORDERED):
            self.kept[lane] = [it for it in self.kept[lane] if it.data not in taken]

    @invariant()
    def it_never_holds_more_than_it_may(self) -> None:
        must = self.kept[Lane.VITAL] + self.kept[Lane.ORDERED]
        assert len(must) <= len(self.outbox) <= MOST_FRAMES
        assert self.outbox._bytes <= MOST_BYTES


TestSlowClient = SlowClient.TestCase
