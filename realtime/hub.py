"""Who listens to what, on this node. Pure bookkeeping: no await, no network.

Methods answer with the work the caller must still do, so that the waiting and the deciding live in
different files.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar, cast

from realtime.kernel.ids import Channel

L = TypeVar("L")
T = TypeVar("T")

#: From so many listeners on, what is made of them is kept: less is made anew in a microsecond.
MANY = 64


class Hub(Generic[L]):
    def __init__(self) -> None:
        self._listeners: dict[Channel, dict[L, int]] = {}
        #: Of channels that nobody has joined or left since.
        self._made: dict[Channel, Any] = {}  # Any: whatever was made
        #: How many have come so far, and how many have gone: while nobody goes, whoever was in an
        #: audience is in it still.
        self.arrivals = self.departures = 0

    def __contains__(self, channel: Channel) -> bool:
        return channel in self._listeners

    def join(self, listener: L, channel: Channel) -> None:
        """Add a listener, or make one that is there already arrive anew."""
        self.arrivals += 1
        self._made.pop(channel, None)
        listeners = self._listeners.setdefault(channel, {})
        if listeners.pop(listener, None) is not None:
            self.departures += 1
        listeners[listener] = self.arrivals

    def leave(self, listener: L, channel: Channel) -> bool:
        """Remove a listener. True when it was there: others may have to be told."""
        listeners = self._listeners.get(channel)
        if listeners is None or listeners.pop(listener, None) is None:
            return False
        self.departures += 1
        self._made.pop(channel, None)
        if not listeners:
            del self._listeners[channel]
        return True

    def audience(self, channel: Channel) -> Mapping[L, int]:
        """The listeners in the order in which they came, each with the number of its arrival.

        Whoever left and came back has another number: what was on its way to it before was for
        who it was then.
        """
        return self._listeners.get(channel, {})

    def made_of(self, channel: Channel, make: Callable[[Iterable[L]], T]) -> T:
        """What is made of an audience, in its order; of a large one it is made once a change.

        One thing of each channel: whoever asks gives the same ``make``.
        """
        listeners = self._listeners.get(channel, {})
        if len(listeners) < MANY:
            return make(listeners)
        if channel not in self._made:
            self._made[channel] = make(listeners)
        # Safe: it was made by the same.
        return cast("T", self._made[channel])
