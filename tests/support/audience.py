"""Listeners of a fan-out, and the turns of the loop it asks for, one by one."""

from collections.abc import Callable
from dataclasses import dataclass, field

from realtime.channels import Lane
from realtime.fanout import Fanout
from realtime.hub import Hub
from realtime.kernel.ids import Channel


@dataclass(eq=False)
class Ear:
    """A listener that remembers each write, in the order of all."""

    everything: list[tuple[str, bytes]]
    name: str
    heard: list[bytes] = field(default_factory=list)
    broken: bool = False
    #: As its own link: what waits for it is kept apart.
    stuck: bool = False
    kept: list[tuple[Lane, str, bytes]] = field(default_factory=list)
    address: str = ""

    @property
    def link(self) -> "Ear":
        return self

    def write(self, frames: bytes, /) -> None:
        if self.broken:
            raise RuntimeError("a bug of this listener's")
        self.heard.append(frames)
        self.everything.append((self.name, frames))

    def deliver(self, lane: Lane, key: str, frames: bytes) -> None:
        if self.stuck:
            self.kept.append((lane, key, frames))
        else:
            self.write(frames)

    def close(self, code: int, reason: str = "") -> None: ...
    def abort(self) -> None: ...
    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...
    def buffered(self) -> int:
        return 0


class House:
    def __init__(self) -> None:
        self.hub: Hub[Ear] = Hub()
        self.turns: list[Callable[[], None]] = []
        self.rests: list[Callable[[], None]] = []
        self.hurried = False
        self.fanout = Fanout(
            self.hub,
            self.turns.append,
            lambda _, then: self.rests.append(then),
            lambda: self.hurried,
        )
        self.everything: list[tuple[str, bytes]] = []

    def ear(self, name: str, *channels: Channel) -> Ear:
        ear = Ear(self.everything, name)
        for channel in channels:
            self.hub.join(ear, channel)
        return ear

    def turn(self) -> None:
        turns, self.turns[:] = list(self.turns), []
        for run in turns:
            run()

    def all_turns(self) -> None:
        while self.turns:
            self.turn()
