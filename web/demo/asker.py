"""A simulated request: someone asks, is joined, thanks, closes. Boards and helpers live by it."""

import asyncio
import logging
from random import Random

from web.demo import phrases
from web.demo.api import Api, Json, Refused, client_id, text
from web.demo.city import City, Spot
from web.demo.line import Line, LineDown
from web.demo.people import around

log = logging.getLogger(__name__)

KINDS = ("followed", "harassed", "afraid")
#: Longer than this, and the request is closed whoever has come.
LONGEST_S = 600.0
#: Between someone's arrival and the end.
TOGETHER_S = 180.0
ENDED = frozenset({"closed", "cancelled", "expired"})


class Asker:
    def __init__(self, api: Api, token: str, city: City, random: Random) -> None:
        self._city = city
        self._random = random
        self._on_scene = asyncio.Event()
        self._ended = asyncio.Event()
        self._line = Line(api, token, heard=self._heard, opened=self._connected, random=random)

    async def run(self) -> None:
        await self._line.run()

    async def ask(self, spot: Spot) -> None:
        """One whole request, from raise to close."""
        try:
            await self._ask(spot)
        except (Refused, LineDown) as error:
            log.info("a simulated request came to nothing: %s", error)

    async def _ask(self, spot: Spot) -> None:
        self._on_scene.clear()
        self._ended.clear()
        lat, lon = self._city.degrees(spot)
        raised = await self._line.call(
            "help.raise",
            {
                "id": client_id(self._random),
                "kind": self._random.choice(KINDS),
                "mode": "public",
                "place": {"lat": round(lat, 6), "lon": round(lon, 6), "accuracy_m": 15},
            },
        )
        alert, room = text(raised, "alert"), f"room:{text(raised, 'room')}"
        await self._line.subscribe(f"alert:{alert}")
        await asyncio.sleep(around(8.0, 0.4, self._random))
        await self._say(room, phrases.ASKING)
        try:
            async with asyncio.timeout(LONGEST_S):
                await self._on_scene.wait()
                await asyncio.sleep(around(TOGETHER_S, 0.3, self._random))
        except TimeoutError:
            pass
        if not self._ended.is_set():
            await self._say(room, phrases.THANKING)
            await self._line.call("help.close", {"alert": alert})
        await self._line.leave(f"alert:{alert}")

    async def _say(self, room: str, words: tuple[str, ...]) -> None:
        line = phrases.say(words, self._random)
        said: Json = {"id": client_id(self._random), "text": line}
        await self._line.publish(room, said)

    async def _connected(self, whole: bool) -> None:
        """A request left open by a driver that was stopped is closed."""
        if whole:
            return
        state = await self._line.call("me.state", {})
        alerts = state.get("alerts")
        for alert in alerts if isinstance(alerts, list) else ():
            match alert:
                case {"alert": str(name), "mine": True, "state": str(now)} if now not in ENDED:
                    await self._line.call("help.close", {"alert": name})

    def _heard(self, channel: str, data: Json) -> None:
        match data:
            case {"type": "state", "state": "on_scene"}:
                self._on_scene.set()
            case {"type": "state", "state": str(state)} if state in ENDED:
                self._ended.set()
                self._on_scene.set()
            case _:
                pass
