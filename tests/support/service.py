"""A whole service in one process, and a browser or a script in front of its HTTP door."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from realtime.ports import Caller
from web.access.vocabulary import Role
from web.bootstrap import Entraide, entraide
from web.settings import Settings

BASE = "http://127.0.0.1:8000"
#: What a browser adds to a call made by our own page.
OUR_PAGE = {"origin": BASE, "sec-fetch-site": "same-origin"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a session."""

    caller: Caller
    token: str

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}


@dataclass(frozen=True, slots=True)
class Door:
    """The HTTP door of a running service."""

    whole: Entraide
    http: httpx2.AsyncClient

    async def post(
        self,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        who: Person | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        return await self.http.post(
            path, json=body or {}, headers={**(who.bearer if who else {}), **(headers or {})}
        )

    async def person(self, role: Role = Role.CITIZEN) -> Person:
        """Somebody new, with a session of this role."""
        sessions = self.whole.services.sessions
        opened = await self.whole.durable.ledger.write(lambda tx: sessions.open(tx, role))
        return Person(opened.caller, opened.token.reveal())


@asynccontextmanager
async def service(
    folder: Path, *, pages: Path | None = None, **given: object
) -> AsyncGenerator[Door]:
    """Everything joined, on a database in ``folder``; nothing listens on a port."""
    settings = Settings.read(data_dir=folder, demo=False, **given)
    async with (
        entraide(settings, pages=pages or folder / "no pages") as whole,
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=whole.app, raise_app_exceptions=False),
            base_url=BASE,
        ) as http,
    ):
        yield Door(whole, http)
