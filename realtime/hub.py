"""Who listens to what, on this node. Pure bookkeeping: no await, no network.

Methods answer with the work the caller must still do, so that the waiting and the deciding live in
different files.
"""

from collections.abc import Mapping
from typing import Generic, TypeVar

from realtime.kernel.ids import Channel

L = TypeVar("L")


class Hub(Generic[L]):
    def __init__(self) -> None:
        self._listeners: dict[Channel, dict[L, int]] = {}
        #: How many have come so far, and how many have gone: while nobody goes, whoever was in an
        #: audience is in it still.
        self.arrivals = self.departures = 0

    def __contains__(self, channel: Channel) -> bool:
        return channel in self._listeners

    def join(self, listener: L, channel: Channel) -> None:
        """Add a listener, or make one that is there already arrive anew."""
        self.arrivals += 1
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
        if not listeners:
            del self._listeners[channel]
        return True

    def audience(self, channel: Channel) -> Mapping[L, int]:
        """The listeners in the order in which they came, each with the number of its arrival.

        Whoever left and came back has another number: what was on its way to it before was for
        who it was then.
        """
        return self._listeners.get(channel, {})
