"""A line that is open, its operators, and a visitor who writes: for what goes beside a chat."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import msgspec

from realtime.kernel.errors import AppError
from realtime.ports import Caller
from tests.support.town import Json, Town, many, town
from web.commands.registry import Door

LINE = "3919"
HOUSEHOLD = {"adults": 1, "children": [4, 9], "pets": 0, "wheelchair": False}
#: Where she is: in nothing that an operator, or a room, is told.
LAT, LON = 48.871234, 2.371234
HOME, ELSEWHERE = "203.0.113.9", "198.51.100.7"


@dataclass
class Desk:
    """A line that is open, with one operator on duty and a supervisor."""

    town: Town
    operator: Caller
    other: Caller
    supervisor: Caller
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def id(self) -> str:
        return f"client-{next(self._numbers):06d}"

    async def ask(self, who: Caller, method: str, *, at: Any = "", **fields: Any) -> Json:  # noqa: ANN401 - as JSON has it
        """A command from an address; a refusal is an answer too, by its name."""
        pipeline = self.town.world.whole.pipeline
        try:
            data = msgspec.json.encode(fields)
            answer = await pipeline.run(who, method, data, door=Door.HTTP, network=at)
        except AppError as error:
            return {"error": error.name}
        await self.town.world.settle()
        return msgspec.json.decode(answer, type=dict[str, object])

    async def writes(self, who: Caller, *, at: str = HOME, **changes: Any) -> Json:  # noqa: ANN401 - as JSON has it
        asked = {"id": self.id(), "line": LINE, "language": "fr", **changes}
        return await self.ask(who, "chat.ask", at=at, **asked)

    async def chat(self, who: Caller, **changes: Any) -> tuple[str, str]:  # noqa: ANN401 - as JSON has it
        """She writes and the operator accepts: the chat and its room."""
        asked = await self.writes(who, **changes)
        assert "chat" in asked, asked
        chat = str(asked["chat"])
        accepted = await self.ask(self.operator, "chat.accept", chat=chat)
        assert accepted.get("state") == "active", accepted
        return chat, str(accepted["room"])

    async def bridge(self, chat: str, kind: str = "shelter", **prepared: Any) -> Json:  # noqa: ANN401 - as JSON has it
        given = prepared or {"shelter": {"household": HOUSEHOLD, "nights": 2}}
        return await self.ask(
            self.operator, "bridge.ask", id=self.id(), chat=chat, kind=kind, **given
        )

    async def answer(self, her: Caller, chat: str, bridge: object, **fields: Any) -> Json:  # noqa: ANN401 - as JSON has it
        asked: Json = {"id": self.id(), "chat": chat, "bridge": bridge, "yes": True}
        asked["place"] = {"lat": LAT, "lon": LON, "accuracy_m": 20}
        return await self.ask(her, "bridge.answer", **(asked | fields))

    def visitor(self) -> Caller:
        return self.town.world.somebody()

    async def clear(self) -> None:
        """What is under way is ended, so that the next story begins with nothing."""
        state = await self.ask(self.operator, "line.state", line=LINE)
        for it in many(state, "mine"):
            asked = {"id": self.id(), "chat": it["chat"], "form": {}}
            await self.ask(self.operator, "chat.wrap", **asked)
        board = await self.ask(self.operator, "shelter.board")
        for it in many(board, "needs"):
            await self.ask(self.operator, "shelter.close", need=it["need"], outcome="safe")

    def said_in(self, room: str, what: str) -> list[Json]:
        events = self.town.said_on(f"room:{room}", "event")
        return [it for it in events if it["what"] == what]

    def everything_said(self) -> str:
        return " ".join(f"{name} {body!r}" for name, body in self.town.world.said)


@asynccontextmanager
async def listening() -> AsyncGenerator[Desk]:
    async with town() as city:
        operator, other = await city.staff(), await city.staff()
        made = Desk(city, operator, other, await city.staff("supervisor"))
        await made.ask(made.supervisor, "line.set", line=LINE, open=True, reason="")
        await city.services.presence.arrive(operator.person, "a socket")
        await made.ask(operator, "line.duty", line=LINE, on=True)
        yield made
