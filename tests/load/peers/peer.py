"""One server to be measured: how it is started, what its sockets say, how it is told to publish."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.redis_servers import die_with_the_tests
from tests.support.server import ROOT

#: Programs that are no package of ours: npm's and pip's, brought by ``install.sh``.
INSTALLED = ROOT / ".cache" / "peers"
READY_S = 60.0
#: What is published, unless a protocol wraps it: see ``Peer.order``.
SIZE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    name: str
    command: Sequence[str]
    port: int
    path: str = "/"
    subprotocol: str = "-"
    #: What each socket says once it is upgraded: text, or bytes for a binary frame.
    greetings: Sequence[str | bytes] = ()
    #: A socket listens when it has heard this.
    until: str = ""
    #: Where it is told to publish, what is said there first, and the bytes that ask for one.
    orders: int
    hello: bytes = b""
    order: bytes = b"B"
    environment: Mapping[str, str] = field(default_factory=dict)
    #: Sockets opened at a time.
    window: int = 200
    #: So many sockets, the first, have the buffers of a phone on a poor line.
    narrow: int = 0
    #: Written before it starts.
    files: Mapping[str, str] = field(default_factory=dict)
    #: A greeting of its own for each socket, in a file that this writes, when sockets are to open.
    own_greetings: Callable[["Served", int, Path], None] | None = None


class Served:
    """A peer that runs, on one core, until the block ends."""

    def __init__(self, peer: Peer, folder: Path, core: int | None) -> None:
        self.peer = peer
        self.folder = folder
        for name, text in peer.files.items():
            (folder / name).write_text(text, encoding="utf-8")
        command = list(peer.command)
        if core is not None:
            command = ["taskset", "-c", str(core), *command]
        with (folder / "said").open("wb") as said:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), **peer.environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if peer.own_greetings else said,
                stderr=said,
                start_new_session=True,
                preexec_fn=die_with_the_tests,
            )

    def wait(self) -> None:
        """Until it takes connections, or ``RuntimeError`` with what it said last."""
        end = time.monotonic() + READY_S
        while time.monotonic() < end and self.process.poll() is None:
            with suppress(OSError):
                for port in {self.peer.port, self.peer.orders}:
                    socket.create_connection(("127.0.0.1", port), 0.5).close()
                return
            time.sleep(0.05)
        said = (self.folder / "said").read_text(encoding="utf-8", errors="replace")[-500:]
        raise RuntimeError(f"{self.peer.name} does not answer: {said}")

    @property
    def pids(self) -> list[int]:
        """It and its children: nginx has a worker."""
        return with_children(self.process.pid)

    def stop(self) -> None:
        # Ours make tickets until their standard input ends, and end only then.
        if self.process.stdin is not None:
            self.process.stdin.close()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def with_children(pid: int) -> list[int]:
    """A process and all that it has started, theirs too."""
    found = [pid]
    for each in found:
        with suppress(OSError):
            kept = Path(f"/proc/{each}/task/{each}/children").read_text(encoding="ascii")
            found += [int(it) for it in kept.split()]
    return found
