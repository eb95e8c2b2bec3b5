"""What is waiting to be written to one slow connection, and what gives way.

``VITAL`` and ``ORDERED`` frames are never dropped: a client too slow for them is disconnected, and
resumes. ``LATEST`` keeps only the newest frame of each key: an old count helps nobody. A connection
has an outbox only while its socket is full.
"""

from collections import deque
from dataclasses import dataclass

from realtime.channels import Lane

MOST_FRAMES = 512
MOST_BYTES = 256 * 1024


class Overflow(Exception):
    """The client is too slow to be told everything it must be told."""


@dataclass(frozen=True, slots=True)
class Frame:
    lane: Lane
    data: bytes
    key: str = ""


class Outbox:
    def __init__(self, *, most_frames: int = MOST_FRAMES, most_bytes: int = MOST_BYTES) -> None:
        self._most_frames = most_frames
        self._most_bytes = most_bytes
        self._vital: deque[bytes] = deque()
        self._ordered: deque[bytes] = deque()
        self._latest: dict[str, bytes] = {}
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._vital) + len(self._ordered) + len(self._latest)

    def put(self, frame: Frame) -> None:
        """Queue a frame, or raise ``Overflow`` when it may not be dropped and there is no room."""
        if frame.lane is Lane.LATEST:
            # Removed first, so that the newest goes to the back of the line.
            self._bytes -= len(self._latest.pop(frame.key, b""))
            if not self._fits(frame):
                return
            self._latest[frame.key] = frame.data
        else:
            while not self._fits(frame):
                if not self._latest:
                    raise Overflow
                self._bytes -= len(self._latest.pop(next(iter(self._latest))))
            (self._vital if frame.lane is Lane.VITAL else self._ordered).append(frame.data)
        self._bytes += len(frame.data)

    def take(self, most_bytes: int) -> bytes:
        """Remove the next frames to write, vital ones first, at least one when there is any."""
        taken: list[bytes] = []
        size = 0
        while len(self) and (not taken or size < most_bytes):
            if self._vital:
                data = self._vital.popleft()
            elif self._ordered:
                data = self._ordered.popleft()
            else:
                data = self._latest.pop(next(iter(self._latest)))
            taken.append(data)
            size += len(data)
        self._bytes -= size
        return b"".join(taken)

    def _fits(self, frame: Frame) -> bool:
        return len(self) < self._most_frames and self._bytes + len(frame.data) <= self._most_bytes
