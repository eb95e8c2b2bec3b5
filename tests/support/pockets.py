"""Helpers with phones in their pockets, in a whole service on a clock moved by hand."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import msgspec
import pytest
from sqlalchemy import func, select

from matching.reach import store
from realtime import store as tasks
from realtime.ports import Caller
from tests.support.gateway import Gateway, gateway
from tests.support.push_service import Browser, PushService, push_service
from tests.support.world import World, world

#: Where help is asked for (``World.raise_help``), and a degree of latitude in metres.
LAT, LON, METRES = 48.857, 2.352, 111_195


@dataclass
class Pockets:
    world: World
    service: PushService
    gateway: Gateway

    async def helper(self, metres: float = 0, *, live: bool = False, tier: int = 1) -> Caller:
        """An approved helper on duty so far north of her; the page is open, or it is not."""
        made = await self.world.helper(lat=LAT + metres / METRES, lon=LON, tier=tier)
        if not live:
            await self.sleeps(made)
        return made

    async def sleeps(self, helper: Caller) -> None:
        """The page is closed."""
        presence = self.world.whole.services.presence
        await presence.leave(helper.person, f"phone of {helper.person}")

    async def subscribes(self, helper: Caller) -> Browser:
        """A phone of this helper's may be woken."""
        browser = self.service.subscribe()
        answer = await self.world.ask(helper, "push.subscribe", **browser.told)
        if "device" not in answer:
            raise AssertionError(answer)
        return browser

    async def sleeper(self, metres: float = 0, *, live: bool = False) -> tuple[Caller, Browser]:
        helper = await self.helper(metres, live=live)
        return helper, await self.subscribes(helper)

    async def raised(self) -> str:
        """Somebody asks for help."""
        raised = await self.world.raise_help(self.world.somebody())
        return str(raised["alert"])

    def asked(self, *helpers: Caller) -> list[bool]:
        """Which of them have been made an offer."""
        return [any(b'"type":"offer"' in it for it in self.world.told(one)) for one in helpers]

    def offer(self, helper: Caller) -> str:
        pushed = [msgspec.json.decode(it) for it in self.world.told(helper)]
        return str([it for it in pushed if it["type"] == "offer"][-1]["offer"])

    def woken(self, browser: Browser) -> int:
        """How many pushes this browser was sent."""
        return sum(browser.endpoint.endswith(it.path) for it in self.service.letters)

    async def devices(self) -> int:
        """How many devices the table holds."""
        query = select(func.count()).select_from(store.push_device)
        async with self.world.whole.durable.ledger.reading() as reading:
            return int((await reading.db.execute(query)).scalar_one())

    async def until_waiting(self, kind: str, *, later: int) -> None:
        """Return once so many tasks of a kind are due later."""
        query = (
            select(func.count())
            .select_from(tasks.task)
            .where(tasks.task.c.kind == kind, tasks.task.c.due > self.world.clock.now())
        )
        found = -1
        async with asyncio.timeout(30):
            while found != later:
                await asyncio.sleep(0.01)
                async with self.world.whole.durable.ledger.reading() as reading:
                    found = int((await reading.db.execute(query)).scalar_one())

    async def board(self) -> dict[str, object]:
        return await self.world.ask(self.world.somebody("operator"), "push.board")

    async def results(self) -> dict[str, int]:
        rows = cast("list[dict[str, Any]]", (await self.board())["results"])
        return {it["result"]: it["count"] for it in rows}


@asynccontextmanager
async def pockets(
    patch: pytest.MonkeyPatch, *, sms: bool = False, database: str = ""
) -> AsyncGenerator[Pockets]:
    """A street with a push service and a gateway, on this database."""
    async with push_service() as service, gateway() as texts:
        patch.setenv("ENTRAIDE_PUSH_LOOPBACK", "1")
        patch.setenv("ENTRAIDE_SMS_WEBHOOK", texts.url if sms else "")
        async with world(database) as made:
            yield Pockets(made, service, texts)
