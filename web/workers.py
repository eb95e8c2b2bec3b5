"""Several serving processes on one machine, behind one listening socket.

The parent binds, starts the workers, says ``ready`` once when all of them serve, starts again one
that died (later each time it dies young), passes signals on and leaves last. It opens neither
database nor broker, so that nothing it does can stop it. A worker whose parent is gone drains.
"""

import asyncio
import contextlib
import ctypes
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import structlog

log = structlog.get_logger("web.workers")

#: How a worker is told what it inherits.
INHERITED = "ENTRAIDE_INHERITED"
#: A worker that lived that long was well: the next pause is the first one.
WELL_S = 30.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
#: A worker drains for some seconds; one that takes longer is killed.
STOPPING_S = 40.0
BACKLOG = 2048
#: What a worker that could not even be started ends with.
NOT_STARTED = 1
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a worker is given by its parent."""

    #: The listening socket that all share, and where to say that we serve.
    listening: int
    ready: int
    number: int
    parent: int

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self | None:
        """None for a process that nobody started as a worker."""
        words = environ.get(INHERITED, "").split(":")
        return cls(*map(int, words)) if len(words) == 4 else None

    def written(self) -> str:
        return f"{self.listening}:{self.ready}:{self.number}:{self.parent}"

    def take(self) -> socket.socket:
        """The listening socket; from now on this process drains when its parent is gone."""
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != self.parent:
            raise SystemExit(1)
        return socket.socket(fileno=self.listening)

    def say_ready(self) -> None:
        with contextlib.suppress(OSError):
            os.write(self.ready, b"ready\n")
            os.close(self.ready)


def next_pause(last: float, lived_s: float) -> float:
    """How long to wait before a worker that died is started again.

    >>> next_pause(0, 0.1), next_pause(0.5, 0.1), next_pause(30, 1), next_pause(30, 3600)
    (0.5, 1.0, 30.0, 0.5)
    """
    if last == 0 or lived_s >= WELL_S:
        return FIRST_PAUSE_S
    return min(2 * last, LONGEST_PAUSE_S)


def listen(host: str, port: int) -> socket.socket:
    """Bind, or raise ``OSError``."""
    family, _, _, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.create_server(address, family=family, backlog=BACKLOG)
    listener.set_inheritable(True)
    return listener


class Workers:
    """The parent of ``count`` processes that run ``command``."""

    def __init__(self, listener: socket.socket, count: int, command: Sequence[str]) -> None:
        self._listener = listener
        self._count = count
        self._command = command
        self._processes: dict[int, asyncio.subprocess.Process] = {}
        self._stopping = asyncio.Event()
        self._ready = asyncio.Semaphore(0)
        self._all_ready = False
        self._code = 0

    async def run(self, ready: Callable[[], Awaitable[None]]) -> int:
        """Return when all have ended: the exit code. ``ready`` is called once all serve."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        async with asyncio.TaskGroup() as group:
            announcing = group.create_task(self._announce(ready), name="web.workers.ready")
            kept = [
                group.create_task(self._keep(number), name=f"web.worker.{number}")
                for number in range(self._count)
            ]
            await asyncio.wait(kept)
            announcing.cancel()
        return self._code

    async def _announce(self, ready: Callable[[], Awaitable[None]]) -> None:
        for _ in range(self._count):
            await self._ready.acquire()
        self._all_ready = True
        await ready()

    async def _keep(self, number: int) -> None:
        """Have this worker running until we stop."""
        loop, pause = asyncio.get_running_loop(), 0.0
        while not self._stopping.is_set():
            began = loop.time()
            code = await self._one(number)
            if self._stopping.is_set():
                return
            if not self._all_ready:
                # It never served: the others would fail alike, and somebody is watching.
                self._code = code if code > 0 else 1
                self._stop()
                return
            pause = next_pause(pause, loop.time() - began)
            log.error("worker.died", number=number, code=code, seconds=pause)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stopping.wait()

    async def _one(self, number: int) -> int:
        """Start a worker and wait for its end."""
        hear, say = os.pipe()
        inherited = Inherited(self._listener.fileno(), say, number, os.getpid())
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                env={**os.environ, INHERITED: inherited.written()},
                pass_fds=(inherited.listening, say),
                # Ctrl-C is said to all of a terminal's group: it would be heard here and from us,
                # and whoever hears two signals leaves without having let its clients go.
                start_new_session=True,
            )
        except OSError as error:
            # No process to be had now, or no memory: the other workers go on.
            log.error("worker.not_started", number=number, error=type(error).__name__)  # noqa: TRY400
            os.close(hear)
            return NOT_STARTED
        except BaseException:
            os.close(hear)
            raise
        finally:
            os.close(say)
        self._processes[number] = process
        if self._stopping.is_set():
            # Told to stop while it was being started.
            _signal(process, signal.SIGTERM)
        hearing = asyncio.create_task(self._heard(hear), name=f"web.worker.{number}.ready")
        try:
            return await self._ended(process)
        finally:
            hearing.cancel()
            del self._processes[number]

    async def _heard(self, hear: int) -> None:
        """Take note when a worker says that it serves; one that dies closes the pipe in silence."""
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(hear, "rb")
        )
        try:
            if await reader.readline():
                self._ready.release()
        finally:
            transport.close()

    async def _ended(self, process: asyncio.subprocess.Process) -> int:
        waiting = asyncio.create_task(process.wait())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        try:
            async with asyncio.timeout(STOPPING_S):
                return await asyncio.shield(waiting)
        except TimeoutError:
            log.warning("worker.killed")
            _signal(process, signal.SIGKILL)
            return await waiting

    def _stop(self) -> None:
        """Pass the signal on; a second one makes workers leave at once."""
        self._stopping.set()
        for process in self._processes.values():
            _signal(process, signal.SIGTERM)


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)


def command() -> tuple[str, ...]:
    """What started this process, to start the same."""
    return (sys.executable, "-m", "web", *sys.argv[1:])
