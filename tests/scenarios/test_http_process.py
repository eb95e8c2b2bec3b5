"""``python -m web`` as a process: ready when it says so, drained before it stops, no token told."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

ROOT = Path(__file__).parents[2]
WEB = (sys.executable, "-m", "web")
#: A machine busy with other tests starts slowly.
PATIENCE_S = 40


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return ("asyncio", {"use_uvloop": True})


@dataclass(frozen=True, slots=True)
class Running:
    process: asyncio.subprocess.Process
    base: str
    folder: Path
    log: Path

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        async with asyncio.timeout(PATIENCE_S):
            return await self.process.wait()


@asynccontextmanager
async def running(folder: Path, *options: str) -> AsyncIterator[Running]:
    log = folder / "log"
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            *(*WEB, "serve", "--port", "0", "--data-dir", str(folder / "data"), *options),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
        )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            line = (await process.stdout.readline()).decode()
        assert line.startswith("ready http://127.0.0.1:"), log.read_text()
        yield Running(process, line.split()[1], folder, log)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def verb(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        (*WEB, *words), cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )


async def greeted(base: str, http: httpx2.AsyncClient, token: str) -> ClientConnection:
    headers = {"authorization": f"Bearer {token}"}
    ticket = (await http.post(f"{base}/api/session/ticket", json={}, headers=headers)).json()
    socket = await connect(base.replace("http", "ws") + "/connection/websocket", compression=None)
    await socket.send(json.dumps({"id": 1, "connect": {"token": ticket["ticket"]}}))
    assert "connect" in json.loads(await socket.recv())
    return socket


async def until_closed(socket: ClientConnection) -> None:
    while True:
        await socket.recv()


async def test_a_server_says_ready_serves_and_leaves_no_socket_without_a_word(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, "--no-demo") as server, httpx2.AsyncClient() as http:
        token = (await http.post(f"{server.base}/api/session", json={})).json()["token"]
        socket = await greeted(server.base, http, token)
        await http.get(f"{server.base}/?token={token}&note=canary")
        await http.get(f"{server.base}/api/nothing?token={token}&note=canary")

        stopping = asyncio.create_task(server.stop())
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(until_closed(socket), PATIENCE_S)

        assert await stopping == 0

    said = closed.value.rcvd
    assert said is not None
    # 3001 to 3499: the SDKs come back, to another server or to this one's successor.
    assert 3000 <= said.code < 3500
    log = server.log.read_text()
    assert token not in log
    assert "canary" not in log
    assert "Traceback" not in log
    assert [json.loads(line) for line in log.splitlines()]


async def test_a_session_outlives_the_server_and_the_key_is_its_owner_s(tmp_path: Path) -> None:
    async with httpx2.AsyncClient() as http:
        async with running(tmp_path, "--no-demo") as first:
            token = (await http.post(f"{first.base}/api/session", json={})).json()["token"]
            await first.stop(signal.SIGINT)
        async with running(tmp_path, "--no-demo") as second:
            answer = await http.post(
                f"{second.base}/api/me/state",
                json={},
                headers={"authorization": f"Bearer {token}"},
            )

    assert answer.status_code == 200
    key = tmp_path / "data" / "keys" / "seal.key"
    assert key.stat().st_mode & 0o777 == 0o600


async def test_a_token_made_beside_a_running_server_opens_it(tmp_path: Path) -> None:
    async with running(tmp_path, "--no-demo") as server, httpx2.AsyncClient() as http:
        data = str(tmp_path / "data")
        operator = await asyncio.to_thread(verb, "token", "--role", "operator", "--data-dir", data)
        helper = await asyncio.to_thread(
            verb, "token", "--tier", "2", "--count", "2", "--data-dir", data
        )
        assert len(helper.stdout.split()) == 2
        board = await http.post(
            f"{server.base}/api/board/state",
            json={},
            headers={"authorization": f"Bearer {operator.stdout.strip()}"},
        )
        duty = await http.post(
            f"{server.base}/api/helper/duty",
            json={"on": True, "lat": 48.857, "lon": 2.352},
            headers={"authorization": f"Bearer {helper.stdout.split()[0]}"},
        )

    assert board.status_code == 200
    assert duty.json() == {"on": True}
