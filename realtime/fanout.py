"""Many sockets, few system calls, and alerts first. No await: the loop is asked to call back.

What is said on a channel during one turn of the loop is joined and written once to each listener;
of what only the newest matters, that is the newest of each key.
A large audience is written to in slices, with a turn of the loop between two slices, so that a
vital frame never waits behind ten thousand others: neither those of a lane that gives way, nor
those of another channel that has had a slice already.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from operator import length_hint
from typing import Generic, Protocol, TypeVar

from realtime.channels import Lane
from realtime.hub import Hub
from realtime.kernel.ids import Channel
from realtime.link import Link

#: Sockets written to in one turn: about 3 ms of system calls (DESIGN 5: 10 µs each).
SLICE = 256
#: The same while something is being committed: on its way to the disk and from there to its sockets
#: an alert takes seven turns.
SHORT_SLICE = 16


class Listener(Protocol):
    @property
    def link(self) -> Link:
        """Where it may be written to at once, unless that is stuck."""
        ...

    def deliver(self, lane: Lane, key: str, frames: bytes) -> None:
        """Write, or keep what cannot be written now."""
        ...


F = TypeVar("F", bound=Listener)


class _Job(Generic[F]):
    __slots__ = ("arrivals", "channel", "departures", "frames", "key", "lane", "links", "listeners")

    def __init__(self, channel: Channel, lane: Lane, key: str, frames: bytes, hub: Hub[F]) -> None:
        self.channel = channel
        self.lane = lane
        self.key = key
        self.frames = frames
        links: tuple[Link, ...]
        self.listeners, links = hub.made_of(channel, _listed)
        #: Those to which it is still to be written.
        self.links = iter(links)
        #: How many had come to the hub, and gone, when it was said.
        self.arrivals = hub.arrivals
        self.departures = hub.departures


def _listed(listeners: Iterable[F]) -> tuple[tuple[F, ...], tuple[Link, ...]]:
    all_of_them = tuple(listeners)
    return all_of_them, tuple([it.link for it in all_of_them])


class _Waiting(Generic[F]):
    """The jobs of some lanes by channel, as frames of one channel keep their order.

    Who has had a slice goes behind all others, so that a few listeners never wait for many; every
    other turn before them, so that many do not wait for ever for a few and a few more.
    """

    __slots__ = ("_begun", "_begun_first", "_new")

    def __init__(self) -> None:
        self._begun_first = False
        self._new: dict[Channel, deque[_Job[F]]] = {}
        self._begun: dict[Channel, deque[_Job[F]]] = {}

    def __bool__(self) -> bool:
        return bool(self._new or self._begun)

    @property
    def first(self) -> _Job[F]:
        """The job whose turn it is; there must be one."""
        return next(iter(self._whose_turn.values()))[0]

    def turn(self) -> None:
        """Another turn begins."""
        self._begun_first = not self._begun_first

    def add(self, job: _Job[F]) -> None:
        waiting = self._begun if job.channel in self._begun else self._new
        waiting.setdefault(job.channel, deque()).append(job)

    def done(self, *, whole: bool) -> None:
        """The first job is done, or has used up a slice."""
        waiting = self._whose_turn
        channel, jobs = next(iter(waiting.items()))
        if not whole:
            del waiting[channel]
            self._begun[channel] = jobs
            return
        jobs.popleft()
        if not jobs:
            del waiting[channel]

    @property
    def _whose_turn(self) -> dict[Channel, deque[_Job[F]]]:
        if self._begun_first:
            return self._begun or self._new
        return self._new or self._begun


class Fanout(Generic[F]):
    def __init__(
        self,
        hub: Hub[F],
        soon: Callable[[Callable[[], None]], object],
        hurried: Callable[[], bool] = lambda: False,
    ) -> None:
        """``soon`` calls back in the next turn; ``hurried``: whether turns must be short."""
        self._hub = hub
        self._soon = soon
        self._hurried = hurried
        self._turn: dict[Channel, tuple[Lane, dict[str, list[bytes]]]] = {}
        self._vital: _Waiting[F] = _Waiting()
        self._others: _Waiting[F] = _Waiting()
        self._called = False

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
        for channel in tuple(self._turn):
            self.settle(channel)
        left = SHORT_SLICE if self._hurried() else SLICE
        try:
            for waiting in (self._vital, self._others):
                waiting.turn()
                while waiting and left > 0:
                    job = waiting.first
                    left = self._write(job, left)
                    waiting.done(whole=not length_hint(job.links))
        finally:
            # Also when one listener's bug has ended this turn: the others must not wait for it.
            if self._vital or self._others:
                self._call()

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
        rest = islice(job.listeners, len(job.listeners) - length_hint(job.links), None)
        # Whoever has left since, perhaps because a right ended, hears no more; whoever came back
        # has been told all this by the ledger.
        for listener, _ in zip(rest, job.links, strict=True):
            if 0 < audience.get(listener, 0) <= job.arrivals:
                yield listener
