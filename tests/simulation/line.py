"""The line between one phone and one node: it takes time, can be cut, and can be slow.

The node's end is a ``realtime.link.Link``, as ``edge`` is on a real socket; the phone's is a queue.
"""

from collections.abc import Callable, Iterator
from random import Random

from realtime.link import Peer, Shell
from tests.simulation.loop import PEOPLE, Host, VirtualLoop, on_host

#: Beyond it a node is told that the socket is full; below the half, that there is room.
FULL_BYTES = 4096


class Line:
    """``arrived`` is given each message; ``ended`` the closing code, 0 when there was none."""

    address = ""

    def __init__(
        self,
        loop: VirtualLoop,
        dice: Random,
        host: Host,
        *,
        arrived: Callable[[bytes], None],
        ended: Callable[[int], None],
    ) -> None:
        self._loop = loop
        self._dice = dice
        self.host = host
        self._there, self._here = on_host(host), on_host(PEOPLE)
        self._arrived = arrived
        self._ended = ended
        self._peer: Peer | None = None
        self._up = self._down = 0.0
        self._cut = False
        self._over = {"phone": False, "node": False}
        self._buffered = 0
        self.stuck = False
        #: Until then the phone reads nothing.
        self._deaf_until = 0.0
        self._paused: list[bytes] | None = None

    # The phone's end.

    def open(self, shell: Callable[[], Shell | None]) -> None:
        def opened() -> None:
            found = shell()
            if found is None or self._cut:
                self._hang_up(0)
            else:
                self._peer = found.opened(self)

        self._send_up(opened)

    def send(self, message: bytes) -> None:
        self._send_up(lambda: self._received(message))

    def leave(self) -> None:
        """The phone closes."""
        self._over["phone"] = True
        self._send_up(self._gone)

    def cut(self) -> None:
        """Both ends hear nothing more, and learn of it by and by."""
        self._cut = True
        self._loop.call_later(self._dice.uniform(0, 4), self._hung_up, 0, context=self._here)
        self._loop.call_later(self._dice.uniform(0, 20), self._gone, context=self._there)

    def deafen(self, seconds: float) -> None:
        """The phone reads nothing for a while."""
        self._deaf_until = self._loop.time() + seconds

    def _send_up(self, act: Callable[[], None]) -> None:
        def arrives() -> None:
            if not self._cut:
                act()

        self._up = max(self._up + 1e-6, self._loop.time() + self._dice.uniform(0.001, 0.03))
        self._loop.call_at(self._up, arrives, context=self._there)

    def _received(self, message: bytes) -> None:
        if self._over["node"] or self._peer is None:
            return
        if self._paused is not None:
            self._paused.append(message)
        else:
            self._peer.received(message, True)

    def _hung_up(self, code: int) -> None:
        if not self._over["phone"]:
            self._over["phone"] = True
            self._ended(code)

    # The node's end: ``realtime.link.Link``.

    def write(self, frames: bytes, /) -> None:
        if self._over["node"]:
            return
        self._buffered += len(frames)
        self._send_down(lambda: self._read(frames))
        if self._buffered > FULL_BYTES and not self.stuck:
            self.stuck = True
            if self._peer is not None:
                self._peer.pressure(True)

    def close(self, code: int, reason: str = "") -> None:
        self._hang_up(code)

    def abort(self) -> None:
        self._hang_up(0)

    def pause_reading(self) -> None:
        if self._paused is None:
            self._paused = []

    def resume_reading(self) -> None:
        held, self._paused = self._paused or [], None
        for message in held:
            self._loop.call_soon(self._received, message, context=self._there)

    def buffered(self) -> int:
        return self._buffered

    def _hang_up(self, code: int) -> None:
        if not self._over["node"]:
            self._send_down(lambda: self._hung_up(code))
            self._loop.call_soon(self._gone, context=self._there)

    def _gone(self) -> None:
        if not self._over["node"]:
            self._over["node"] = True
            if self._peer is not None:
                self._peer.closed()

    def _send_down(self, act: Callable[[], None]) -> None:
        def arrives() -> None:
            if not self._cut:
                act()

        ready = max(self._loop.time(), self._deaf_until)
        self._down = max(self._down + 1e-6, ready + self._dice.uniform(0.001, 0.03))
        self._loop.call_at(self._down, arrives, context=self._here)

    def _read(self, frames: bytes) -> None:
        self._loop.call_soon(self._taken, len(frames), context=self._there)
        for message in messages_of(frames):
            if not self._over["phone"]:
                self._arrived(message)

    def _taken(self, size: int) -> None:
        self._buffered -= size
        if self.stuck and self._buffered < FULL_BYTES // 2:
            self.stuck = False
            if self._peer is not None and not self._over["node"]:
                self._peer.pressure(False)


def messages_of(frames: bytes) -> Iterator[bytes]:
    """The texts of whole server frames (RFC 6455: not masked), one object each."""
    at = 0
    while at < len(frames):
        size, head = frames[at + 1], 2
        if size >= 126:
            head = 4 if size == 126 else 10
            size = int.from_bytes(frames[at + 2 : at + head])
        yield from frames[at + head : at + head + size].split(b"\n")
        at += head + size
