"""Who listens to what, on this node. Pure bookkeeping: no await, no network.

Methods answer with the work the caller must still do, so that the waiting and the deciding live in
different files.
"""

from typing import Generic, TypeVar

from realtime.kernel.ids import Channel

L = TypeVar("L")


class Hub(Generic[L]):
    def __init__(self) -> None:
        self._listeners: dict[Channel, dict[L, None]] = {}

    def __contains__(self, channel: Channel) -> bool:
        return channel in self._listeners

    def join(self, listener: L, channel: Channel) -> bool:
        """Add a listener. True when it is the channel's first: tell the broker."""
        listeners = self._listeners.get(channel)
        if listeners is None:
            self._listeners[channel] = {listener: None}
            return True
        listeners[listener] = None
        return False

    def leave(self, listener: L, channel: Channel) -> bool:
        """Remove a listener. True when the channel is now empty: tell the broker."""
        listeners = self._listeners.get(channel)
        if listeners is None or listener not in listeners:
            return False
        del listeners[listener]
        if listeners:
            return False
        del self._listeners[channel]
        return True

    def audience(self, channel: Channel) -> dict[L, None]:
        """The listeners, in the order in which they came. Not to be changed by the caller."""
        return self._listeners.get(channel, {})
