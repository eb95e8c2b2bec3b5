"""What the edge of a socket and the program behind it promise each other.

A ``Shell`` decides who comes in and makes a ``Peer`` for each connection; the peer speaks through
a ``Link``. Everything is synchronous, on the event loop's thread.
"""

from http import HTTPStatus
from typing import Protocol


class Peer(Protocol):
    """One per connection. Never blocks; an exception that escapes closes the connection, 1011."""

    def received(self, message: bytes, text: bool) -> None:
        """Take one complete message, valid UTF-8 when ``text``."""
        ...

    def pressure(self, paused: bool) -> None:
        """Hear that what waits to be written passed its high mark, or came down to its low one.

        May come from inside ``Link.write``.
        """
        ...

    def closed(self) -> None:
        """Hear that the conversation is over, exactly once: nothing is delivered after it.

        Never from inside a call to ``Link``.
        """
        ...


class Link(Protocol):
    """A peer's connection. All of it may be called at any time, and does nothing when too late."""

    #: The client's address, for limits only: never logged. Empty on a Unix socket.
    address: str
    #: Whether what is written now would only wait: between ``Peer.pressure(True)`` and ``False``.
    stuck: bool

    def write(self, frames: bytes, /) -> None:
        """Send bytes that are framed already: one frame or many joined."""
        ...

    def close(self, code: int, reason: str = "") -> None:
        """Say goodbye, and drop the client if it has not gone in time."""
        ...

    def abort(self) -> None:
        """Drop the connection and what waits to be written."""
        ...

    def pause_reading(self) -> None:
        """Deliver nothing until ``resume_reading``; at most one read is held meanwhile."""
        ...

    def resume_reading(self) -> None: ...

    def buffered(self) -> int:
        """How many bytes wait to be written."""
        ...


class Shell(Protocol):
    """The node, as connections see it."""

    def admits(self, origin: str | None, host: str, secure: bool) -> bool:
        """Decide before the 101. False is answered 403; ``Refused`` with its status."""
        ...

    def opened(self, link: Link) -> Peer:
        """Make the peer of a connection whose 101 has just been written."""
        ...


class Refused(Exception):
    """Raised by ``Shell.admits`` to answer with a status instead of the 101: 503 when full."""

    def __init__(self, status: int = HTTPStatus.SERVICE_UNAVAILABLE) -> None:
        super().__init__(status)
        self.status = status
