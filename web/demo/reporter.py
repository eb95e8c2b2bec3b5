"""A simulated report on the tram: somebody on one of the vehicles says what happens, and waits.

On the visitor's vehicle, one who has said that she would be there on her way sees what is asked of
her; on another, operators see a line that lives. Pages say that all of this is simulated.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from random import Random

from web.demo import tram
from web.demo.api import Api, Json, Refused, client_id, text
from web.demo.city import CITY
from web.demo.line import Line, LineDown
from web.demo.tram import vehicle

log = logging.getLogger(__name__)

KINDS = ("verbal", "followed", "other")
#: How much of her way a phone keeps, and how often it notes a place.
TRAIL_S, EVERY_S = 90, 6
#: A report is not left open for longer than this.
LONGEST_S = 300.0
ENDED = frozenset({"closed", "cancelled", "expired"})


class Reporter:
    def __init__(
        self,
        vehicle: int,
        api: Api,
        token: str,
        *,
        random: Random,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._vehicle = vehicle
        self._now = now
        self._random = random
        self._ended = asyncio.Event()
        self._line = Line(api, token, heard=self._heard, opened=self._connected, random=random)

    async def run(self) -> None:
        await self._line.run()

    async def report(self) -> None:
        """One whole report, until the operator or she ends it."""
        try:
            await self._report()
        except (Refused, LineDown) as error:
            log.info("a simulated report came to nothing: %s", error)

    async def _report(self) -> None:
        self._ended.clear()
        now = self._now()
        asked: Json = {
            "id": client_id(self._random),
            "as": self._random.choice(("victim", "witness")),
            "kind": self._random.choice(KINDS),
            "line": tram.LINE,
            "direction": vehicle(self._vehicle, now).direction,
            "trail": trail(self._vehicle, now),
        }
        alert = text(await self._line.call("witness.report", asked), "alert")
        await self._line.subscribe(f"alert:{alert}")
        try:
            async with asyncio.timeout(LONGEST_S):
                await self._ended.wait()
        except TimeoutError:
            await self._line.call("witness.cancel", {"alert": alert})
        await self._line.leave(f"alert:{alert}")

    async def _connected(self, whole: bool) -> None:
        """A report left open by a driver that was stopped is taken back."""
        if whole:
            return
        witness = (await self._line.call("me.state", {})).get("witness")
        reports = witness.get("reports") if isinstance(witness, dict) else None
        for it in reports if isinstance(reports, list) else ():
            match it:
                case {"alert": str(alert), "state": str(now)} if now not in ENDED:
                    await self._line.call("witness.cancel", {"alert": alert})

    def _heard(self, channel: str, data: Json) -> None:
        match data:
            case {"type": "witness_state", "state": str(state)} if state in ENDED:
                self._ended.set()
            case _:
                pass


def trail(number: int, now: float) -> list[Json]:
    """What her phone has kept of the last minute and a half, rounded as phones do."""
    places: list[Json] = []
    for ago in range(TRAIL_S, -1, -EVERY_S):
        lat, lon = CITY.degrees(vehicle(number, now - ago).at)
        places.append({"lat": round(lat, 3), "lon": round(lon, 3), "ago_s": ago})
    return places
