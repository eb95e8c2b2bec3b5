"""Somebody with an operator's rights who collects addresses, by the commands operators have."""

import asyncio
from dataclasses import dataclass, field

import msgspec

from matching.shelter.values import HoldId
from realtime.kernel.errors import AppError
from realtime.ports import Caller
from tests.support.town import Inn, Json, Town, many
from web.commands.registry import Door

#: What takes a name, and might take another's.
TRIES = (
    *(("desk.link", "hotel"), ("hold.address", "hold"), ("hold.state", "hold")),
    ("alarm.desk", "alarm"),
)


@dataclass
class Insider:
    town: Town
    caller: Caller
    inns: list[Inn]
    addresses: set[str] = field(default_factory=set)
    #: What was answered instead of an address.
    refused: list[str] = field(default_factory=list)
    handles: set[str] = field(default_factory=set)
    options: set[str] = field(default_factory=set)

    async def hold(self, which: int = 0) -> str | None:
        """Invent a woman, take a room for her, and have the hotel say yes: its name is not told."""
        need = await self.town.needs(self.caller)
        options = await self.town.options(self.caller, need)
        self.options |= {str(it["option"]) for it in options}
        if not options:
            return None
        held = await self.town.holds(self.caller, need, which)
        hold = str(held["hold"])
        async with self.town.world.whole.durable.ledger.reading() as reading:
            hotel = await self.town.services.shelter.looking.hotel_of(reading, HoldId(hold))
        (desk,) = [it.desk for it in self.inns if it.hotel == hotel]
        confirmed = await self.town.ask(desk, "hold.confirm", hold=hold)
        return hold if confirmed.get("state") == "confirmed" else None

    async def sign_in(self) -> None:
        """The same person, in a session of today."""
        self.caller = await self.town.staff(person=self.caller.person)

    async def open(self, hold: str) -> Json:
        await self.town.prove(self.caller)
        answer = await self.town.world.ask(self.caller, "hold.address", hold=hold)
        if "street" in answer:
            self.addresses.add(str(answer["street"]))
        else:
            self.refused.append(str(answer.get("error")))
        return answer

    async def open_all(self, holds: list[str]) -> None:
        """All at once: whoever counts must not count twice."""
        await asyncio.gather(*map(self.open, holds))

    async def look_around(self) -> set[str]:
        """Try everything else that might give a hotel away; answer how it was refused."""
        board = await self.town.ask(self.caller, "shelter.board")
        self.handles |= {str(it["handle"]) for it in many(board, "rooms")}
        words = set[str]()
        for name in (*self.handles, *self.options):
            for method, field_name in TRIES:
                asked = msgspec.json.encode({field_name: name})
                try:
                    run = self.town.world.whole.pipeline.run
                    await run(self.caller, method, asked, door=Door.HTTP)
                    words.add(f"{method} answered")
                except AppError as error:
                    words.add(error.name)
        return words
