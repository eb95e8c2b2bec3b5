"""The program as users run it: a process of its own, on a port of its own, that tests may kill."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support.ports import unused_port

ROOT = Path(__file__).parents[2]
#: Beyond it a start is a failure, not a slow machine.
READY_S = 30.0


class ServerProcess:
    """``python -m web serve`` on a data folder; killed and started again at will."""

    def __init__(
        self,
        data_dir: Path,
        *,
        port: int | None = None,
        prefix: Sequence[str] = (),
        program: Sequence[str] = (sys.executable, "-m", "web"),
        options: Sequence[str] = ("--no-demo",),
        environment: dict[str, str] | None = None,
        database: str | None = None,
        broker: str | None = None,
        workers: int | None = None,
    ) -> None:
        self.port = port or unused_port()
        self.data_dir = data_dir
        self.log = data_dir / "server.log"
        self._command = (
            *prefix,
            *program,
            "serve",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--data-dir",
            str(data_dir),
            *options,
        )
        shared = {
            "ENTRAIDE_DATABASE": database,
            "ENTRAIDE_BROKER": broker,
            "ENTRAIDE_WORKERS": None if workers is None else str(workers),
        }
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            **{name: value for name, value in shared.items() if value is not None},
            **(environment or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/connection/websocket"

    async def start(self) -> None:
        """Return once requests are served."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = asyncio.get_running_loop().time() + READY_S
        while not await self._answers():
            if self._process.poll() is not None or asyncio.get_running_loop().time() > deadline:
                raise RuntimeError(self.log.read_text(errors="replace")[-4000:])
            await asyncio.sleep(0.05)

    @property
    def process_id(self) -> int:
        if self._process is None:
            raise RuntimeError("not running")
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """SIGKILL, to the whole group: no goodbye of any kind."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM: drain, and leave."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None

    async def _answers(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        try:
            writer.write(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return b" 200 " in await reader.readline()
        except OSError:
            return False
        finally:
            writer.close()


def tokens(
    data_dir: Path,
    role: str,
    *,
    count: int = 1,
    tier: int | None = None,
    environment: dict[str, str] | None = None,
) -> list[str]:
    """Session tokens from the command line, as an operator of the service would make them."""
    tiers = () if tier is None else ("--tier", str(tier))
    made = subprocess.run(
        (
            sys.executable, "-m", "web", "token", "--role", role,
            "--count", str(count), *tiers, "--data-dir", str(data_dir),
        ),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )  # fmt: skip
    return made.stdout.split()


def imported(data_dir: Path, kind: str, file: Path, *more: str) -> str:
    """A public file loaded from the command line; answers what was said."""
    made = subprocess.run(
        (
            sys.executable,
            "-m",
            "web",
            "import",
            kind,
            str(file),
            *more,
            "--data-dir",
            str(data_dir),
        ),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return made.stdout
