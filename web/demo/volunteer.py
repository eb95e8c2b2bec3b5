"""A simulated helper, living: on duty and off, walking, asked, coming. She decides in people.py."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from web.demo import phrases
from web.demo.api import Api, Json, Refused, client_id, text
from web.demo.asking import application, insist
from web.demo.city import City, Spot
from web.demo.line import Line, LineDown
from web.demo.people import Answer, Personality, around, plan
from web.demo.streets import Streets, walk

log = logging.getLogger(__name__)

#: Whoever comes walks this much faster than people do, so that a visitor sees them arrive.
HASTE = 8.0
#: How often a phone tells where it is: on the way, and out for a walk.
STEP_S, STROLL_S = 4.0, 60.0
#: Well within the ten minutes after which a silent phone is forgotten.
REMIND_S = 240.0
ARRIVED_M = 15.0
#: Chance, at each step of a stroll, of a tunnel.
TUNNEL = 0.02
#: Alerts a day: the most that a helper may choose, as there are few people and many requests here.
BUDGET = 20
#: States after which an offer asks nothing more of anyone.
OVER = frozenset({"declined", "withdrawn", "covered", "expired", "cancelled", "closed"})
#: Nobody stays longer beside someone than this.
LONGEST_STAY_S = 1800.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a volunteer lives: what she walks along."""

    city: City
    streets: Streets


def middle(city: City, area: object) -> Spot | None:
    """Where to go while the exact place is not known: the middle of the cell that is shown."""
    match area:
        case [[_, _], *_]:
            lats, lons = zip(*area, strict=True)
            return city.spot(sum(lats) / len(lats), sum(lons) / len(lons))
        case _:
            return None


