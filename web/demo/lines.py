"""The simulated operator's eyes on the lines: says yes to what is true, and says how it ended."""

import asyncio
import logging
from random import Random

from web.demo.api import Api, Json, Refused
from web.demo.line import Line, LineDown
from web.demo.people import around

log = logging.getLogger(__name__)

QUEUE = "queue:witness"
#: Until she has read a new report and said that it may go further than the first few.
READS_S = 5.0
#: From the first who came to the end: long enough for a visitor to read who does what.
TOGETHER_S = 75.0
#: How often she looks though nothing was heard.
LOOKS_S = 20.0
#: Events remembered as judged, and as being closed.
MOST = 500


class Lines:
    def __init__(self, api: Api, token: str, random: Random) -> None:
        self._random = random
        self._looking = asyncio.Event()
        self._handled: dict[tuple[str, str], None] = {}
        self._line = Line(api, token, heard=self._heard, opened=self._connected, random=random)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            self._group = group
            looking = group.create_task(self._look_again())
            await self._line.run()
            looking.cancel()

    async def _connected(self, whole: bool) -> None:
        await self._line.subscribe(QUEUE)
        self._looking.set()

    def _heard(self, channel: str, data: Json) -> None:
        if channel == QUEUE:
            self._looking.set()

    async def _look_again(self) -> None:
        while True:
            try:
                async with asyncio.timeout(LOOKS_S):
                    await self._looking.wait()
            except TimeoutError:
                pass
            self._looking.clear()
            try:
                self._take(await self._line.call("witness.board", {}))
            except (Refused, LineDown):
                continue

    def _take(self, board: Json) -> None:
        events = board.get("events")
        for event in events if isinstance(events, list) else ():
            match event:
                case {"drill": True}:
                    pass
                case {"alert": str(alert), "confirmed": False}:
                    self._once(alert, "judge", READS_S, {"verdict": "confirmed"})
                case {"alert": str(alert), "came": int(came)} if came:
                    self._once(alert, "close", TOGETHER_S, {"outcome": "helped"})
                case _:
                    pass

    def _once(self, alert: str, what: str, after_s: float, said: Json) -> None:
        if (alert, what) in self._handled:
            return
        self._handled[alert, what] = None
        if len(self._handled) > MOST:
            del self._handled[next(iter(self._handled))]
        self._group.create_task(self._later(after_s, f"witness.{what}", {"alert": alert, **said}))

    async def _later(self, seconds: float, method: str, asked: Json) -> None:
        await asyncio.sleep(around(seconds, 0.2, self._random))
        try:
            await self._line.call(method, asked)
        except (Refused, LineDown) as error:
            log.info("the operator of the lines could not act: %s", error)
