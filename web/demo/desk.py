"""The simulated operator: lets people in, watches the queue, stays with whoever is not answered."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from random import Random

from web.demo import phrases
from web.demo.api import Api, Json, Refused, client_id
from web.demo.line import Line, LineDown
from web.demo.people import Personality, around
from web.demo.riders import AGENTS
from web.demo.tram import NETWORK

log = logging.getLogger(__name__)

QUEUE = "queue:help"
#: How long the operator reads the application of somebody who is not of the simulation.
READS_S = 6.0
#: How long before a home alert's place is opened to who has accepted, or a room is entered.
ACTS_S = 5.0
#: The applications are looked at again even when nobody was heard to knock.
LOOK_AGAIN_S = 20.0
#: Alerts remembered as handled.
MOST_HANDLED = 500


class Desk:
    def __init__(
        self,
        api: Api,
        token: str,
        people: Mapping[str, Personality],
        *,
        newcomer: Callable[[], None],
        random: Random,
    ) -> None:
        self._people = people
        self._newcomer = newcomer
        self._random = random
        self._knocked = asyncio.Event()
        self._reading: set[str] = set()
        self._handled: dict[tuple[str, str], None] = {}
        self._line = Line(api, token, heard=self._heard, opened=self._connected, random=random)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            self._group = group
            door = group.create_task(self._tend_door())
            await self._line.run()
            door.cancel()

    async def _connected(self, whole: bool) -> None:
        await self._line.subscribe(QUEUE)
        self._knocked.set()

    def _heard(self, channel: str, data: Json) -> None:
        match data:
            case {"type": "application"}:
                self._knocked.set()
            case {"type": "alert", "alert": str(alert), "mode": "home", "accepted": int(accepted)}:
                if accepted:
                    self._once(alert, f"release {accepted}", self._release)
            case {"type": "alert", "alert": str(alert), "state": "searching", "escalation": str()}:
                self._once(alert, "stay", self._stay)
            case _:
                pass

    def _once(self, alert: str, what: str, act: Callable[[str], Awaitable[None]]) -> None:
        if (alert, what) in self._handled:
            return
        self._handled[alert, what] = None
        if len(self._handled) > MOST_HANDLED:
            del self._handled[next(iter(self._handled))]
        self._group.create_task(self._later(ACTS_S, act, alert))

    async def _later(
        self, seconds: float, act: Callable[[str], Awaitable[None]], thing: str
    ) -> None:
        await asyncio.sleep(around(seconds, 0.3, self._random))
        try:
            await act(thing)
        except (Refused, LineDown) as error:
            log.info("the operator could not act: %s", error)

    # The door.

    async def _tend_door(self) -> None:
        while True:
            try:
                async with asyncio.timeout(LOOK_AGAIN_S):
                    await self._knocked.wait()
            except TimeoutError:
                pass
            self._knocked.clear()
            try:
                await self._read_applications()
            except (Refused, LineDown):
                await asyncio.sleep(1.0)
                self._knocked.set()

    async def _read_applications(self) -> None:
        answer = await self._line.call("helper.pending", {})
        waiting = answer.get("applications")
        for application in waiting if isinstance(waiting, list) else ():
            match application:
                case {"helper": str(helper), "name": str(name)}:
                    if name in self._people:
                        await self._approve(helper, self._people[name].tier)
                        if name in AGENTS:
                            agent: Json = {"helper": helper, "network": NETWORK}
                            await self._line.call("witness.agent", agent)
                    elif helper not in self._reading:
                        self._reading.add(helper)
                        self._group.create_task(self._later(READS_S, self._welcome, helper))
                case _:
                    pass

    async def _welcome(self, helper: str) -> None:
        """Somebody real, or a second window: she is let in, and someone will soon need her."""
        self._reading.discard(helper)
        await self._approve(helper, 1)
        self._newcomer()

    async def _approve(self, helper: str, tier: int) -> None:
        await self._line.call("helper.approve", {"helper": helper, "tier": tier})

    # Requests.

    async def _release(self, alert: str) -> None:
        """At home, nothing is opened by itself: the operator does it, for who has accepted."""
        state = await self._line.call("help.state", {"alert": alert})
        helpers = state.get("helpers")
        for coming in helpers if isinstance(helpers, list) else ():
            match coming:
                case {"helper": str(helper), "state": "accepted", "released": False}:
                    await self._line.call("help.release", {"alert": alert, "helper": helper})
                case _:
                    pass

    async def _stay(self, alert: str) -> None:
        state = await self._line.call("help.state", {"alert": alert})
        room = state.get("room")
        if state.get("state") != "searching" or not isinstance(room, str):
            return
        # Opening a room takes a seat in it.
        await self._line.call("room.state", {"room": room})
        line = phrases.say(phrases.STAYING, self._random)
        said: Json = {"id": client_id(self._random), "text": line}
        await self._line.publish(f"room:{room}", said)