class Volunteer:
    def __init__(
        self, person: Personality, api: Api, token: str, *, place: Place, random: Random
    ) -> None:
        self._person = person
        self._city = place.city
        self._streets = place.streets
        self._random = random
        self._spot = place.streets.spots[place.streets.anywhere(random)]
        self._way: list[Spot] = []
        self._told: tuple[float, float] | None = None
        self._told_at = 0.0
        self._approved = asyncio.Event()
        self._on_duty = False
        self._coming = False
        #: By offer, what she is doing about it.
        self._engaged: dict[str, asyncio.Task[None]] = {}
        #: By alert, whether its exact place may have been opened since it was last asked for.
        self._opened: dict[str, asyncio.Event] = {}
        self._rooms: set[str] = set()
        self._line = Line(api, token, heard=self._heard, opened=self._connected, random=random)

    async def run(self) -> None:
        """Live until cancelled, or until the session is ended by the server."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            life = group.create_task(self._live())
            await self._line.run()
            for task in (life, *self._engaged.values()):
                task.cancel()

    async def _live(self) -> None:
        now = asyncio.get_running_loop().time
        await self._approved.wait()
        await self._insist("helper.prefer", {"quiet": None, "budget": BUDGET})
        while True:
            await self._be_on_duty(True)
            until = now() + around(self._person.duty_s, 0.3, self._random)
            while now() < until or self._coming:
                await asyncio.sleep(self._random.uniform(0.75, 1.25) * STROLL_S)
                await self._stroll()
            await self._be_on_duty(False)
            await asyncio.sleep(around(self._person.rest_s, 0.3, self._random))

    async def _be_on_duty(self, on: bool) -> None:
        lat, lon = self._rounded()
        asked: Json = {"on": True, "lat": lat, "lon": lon} if on else {"on": False}
        if await self._insist("helper.duty", asked) is not None:
            self._on_duty = on
            self._told = None
            await self._tell_place()

    async def _stroll(self) -> None:
        if self._coming:
            return
        if self._random.random() < TUNNEL:
            await self._line.drop()
        if self._person.strolls:
            if not self._way:
                there = self._streets.spots[self._streets.anywhere(self._random)]
                self._way = self._streets.way(self._spot, there)
            self._spot, self._way = walk(self._spot, self._way, self._person.pace * STROLL_S)
        await self._tell_place()

    def _rounded(self) -> tuple[float, float]:
        """Three decimals, as the phones do before sending."""
        lat, lon = self._city.degrees(self._spot)
        return round(lat, 3), round(lon, 3)

    async def _tell_place(self) -> None:
        now, here = asyncio.get_running_loop().time(), self._rounded()
        if not self._on_duty or (here == self._told and now - self._told_at < REMIND_S):
            return
        try:
            await self._line.call("helper.move", {"position": {"lat": here[0], "lon": here[1]}})
        except (LineDown, Refused):
            return
        self._told, self._told_at = here, now

    # What the server says.

    async def _connected(self, whole: bool) -> None:
        self._told = None
        await self._tell_place()
        if whole and self._approved.is_set():
            return
        state = await self._line.call("me.state", {})
        helper = state.get("helper")
        if not isinstance(helper, dict):
            await self._apply()
        elif helper.get("status") == "approved":
            self._approved.set()
        for opened in self._opened.values():
            opened.set()
        offers = state.get("offers")
        for offer in offers if isinstance(offers, list) else ():
            self._asked(offer)

    async def _apply(self) -> None:
        await self._line.call("helper.apply", application(self._person, self._random))

    def _heard(self, channel: str, data: Json) -> None:
        match data:
            case {"type": "offer"}:
                self._asked(data)
            case {"type": "offer_state", "offer": str(offer), "state": str(state)}:
                if state in OVER and offer in self._engaged:
                    self._engaged[offer].cancel()
            case {"type": "place_open", "alert": str(alert)}:
                self._opened.setdefault(alert, asyncio.Event()).set()
            case {"type": "helper", "status": "approved"}:
                self._approved.set()
            case {"seat": "elle"} if channel in self._rooms and self._random.random() < 0.4:
                self._group.create_task(self._say(channel, phrases.ANSWERING, 3.0))
            case _:
                pass

    # An offer.

    def _asked(self, offer: Json) -> None:
        name, state = offer.get("offer"), offer.get("state")
        if not isinstance(name, str) or name in self._engaged or state in OVER:
            return
        task = self._group.create_task(self._engage(offer))
        self._engaged[name] = task
        task.add_done_callback(lambda _: self._engaged.pop(name, None))

    async def _engage(self, offer: Json) -> None:
        try:
            asked: Json = {"offer": text(offer, "offer")}
            near = offer.get("ring") == "near"
            if offer.get("state") in {"accepted", "arrived"}:
                # From before a restart: she is still on her way.
                await self._come(offer, asked) if near else await self._stay(offer)
                return
            answer = await self._answer(asked, near=near)
            if answer.get("state") == "accepted":
                room = answer.get("room")
                whole = {**offer, "room": room} if isinstance(room, str) else offer
                await self._come(whole, asked) if near else await self._stay(whole)
        except Refused as refused:
            log.info("an answer was refused: %s", refused.name)

    async def _answer(self, asked: Json, *, near: bool) -> Json:
        planned = plan(self._person, self._random, near=near)
        await asyncio.sleep(planned.received_s)
        await self._insist("offer.received", asked)
        if planned.answer is Answer.IS_SILENT:
            return {}
        await asyncio.sleep(planned.seen_s)
        await self._insist("offer.seen", asked)
        await asyncio.sleep(planned.answered_s)
        accepts = planned.answer is Answer.ACCEPTS and not (near and self._coming)
        return await self._insist("offer.accept" if accepts else "offer.decline", asked) or {}

    async def _come(self, offer: Json, asked: Json) -> None:
        """Walk to what is known of the place, then to the door; stay until it is over."""
        self._coming = True
        alert = text(offer, "alert")
        self._opened.setdefault(alert, asyncio.Event()).set()
        room = await self._enter(offer)
        try:
            target = middle(self._city, offer.get("area")) or self._spot
            await self._say(room, phrases.COMING, 2.0, self._spot.distance_to(target))
            await self._walk_to(target, alert)
            if await self._insist("offer.arrived", asked) is not None:
                await self._say(room, phrases.THERE, 1.5)
            # Until the end of the alert cancels this.
            await asyncio.sleep(LONGEST_STAY_S)
        finally:
            self._coming = False
            self._way = []
            self._opened.pop(alert, None)
            self._rooms.discard(room)

    async def _walk_to(self, target: Spot, alert: str) -> None:
        exact: Spot | None = None
        way = self._streets.way(self._spot, target)
        while exact is None or self._spot.distance_to(exact) > ARRIVED_M:
            if exact is None and self._opened[alert].is_set():
                self._opened[alert].clear()
                exact = await self._exact(alert)
                if exact is not None:
                    way = self._streets.way(self._spot, exact)
            await asyncio.sleep(STEP_S)
            self._spot, way = walk(self._spot, way, self._person.pace * HASTE * STEP_S)
            await self._tell_place()

    async def _stay(self, offer: Json) -> None:
        """From far away: a voice in the room."""
        room = await self._enter(offer)
        try:
            await self._say(room, phrases.CALLING, 4.0)
            await asyncio.sleep(LONGEST_STAY_S)
        finally:
            self._rooms.discard(room)

    async def _exact(self, alert: str) -> Spot | None:
        state = await self._insist("help.state", {"alert": alert}) or {}
        match state.get("place"):
            case {"lat": int() | float() as lat, "lon": int() | float() as lon}:
                return self._city.spot(lat, lon)
            case _:
                return None

    # The room.

    async def _enter(self, offer: Json) -> str:
        room = offer.get("room")
        if not isinstance(room, str):
            return ""
        channel = f"room:{room}"
        self._rooms.add(channel)
        # If this fails she can still speak; what is said reaches her when the line is back.
        with suppress(LineDown, Refused):
            await self._line.subscribe(channel)
        return channel

    async def _say(
        self, channel: str, words: tuple[str, ...], after_s: float, metres: float = 0
    ) -> None:
        if not channel:
            return
        await asyncio.sleep(around(after_s, 0.3, self._random))
        line = phrases.say(words, self._random, metres=metres)
        message: Json = {"id": client_id(self._random), "text": line}
        try:
            await self._line.publish(channel, message)
        except (LineDown, Refused):
            log.info("a line was not said")

    async def _insist(self, method: str, asked: Json) -> Json | None:
        return await insist(self._line, method, asked, self._random)
