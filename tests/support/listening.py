"""A helpline in the test's own process: visitors, operators and supervisors, through commands."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import cast

import msgspec

from realtime.kernel.errors import AppError
from realtime.ports import Caller
from tests.support.world import World, world
from web.commands.registry import Door

LINE = "3919"
JSON = dict[str, object]


@dataclass
class Line:
    made: World
    supervisor: Caller
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def ask(self, caller: Caller, method: str, **fields: object) -> JSON:
        """Run a command by the door of HTTP, which knows them all; a refusal by its name."""
        try:
            answer = await self.made.whole.pipeline.run(
                caller, method, msgspec.json.encode(fields), door=Door.HTTP
            )
        except AppError as error:
            return {"error": error.name}
        return msgspec.json.decode(answer, type=JSON) if answer else {}

    async def operator(
        self,
        role: str = "operator",
        *,
        on: bool = True,
        trainee: bool = False,
        languages: tuple[str, ...] = ("fr",),
        skills: tuple[str, ...] = (),
    ) -> Caller:
        """Somebody who answers, with a live line; on duty unless said otherwise."""
        caller = self.made.somebody(role)
        await self.connect(caller)
        await self.ask(
            self.supervisor,
            "operator.set",
            person=caller.person,
            line=LINE,
            trainee=trainee,
            languages=list(languages),
            skills=list(skills),
        )
        if on:
            assert await self.duty(caller, on=True) == {"line": LINE, "on": True}
        return caller

    async def duty(self, caller: Caller, *, on: bool) -> JSON:
        answer = await self.ask(caller, "line.duty", line=LINE, on=on)
        await self.made.settle()
        return answer

    async def connect(self, caller: Caller) -> None:
        presence = self.made.whole.services.presence
        await presence.arrive(caller.person, f"desk of {caller.person}")

    async def disconnect(self, caller: Caller) -> None:
        presence = self.made.whole.services.presence
        await presence.leave(caller.person, f"desk of {caller.person}")

    async def visitor(self, **changes: object) -> tuple[Caller, JSON]:
        """Somebody new who asks; her answer."""
        caller = self.made.somebody()
        return caller, await self.write(caller, **changes)

    async def write(self, caller: Caller, **changes: object) -> JSON:
        asked: JSON = {"id": f"ask-{next(self._numbers):08d}", "line": LINE, "language": "fr"}
        answer = await self.ask(caller, "chat.ask", **(asked | changes))
        await self.made.settle()
        return answer

    async def state(self, caller: Caller) -> JSON:
        return await self.ask(caller, "line.state", line=LINE)

    async def mine(self, caller: Caller) -> list[JSON]:
        return cast(list[JSON], (await self.state(caller))["mine"])

    async def queue(self) -> list[JSON]:
        return cast(list[JSON], (await self.state(self.supervisor))["queue"])

    async def load(self, caller: Caller) -> int:
        everyone = cast(list[JSON], (await self.state(caller))["colleagues"])
        return next(cast(int, it["load"]) for it in everyone if it["person"] == caller.person)

    async def on(self, caller: Caller) -> bool:
        return bool((await self.state(caller))["on"])

    def told(self, caller: Caller, kind: str) -> list[JSON]:
        """What was pushed to one person, of one kind, in order."""
        found = [msgspec.json.decode(it, type=JSON) for it in self.made.told(caller)]
        return [it for it in found if it["type"] == kind]

    def said(self, channel: str) -> list[JSON]:
        """Everything published on a channel, in order."""
        return [
            msgspec.json.decode(body, type=JSON) for it, body in self.made.said if it == channel
        ]

    def happened(self, room: object) -> list[str]:
        """What events a room has had."""
        return [str(it["what"]) for it in self.said(f"room:{room}") if it["type"] == "event"]

    async def answered(self, operator: Caller, **changes: object) -> tuple[Caller, JSON]:
        """Somebody new whom this operator answers."""
        caller, view = await self.visitor(**changes)
        assert await self.ask(operator, "chat.accept", chat=view["chat"]) == {
            "chat": view["chat"],
            "state": "active",
            "room": view["room"],
        }
        await self.made.settle()
        return caller, view


@asynccontextmanager
async def a_line(**given: str) -> AsyncGenerator[Line]:
    """A line that a supervisor has opened, with nobody on duty."""
    async with world(**given) as made:
        line = Line(made, made.somebody("supervisor"))
        await line.connect(line.supervisor)
        await line.ask(line.supervisor, "line.set", line=LINE, open=True, reason="test")
        yield line
