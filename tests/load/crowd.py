"""Thousands of sockets of one server, held by the C client, and what the server spent on them."""

import subprocess
from dataclasses import dataclass

import msgspec

from tests.load.native import built
from tests.load.peers.peer import SIZE, Served


@dataclass(frozen=True, slots=True)
class Opened:
    """How so many sockets were taken in."""

    opened: int
    lost: int
    seconds: float
    #: Processor of the server for each, in microseconds; memory of it for each, in bytes.
    cpu_us_each: float
    bytes_each: float


@dataclass(frozen=True, slots=True)
class Fanned:
    """How some rounds of publications went."""

    #: Until the last delivery of each round; and until 99 of 100.
    ms: list[float]
    nearly_ms: list[float]
    missing: int
    #: Processor of the server for each delivery, in microseconds: all, and its own code's part.
    cpu_us: float
    user_us: float
    #: The share of the time in which the client had nothing to do.
    idle: float


class Crowd:
    def __init__(self, served: Served, core: int | None) -> None:
        self._served = served
        peer = served.peer
        pids = ",".join(str(it) for it in served.pids)
        command = [str(built("client")), str(peer.port), peer.path, peer.subprotocol, pids]
        if core is not None:
            command = ["taskset", "-c", str(core), *command]
        self._client = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def open(self, sockets: int) -> Opened:
        """Connect, upgrade, greet, and listen."""
        peer = self._served.peer
        for greeting in peer.greetings:
            kind, said = (
                ("text", greeting.encode()) if isinstance(greeting, str) else ("binary", greeting)
            )
            self.say(f"greet {kind} {said.hex()}")
        if peer.until:
            self.say(f"until {peer.until}")
        if peer.hello:
            self.say(f"hello {peer.hello.hex()}")
        self.say(f"narrow {peer.narrow}")
        self.say(f"orders {peer.orders}")
        self.say(f"order {peer.order.hex()}")
        return self.more(sockets)

    def more(self, sockets: int) -> Opened:
        """So many others, once some have been opened."""
        peer = self._served.peer
        if peer.own_greetings is not None:
            file = self._served.folder / "greetings"
            peer.own_greetings(self._served, sockets, file)
            self.say(f"greetings {file}")
        return msgspec.convert(self.ask(f"open {sockets} {peer.window}"), Opened)

    def fan(self, rounds: int, burst: int = 1, size: int = SIZE) -> Fanned:
        return msgspec.convert(self.ask(f"fan {rounds} {burst} {size}"), Fanned)

    @property
    def served(self) -> Served:
        return self._served

    def stop(self) -> None:
        assert self._client.stdin is not None
        assert self._client.stdout is not None
        self._client.stdin.close()
        try:
            self._client.wait(10)
        except subprocess.TimeoutExpired:
            self._client.kill()
            self._client.wait()
        self._client.stdout.close()

    def say(self, order: str) -> None:
        assert self._client.stdin is not None
        self._client.stdin.write(order + "\n")
        self._client.stdin.flush()

    def ask(self, order: str) -> object:
        """What the client answers to an order of its own (``native/client.c``)."""
        self.say(order)
        assert self._client.stdout is not None
        line = self._client.stdout.readline()
        if not line:
            raise RuntimeError(f"the client of {self._served.peer.name} is gone")
        return msgspec.json.decode(line)
