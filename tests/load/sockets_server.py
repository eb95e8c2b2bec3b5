"""The edge with nobody behind it: what a socket costs before anything is said about people.

Any text that begins with ``{`` is counted and forgotten; ``fan`` writes one frame of 300 bytes to
every socket; every word is answered with what the process has spent so far.
"""

import asyncio
import gc
import json
import resource
import sys
from pathlib import Path

import uvloop

from realtime.edge import edge_for
from realtime.frames import encode_text
from realtime.link import Link
from tests.support.echo import serving

FRAME = encode_text(b"x" * 300)


class Counter:
    __slots__ = ("link", "room")

    def __init__(self, link: Link, room: "Room") -> None:
        self.link, self.room = link, room

    def received(self, message: bytes, text: bool) -> None:
        self.room.heard += 1
        if not message.startswith(b"{"):
            self.room.obey(message.decode())
            self.link.write(encode_text(json.dumps(self.room.spent()).encode()))

    def pressure(self, paused: bool) -> None: ...

    def closed(self) -> None:
        self.room.counters.remove(self)


class Room:
    def __init__(self) -> None:
        self.counters: set[Counter] = set()
        self.heard = 0

    def admits(self, origin: str | None, host: str, secure: bool) -> bool:
        return True

    def opened(self, link: Link) -> Counter:
        counter = Counter(link, self)
        self.counters.add(counter)
        return counter

    def obey(self, word: str) -> None:
        if word == "collect":
            gc.collect()
        if word == "fan":
            for counter in self.counters:
                counter.link.write(FRAME)

    def spent(self) -> dict[str, float]:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return {
            "user": usage.ru_utime,
            "system": usage.ru_stime,
            "memory": pages * resource.getpagesize(),
            "heard": self.heard,
        }


async def main() -> None:
    async with serving(edge_for(Room())) as server:
        sys.stdout.write(f"ready {server.port}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
