"""Many sockets, few system calls, and alerts first. No await: the loop is asked to call back.

What is said on a channel during one turn of the loop is joined and written once to each listener;
of what only the newest matters, that is the newest of each key, and of all that is said until its
listeners have been told something else. What is said while many are still being told something
else goes with that to those who have not been told yet.
A large audience is written to in slices, with a turn of the loop between two slices, so that a
vital frame never waits behind ten thousand others: neither those of a lane that gives way, nor
those of another channel that has had a slice already. While something is being committed, whoever
has had a slice gives way to it.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from operator import length_hint
from typing import Generic, Protocol, TypeVar

from realtime.channels import Lane
from realtime.hub import Hub
from realtime.kernel.ids import Channel
from realtime.link import Link

#: Sockets written to in one turn: about a millisecond of system calls.
SLICE = 128
#: The same while something is being committed: on its way to the disk and from there to its sockets
#: an alert takes seven turns, and is for fifty.
SHORT_SLICE = 64
#: How long whoever has had a slice then waits: the thread that commits may need our processor.
REST_S = 0.001
#: Of those who have had a slice, written to in any turn that is theirs.
LEAST = 16
#: Bytes joined at most of what is said in different turns.
MOST_JOINED = 16_384


class Listener(Protocol):
    @property
    def link(self) -> Link:
        """Where it may be written to at once, unless that is stuck."""
        ...

    def deliver(self, lane: Lane, key: str, frames: bytes) -> None:
        """Write, or keep what cannot be written now."""
        ...


F = TypeVar("F", bound=Listener)
T = TypeVar("T")


class _Crowd(Generic[F]):
    """Those who listen to a channel, in their order, and their links."""

    __slots__ = ("links", "listeners")

    def __init__(self, listeners: Iterable[F]) -> None:
        self.listeners = tuple(listeners)
        self.links: tuple[Link, ...] = tuple([it.link for it in self.listeners])


class _Job(Generic[F]):
    """Frames, and those to whom they are still to be written."""

    __slots__ = (
        "arrivals",
        "channel",
        "crowd",
        "departures",
        "end",
        "frames",
        "key",
        "lane",
        "links",
        "listeners",
    )

    def __init__(self, channel: Channel, lane: Lane, key: str, frames: bytes, hub: Hub[F]) -> None:
        self.channel = channel
        self.lane = lane
        self.key = key
        self.frames = frames
        self.crowd: _Crowd[F] = hub.made_of(channel, _Crowd)
        self.listeners = self.crowd.listeners
        #: Those to which it is still to be written.
        self.links = iter(self.crowd.links)
        #: Of the crowd, as a ring: where they end.
        self.end = 0
        #: How many had come to the hub, and gone, when it was said.
        self.arrivals = hub.arrivals
        self.departures = hub.departures

    @property
    def left(self) -> int:
        return length_hint(self.links)

    @property
    def is_of_all(self) -> bool:
        """Whether it began with the whole crowd."""
        return self.listeners is self.crowd.listeners

    def join(self, earlier: "Sequence[_Job[F]]") -> None:
        """Go with earlier jobs of the same crowd, the last one first; left are whom they told."""
        waiting = 0
        for job in earlier:
            job.frames += self.frames
            waiting += job.left
        # Those who wait stand one behind the other in the ring, from whoever is told next.
        first, most = earlier[0].end, len(self.listeners) - waiting
        self.end = (first + most) % len(self.listeners)
        self.listeners = _ring(self.crowd.listeners, first, most)
        self.links = iter(_ring(self.crowd.links, first, most))


def _ring(all_of_them: tuple[T, ...], first: int, most: int) -> tuple[T, ...]:
    """So many from there on, and from the beginning again."""
    return (
        all_of_them[first : first + most] + all_of_them[: max(0, first + most - len(all_of_them))]
    )


class _Waiting(Generic[F]):
    """The jobs of some lanes by channel, as frames of one channel keep their order.

    Who has had a slice goes behind all others, so that a few listeners never wait for many.
    """

    __slots__ = ("begun", "new")

    def __init__(self) -> None:
        self.new: dict[Channel, deque[_Job[F]]] = {}
        self.begun: dict[Channel, deque[_Job[F]]] = {}

    def add(self, job: _Job[F]) -> None:
        """Behind, or with, what waits on the same channel."""
        waiting = self.begun if job.channel in self.begun else self.new
        jobs = waiting.setdefault(job.channel, deque())
        ring = _last_ring(jobs)
        if ring and all(_go_together(it, job) for it in ring):
            job.join(ring)
        if job.left or not jobs:
            jobs.append(job)

    def done(self, waiting: dict[Channel, deque[_Job[F]]], *, whole: bool) -> None:
        """The first job of these is done, or has used up a slice."""
        channel, jobs = next(iter(waiting.items()))
        if not whole:
            del waiting[channel]
            self.begun[channel] = jobs
            return
        jobs.popleft()
        if not jobs:
            del waiting[channel]


def _last_ring(jobs: deque[_Job[F]]) -> Sequence[_Job[F]]:
    """Jobs of which none is for somebody for whom another is too: the last first."""
    ring = []
    for job in reversed(jobs):
        ring.append(job)
        if job.is_of_all:
            break
    return ring


def _go_together(earlier: _Job[F], later: _Job[F]) -> bool:
    """Nobody has come or gone in between; of the latest, each thing stays by itself."""
    return (
        earlier.crowd is later.crowd
        and later.lane is not Lane.LATEST
        and len(earlier.frames) + len(later.frames) <= MOST_JOINED
    )


class Fanout(Generic[F]):
    def __init__(
        self,
        hub: Hub[F],
        soon: Callable[[Callable[[], None]], object],
        later: Callable[[float, Callable[[], None]], object],
        hurried: Callable[[], bool] = lambda: False,
    ) -> None:
        """``soon`` calls back in the next turn, ``later`` after so many seconds.

        ``hurried``: whether something is being committed.
        """
        self._hub = hub
        self._soon = soon
        self._later = later
        self._hurried = hurried
        self._turn: dict[Channel, tuple[Lane, dict[str, list[bytes]]]] = {}
        self._vital: _Waiting[F] = _Waiting()
        self._others: _Waiting[F] = _Waiting()
        self._called = False
        #: Whoever has had a slice gives way.
        self._resting = False

    def say(self, channel: Channel, lane: Lane, frame: bytes, key: str = "") -> None:
        """Write a frame to all who listen to the channel now, soon."""
        pending = self._turn.get(channel)
        if pending is None:
            pending = self._turn[channel] = (lane, {})
            self._call()
        if lane is Lane.LATEST:
            # Removed first, so that the newest goes to the back of the line.
            pending[1].pop(key, None)
        pending[1].setdefault(key, []).append(frame)

    def settle(self, channel: Channel) -> None:
        """Fix who hears what has been said so far: whoever joins next has read it already."""
        pending = self._turn.pop(channel, None)
        if pending is None:
            return
        lane, said = pending
        for key, frames in said.items():
            written = b"".join(frames)
            job = _Job(channel, lane, f"{channel} {key}", written, self._hub)
            (self._vital if lane is Lane.VITAL else self._others).add(job)

    def _call(self) -> None:
        if not self._called:
            self._called = True
            self._soon(self._run)

    def _run(self) -> None:
        """One turn: one slice of what waits, what is vital first."""
        self._called = False
        for channel, (lane, _) in tuple(self._turn.items()):
            # Of the latest, what is said until its listeners have been told would be old by then.
            if lane is not Lane.LATEST or channel not in self._others.begun:
                self.settle(channel)
        left = SHORT_SLICE if self._hurried() else SLICE
        try:
            for waiting in (self._vital, self._others):
                if left > 0:
                    left = self._slice(waiting, left)
        finally:
            # Also when one listener's bug has ended this turn: the others must not wait for it.
            self._go_on()

    def _go_on(self) -> None:
        """See to it that there is another turn for what waits still."""
        held = any(channel not in self._others.begun for channel in self._turn)
        if held or self._vital.new or self._others.new:
            self._call()
        if self._resting or not (self._vital.begun or self._others.begun):
            return
        if self._hurried():
            self._resting = True
            self._later(REST_S, self._rested)
        else:
            self._call()

    def _rested(self) -> None:
        self._resting = False
        self._call()

    def _slice(self, waiting: _Waiting[F], left: int) -> int:
        """Write to those who have had nothing yet, then to those who have; what is left."""
        some_have = bool(waiting.begun)
        left = self._some(waiting, waiting.new, left)
        if some_have and not self._resting:
            # However many come, and a few more: those who have begun come to their end.
            left = self._some(waiting, waiting.begun, max(left, LEAST))
        return left

    def _some(self, waiting: _Waiting[F], jobs: dict[Channel, deque[_Job[F]]], left: int) -> int:
        while jobs and left > 0:
            job = next(iter(jobs.values()))[0]
            left = self._write(job, left)
            waiting.done(jobs, whole=not job.left)
        return left

    def _write(self, job: _Job[F], left: int) -> int:
        """Write to the next listeners of a job; what is left of the slice, 0 when it is used up."""
        lane, key, frames, links = job.lane, job.key, job.frames, job.links
        if self._hub.departures != job.departures:
            for listener in islice(self._still_there(job), left):
                listener.deliver(lane, key, frames)
                left -= 1
            return left
        before = length_hint(links)
        # Ten thousand times: nothing is looked at but the link (DECISIONS 41).
        for link in islice(links, left):
            if link.stuck:
                job.listeners[~length_hint(links)].deliver(lane, key, frames)
            else:
                write = link.write
                write(frames)
        return left - before + length_hint(links)

    def _still_there(self, job: _Job[F]) -> Iterator[F]:
        """Those to whom it is still to be written, and who have not left since it was said."""
        audience = self._hub.audience(job.channel)
        rest = islice(job.listeners, len(job.listeners) - job.left, None)
        # Whoever has left since, perhaps because a right ended, hears no more; whoever came back
        # has been told all this by the ledger.
        for listener, _ in zip(rest, job.links, strict=True):
            if 0 < audience.get(listener, 0) <= job.arrivals:
                yield listener
