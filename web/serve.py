"""Running a whole service under uvicorn: ready, drain, stop.

On SIGTERM sockets are first asked to come back elsewhere, those in an alert before the others; only
then does the server stop accepting. A second signal stops at once.
"""

import asyncio
import contextlib
import gc
import resource
import socket
import sys
from collections.abc import Awaitable, Callable
from types import FrameType

import structlog
import uvicorn

from realtime.edge import Edge, EdgeLimits, edge_for
from realtime.kernel.errors import AppError
from web.bootstrap import Entraide
from web.patience import Patience, patient
from web.settings import Settings

log = structlog.get_logger("web.serve")

#: Looking through everything that lives for cycles takes two seconds with a hundred thousand
#: sockets open, and nobody is answered meanwhile: what has just been made is looked at as ever,
#: the rest a hundred times less often than Python does.
COLLECT_AFTER = (10_000, 20, 50)
#: Over how long the clients of a stopping server are told to go.
DRAIN_S = 2.0
#: What is under way after that is given this long.
GRACE_S = 5


class Server(uvicorn.Server):
    """uvicorn's, with a drain before its shutdown and a word when it is ready."""

    def __init__(
        self,
        config: uvicorn.Config,
        edge: type[Edge],
        whole: Entraide,
        ready: Callable[[int], Awaitable[None]],
        *,
        shared: bool,
    ) -> None:
        """``shared``: other processes accept on the same socket."""
        super().__init__(config)
        self._shared = shared
        self.patience = Patience()
        config.http = patient(self.patience, edge)
        self._waiting: asyncio.Task[None] | None = None
        self._whole = whole
        self._ready = ready
        self._loop: asyncio.AbstractEventLoop | None = None
        self._drain: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        self._loop = asyncio.get_running_loop()
        try:
            await super().startup(sockets)  # type: ignore[arg-type]
        except SystemExit:
            # uvicorn's own sentence is a library's, and not kept: most often the port is taken.
            log.exception("cannot_listen", port=self.config.port)
            raise
        if self.started:
            self._waiting = asyncio.create_task(self.patience.run(), name="web.serve.patience")
            await self._ready(self._port())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().shutdown(sockets)
        finally:
            if self._waiting is not None:
                self._waiting.cancel()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Runs as a signal handler: it only leaves a word for the loop."""
        if self._loop is None or self._whole.draining.now:
            # uvicorn's own would raise the signal again once it has stopped, and kill us before
            # the ledger has closed.
            self.force_exit = self.should_exit = True
            return
        self._whole.draining.now = True
        self._loop.call_soon_threadsafe(self._begin_drain, sig)

    def _begin_drain(self, sig: int) -> None:
        self._drain = asyncio.create_task(self._drained(sig), name="web.serve.drain")

    async def _drained(self, sig: int) -> None:
        log.info("draining", signal=sig, sockets=len(self._whole.node))
        if self._shared:
            # Whoever comes now is for the other workers, who have room.
            for server in self.servers:
                server.close()
        try:
            async with asyncio.timeout(DRAIN_S * 2):
                await self._whole.node.drain(DRAIN_S)
        except (AppError, TimeoutError):
            log.warning("drain_cut_short", sockets=len(self._whole.node))
        finally:
            self.should_exit = True

    def _port(self) -> int:
        # Asked of the server: a shared socket is not uvicorn's to tell of.
        for server in self.servers:
            for listening in server.sockets:
                return int(listening.getsockname()[1])
        return self.config.port


def raise_file_limit() -> None:
    """Take as many open files as the system grants: each socket is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def serve(
    whole: Entraide,
    settings: Settings,
    ready: Callable[[int], Awaitable[None]],
    listener: socket.socket | None = None,
) -> None:
    """Answer until a signal says to stop. ``ready`` is told the port, once requests are served.

    ``listener``: a socket that this process shares with other workers.
    """
    raise_file_limit()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    edge = edge_for(whole.node, EdgeLimits())
    config = uvicorn.Config(
        whole.app,
        host=settings.host,
        port=settings.port,
        ws=edge,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.proxies,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=15,
    )
    server = Server(config, edge, whole, ready, shared=listener is not None)
    await server.serve(None if listener is None else [listener])


def say_ready(host: str, port: int) -> None:
    """The one line on standard output that scripts wait for."""
    name = f"[{host}]" if ":" in host else host
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(f"ready http://{name}:{port}\n")
        sys.stdout.flush()
