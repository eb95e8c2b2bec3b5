"""The simulated operator of the helpline: answers a visitor when nobody real is on duty.

She says at once what she is: words of a demonstration must not be taken for somebody's.
"""

import asyncio
import logging
from random import Random

from web.demo.api import Api, Json, Refused, client_id
from web.demo.line import Line, LineDown

log = logging.getLogger(__name__)

LINE = "3919"
#: How often she looks whether somebody real has come on duty.
LOOKS_S = 20.0
#: Until she accepts, and between what she reads and what she writes.
ACCEPTS_S, WRITES_S = (3.0, 7.0), (2.5, 6.0)
#: What she says, one after the other; then she says goodbye.
SAYS = (
    "Bonsoir. Ceci est une démonstration : c’est un programme qui vous répond. "
    "En danger, appelez le 17 ou le 112, ou écrivez au 114.",
    "Je vous écoute. Prenez le temps qu’il vous faut.",
    "Merci de me l’avoir dit. Êtes-vous en sécurité, là où vous êtes ?",
    "Vous n’y êtes pour rien. Que souhaiteriez-vous, ce soir ?",
    "Une vraie écoutante verrait maintenant avec vous ce qui est possible : un lieu sûr, "
    "quelqu’un près de vous, ou une adresse près de chez vous.",
    "La démonstration s’arrête ici. Au 3919, on vous répond jour et nuit. Prenez soin de vous.",
)


class Listener:
    def __init__(self, api: Api, token: str, random: Random) -> None:
        self._random = random
        self._line = Line(api, token, heard=self._heard, opened=self._opened, random=random)
        self._rooms: dict[str, str] = {}
        #: How much has been said in each room.
        self._said: dict[str, int] = {}
        self._me = ""

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            self._group = group
            looking = group.create_task(self._look_again())
            await self._line.run()
            looking.cancel()

    async def _opened(self, whole: bool) -> None:
        self._me = str((await self._line.call("me.state", {})).get("person"))
        await self._look()

    def _heard(self, channel: str, data: Json) -> None:
        kind = channel.partition(":")[0]
        match data:
            case {"type": "chat.offer", "chat": str(chat)}:
                self._group.create_task(self._accept(chat))
            case {"type": "say", "seat": "elle"} if kind == "room":
                self._group.create_task(self._answer(channel.partition(":")[2]))
            case {"type": "event", "what": "closed"} if kind == "room":
                self._group.create_task(self._wrap(channel.partition(":")[2]))
            case _:
                pass

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(LOOKS_S * self._random.uniform(0.8, 1.2))
            try:
                await self._look()
            except (Refused, LineDown):
                continue

    async def _look(self) -> None:
        """On duty while nobody real is."""
        state = await self._line.call("line.state", {"line": LINE})
        others = state.get("colleagues")
        alone = not any(
            isinstance(it, dict) and it.get("on") and it.get("person") != self._me
            for it in (others if isinstance(others, list) else ())
        )
        if state.get("on") is not alone:
            await self._line.call("line.duty", {"line": LINE, "on": alone})

    async def _accept(self, chat: str) -> None:
        await asyncio.sleep(self._random.uniform(*ACCEPTS_S))
        try:
            found = await self._line.call("chat.accept", {"chat": chat})
            room = str(found.get("room"))
            self._rooms[room] = chat
            await self._line.subscribe(f"room:{room}")
            await self._say(room)
        except (Refused, LineDown) as error:
            log.info("the listener could not accept: %s", error)

    async def _answer(self, room: str) -> None:
        await asyncio.sleep(self._random.uniform(*WRITES_S))
        try:
            await self._say(room)
        except (Refused, LineDown) as error:
            log.info("the listener could not answer: %s", error)

    async def _say(self, room: str) -> None:
        number, chat = self._said.get(room, 0), self._rooms.get(room)
        if chat is None or number >= len(SAYS):
            # Over: what comes late is not answered.
            return
        self._said[room] = number + 1
        said: Json = {"room": room, "id": client_id(self._random), "text": SAYS[number]}
        await self._line.call("room.say", said)
        if number + 1 == len(SAYS):
            await self._line.call("chat.finish", {"chat": chat})

    async def _wrap(self, room: str) -> None:
        chat = self._rooms.pop(room, None)
        self._said.pop(room, None)
        if chat is not None:
            try:
                form: Json = {"kinds": [], "outcome": []}
                asked: Json = {"id": client_id(self._random), "chat": chat, "form": form}
                await self._line.call("chat.wrap", asked)
            except (Refused, LineDown) as error:
                log.info("the listener could not wrap up: %s", error)
