"""Several hubs, real processes, on one PostgreSQL and one Redis; and people with a page on one."""

import asyncio
import contextlib
import itertools
import os
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.support.authenticator import Authenticator
from tests.support.phone import Phone, phone
from tests.support.server import ServerProcess
from web.access.vocabulary import Role
from web.bootstrap import open_durable
from web.chores import make_invitation, make_tokens
from web.keys import make_key
from web.settings import Settings

#: A loaded machine is slow; nothing here is a measure.
PATIENCE_S = 30.0
PLACE = {"lat": 48.857, "lon": 2.352}
_numbers = itertools.count(1)


@dataclass
class Citizen:
    """Somebody with a session, whose page speaks to one hub."""

    hub: ServerProcess
    http: httpx2.AsyncClient
    token: str
    person: str = ""

    @property
    def address(self) -> str:
        return self.hub.socket_url

    async def ticket(self, person: str = "", /) -> str:
        return str((await self.ask("session.ticket"))["ticket"])

    def at(self, hub: ServerProcess) -> "Citizen":
        """The same person, by way of another hub."""
        return Citizen(hub, self.http, self.token, self.person)

    async def ask(self, method: str, **fields: object) -> dict[str, object]:
        """Run a command over HTTP; an answer that is not 200 is an error of the test."""
        found: dict[str, object] = (await self._asked(method, fields)).json()
        return found

    async def ask_silently(self, method: str, **fields: object) -> None:
        """The same for a command that answers nothing."""
        await self._asked(method, fields)

    async def _asked(self, method: str, fields: dict[str, object]) -> httpx2.Response:
        answer = await self.http.post(
            f"{self.hub.url}/api/{method.replace('.', '/')}",
            json=fields,
            headers={"authorization": f"Bearer {self.token}"} if self.token else {},
        )
        if answer.status_code not in {200, 204}:
            raise AssertionError(f"{method}: {answer.status_code} {answer.text}")
        return answer

    async def raise_help(self) -> dict[str, object]:
        return await self.ask(
            "help.raise",
            id=f"raise-{next(_numbers):08d}-{os.getpid()}",
            kind="followed",
            mode="public",
            place={**PLACE, "accuracy_m": 20},
        )

    @asynccontextmanager
    async def online(self) -> AsyncGenerator[Phone]:
        async with phone(self, self.person) as connected:
            yield connected

    async def on_duty(self) -> None:
        await self.ask("helper.duty", on=True, **PLACE)

    async def offer(self, connected: Phone, alert: object) -> str:
        """Wait for the offer of an alert on a phone."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for _, told in connected.life.told:
                    if told["type"] == "offer" and told["alert"] == alert:
                        return str(told["offer"])
                await asyncio.sleep(0.02)


@dataclass
class Hubs:
    """A deployment: hubs that share everything, and nothing but that."""

    hubs: list[ServerProcess]
    settings: Settings
    http: httpx2.AsyncClient

    async def citizen(self, hub: int) -> Citizen:
        answer = await self.http.post(f"{self.hubs[hub].url}/api/session", json={})
        opened = answer.json()
        return Citizen(self.hubs[hub], self.http, opened["token"], opened["person"])

    async def helpers(self, count: int) -> list[Citizen]:
        """Vetted helpers, their pages on one hub after the other."""
        async with open_durable(self.settings) as durable:
            made = [
                it.reveal() async for it in make_tokens(durable, Role.CITIZEN, tier=1, count=count)
            ]
        hubs = itertools.cycle(self.hubs)
        return [Citizen(hub, self.http, token) for hub, token in zip(hubs, made, strict=False)]

    async def member(self, hub: int, role: Role, device: Authenticator) -> Citizen:
        """Somebody who has come with an invitation, and made a key on the way to this hub."""
        async with open_durable(self.settings) as durable:
            issued = await make_invitation(
                self.settings, durable, role, organisation=None, hotel=None
            )
        if issued is None:
            raise AssertionError(role)
        at = Citizen(self.hubs[hub], self.http, "")
        at.token = str((await at.ask("staff.accept", code=issued.code, name="Anne"))["token"])
        made = device.make(await at.ask("passkey.begin"))
        at.token = str((await at.ask("passkey.finish", **made))["token"])
        at.person = str((await at.ask("me.state"))["person"])
        return at

    def pause(self, hub: int) -> None:
        os.kill(self.hubs[hub].process_id, signal.SIGSTOP)

    def resume(self, hub: int) -> None:
        os.kill(self.hubs[hub].process_id, signal.SIGCONT)


@asynccontextmanager
async def serving_hubs(
    folder: Path, *, database: str, broker: str, hubs: int = 2, workers: int | None = None
) -> AsyncGenerator[Hubs]:
    """Hubs that all serve, each with a data folder of its own and the same key."""
    key = folder / "seal.key"
    await asyncio.to_thread(make_key, key)
    shared = {"ENTRAIDE_SEAL_KEY_FILE": str(key)}
    servers = [
        ServerProcess(
            folder / f"hub-{number}",
            database=database,
            broker=broker,
            workers=workers,
            environment=shared,
        )
        for number in range(hubs)
    ]
    settings = Settings.read(
        data_dir=folder / "beside", database=database, broker=broker, seal_key=key, demo=False
    )
    try:
        # The first makes the tables; then the others all start together.
        await servers[0].start()
        await asyncio.gather(*(it.start() for it in servers[1:]))
        async with httpx2.AsyncClient(timeout=PATIENCE_S) as http:
            yield Hubs(servers, settings, http)
    finally:
        for server in servers:
            with contextlib.suppress(RuntimeError, ProcessLookupError):
                os.kill(server.process_id, signal.SIGCONT)
            await asyncio.to_thread(server.stop)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what nothing announces, but not for ever."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.01)
