"""A simulated helper who rides the tram: watches, is told, takes what nobody has taken, stays."""

import asyncio
import logging
import time
from collections.abc import Callable
from random import Random

from web.demo.api import Api, Json, Refused, text
from web.demo.asking import application, insist
from web.demo.city import CITY
from web.demo.line import Line, LineDown
from web.demo.people import Answer, around, plan
from web.demo.riders import Rider, role

log = logging.getLogger(__name__)

#: How often a phone on the move says where it is; one that stands still says it as often, as the
#: server must know that it stands.
TELLS_S = 8.0
#: Alerts a day: the most that a helper may choose, as there are few people here.
BUDGET = 20
#: From taking a role to standing beside her: some steps along the vehicle.
STEPS_S = 6.0
#: Where she who came can see with her own eyes whether there was something.
ON_THE_SPOT = frozenset({"trip", "platform"})
#: Parts of the five that simulated people leave free: one of those who are told may be a visitor.
LEFT_TO_OTHERS = 2


class Passenger:
    def __init__(
        self,
        rider: Rider,
        api: Api,
        token: str,
        *,
        random: Random,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._rider = rider
        self._now = now
        self._random = random
        self._approved = asyncio.Event()
        #: By alert, what she is doing about it.
        self._engaged: dict[str, asyncio.Task[None]] = {}
        self._line = Line(api, token, heard=self._heard, opened=self._connected, random=random)

    async def run(self) -> None:
        """Ride until cancelled, or until the session is ended by the server."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            life = group.create_task(self._ride())
            await self._line.run()
            for task in (life, *self._engaged.values()):
                task.cancel()

    async def _ride(self) -> None:
        await self._approved.wait()
        await self._insist("helper.prefer", {"quiet": None, "budget": BUDGET})
        await self._insist("watch.set", {"on": True})
        while True:
            lat, lon = CITY.degrees(self._rider.ride.at(self._now()))
            # Three decimals, as the phones do before sending.
            here: Json = {"lat": round(lat, 3), "lon": round(lon, 3)}
            try:
                await self._line.call("helper.move", {"position": here})
            except (LineDown, Refused):
                log.info("a place was not told")
            await asyncio.sleep(TELLS_S * self._random.uniform(0.9, 1.1))

    async def _connected(self, whole: bool) -> None:
        if whole and self._approved.is_set():
            return
        state = await self._line.call("me.state", {})
        helper = state.get("helper")
        if not isinstance(helper, dict):
            await self._line.call("helper.apply", application(self._rider.person, self._random))
        elif helper.get("status") == "approved":
            self._approved.set()
        witness = state.get("witness")
        calls = witness.get("calls") if isinstance(witness, dict) else None
        for call in calls if isinstance(calls, list) else ():
            if isinstance(call, dict) and call.get("state") == "asked":
                self._asked(str(call.get("alert")), call)

    def _heard(self, channel: str, data: Json) -> None:
        match data:
            case {"type": "witness", "alert": str(alert)}:
                self._asked(alert, data)
            case {"type": "witness_end", "alert": str(alert)} if alert in self._engaged:
                self._engaged[alert].cancel()
            case {"type": "helper", "status": "approved"}:
                self._approved.set()
            case _:
                pass

    def _asked(self, alert: str, offer: Json) -> None:
        if alert in self._engaged:
            return
        task = self._group.create_task(self._engage(alert, offer))
        self._engaged[alert] = task
        task.add_done_callback(lambda _: self._engaged.pop(alert, None))

    async def _engage(self, alert: str, offer: Json) -> None:
        asked: Json = {"alert": alert}
        planned = plan(self._rider.person, self._random)
        await asyncio.sleep(planned.received_s)
        await self._insist("witness.received", asked)
        if planned.answer is Answer.IS_SILENT:
            return
        await asyncio.sleep(planned.seen_s)
        await self._insist("witness.seen", asked)
        await asyncio.sleep(planned.answered_s)
        if planned.answer is Answer.DECLINES or await self._takes(alert) is None:
            await self._insist("witness.decline", asked)
            return
        await asyncio.sleep(around(STEPS_S, 0.3, self._random))
        if offer.get("ring") in ON_THE_SPOT:
            await self._insist("witness.confirm", {"alert": alert, "seen": True})

    async def _takes(self, alert: str) -> str | None:
        """Something that nobody does yet; None when enough have come, or all is over."""
        while True:
            try:
                state = await self._line.call("witness.state", {"alert": alert})
                free = _free(state)
                wanted = role(self._rider, free, self._random)
                if wanted is None or len(free) <= LEFT_TO_OTHERS:
                    return None
                claimed: Json = {"alert": alert, "role": wanted}
                return text(await self._line.call("witness.claim", claimed), "role")
            except Refused as refused:
                # Somebody may have been quicker: she looks again.
                if refused.name != "role_taken" and not refused.temporary:
                    return None
            except LineDown:
                pass
            await asyncio.sleep(self._random.uniform(0.3, 1.0))

    async def _insist(self, method: str, asked: Json) -> Json | None:
        return await insist(self._line, method, asked, self._random)


def _free(state: Json) -> list[str]:
    """The parts that nobody has taken."""
    roles = state.get("roles")
    return [
        str(it.get("role"))
        for it in (roles if isinstance(roles, list) else ())
        if isinstance(it, dict) and not it.get("taken")
    ]
