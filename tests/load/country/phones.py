"""Phones on real sockets, as light as can be: they answer pings and offers, and count bytes.

They do what a helper's page does: a ticket over HTTP, a socket, a greeting, a position; then
positions, receipts, answers, the room of the alert that they have accepted, and a look at it after
each burst of changes. Whoever asks for help follows it likewise, and closes it once nothing more
happens: those who may call have been asked by then, and whoever answers has answered.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random
from typing import cast

import aiohttp
import msgspec

from matching.dispatch.rules import WANTED
from tests.load.country.product import rhythm
from tests.load.country.server import SECRET
from tests.load.dispatch_people import Somebody, token_of
from tests.load.frames import masked, texts
from tests.support.raw_client import request
from web.demo.api import Api
from web.demo.people import Answer, plan

#: Sockets being opened at once.
AT_ONCE = 64
#: For an answer, on a machine that others use too; and until two come.
ANSWER_S, COVERED_S = 120.0, 40.0
#: A request has come to its end when nothing was said of it for so long, and at most after this.
SETTLED_S, SETTLED_MOST_S = 2.0, 40.0
#: For all of them to be in, likewise.
OPENED_S = 600.0
#: An offer that has become this asks nothing more.
OVER = frozenset({"declined", "withdrawn", "covered", "expired", "cancelled", "closed"})
_PING = b"{}"


class Fleet:
    """All of them, what they have in common, and what went over their lines."""

    def __init__(self, http: aiohttp.ClientSession, port: int, seed: int, factor: float) -> None:
        """``factor`` is what people's delays are multiplied by."""
        self.api = Api(http, f"http://127.0.0.1:{port}")
        self.port, self.factor = port, factor
        self.dice = Random(f"{seed} fleet")
        self.bytes_in = self.bytes_out = 0
        #: Requests carried to their end, those that two came to, lines cut, offers, acceptances.
        self.asked = self.covered = self.lost = self.offers = self.accepted = 0
        self.open: list[Phone] = []

    async def connect(self, people: Sequence[Somebody]) -> None:
        """Some at a time, each as a page does."""
        waiting = iter(people)

        async def some() -> None:
            for who in waiting:
                self.open.append(await self.let_in(who))

        async with asyncio.timeout(OPENED_S):
            await asyncio.gather(*(some() for _ in range(AT_ONCE)))

    async def let_in(self, who: Somebody) -> "Phone":
        ticket = await self.api.ticket(token_of(who, SECRET))
        loop = asyncio.get_running_loop()
        _, phone = await loop.create_connection(
            lambda: Phone(self, who, ticket), "127.0.0.1", self.port
        )
        await phone.greeted
        phone.tell(0)
        return phone

    async def again(self, phone: "Phone") -> None:
        """Its line is lost, as in a tunnel; it comes back."""
        if phone in self.open:
            self.open.remove(phone)
        phone.leave()
        self.open.append(await self.let_in(phone.who))


class Phone(asyncio.Protocol):
    def __init__(self, fleet: Fleet, who: Somebody, ticket: str) -> None:
        self.who = who
        self.greeted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._fleet, self._ticket = fleet, ticket
        self._rest, self._upgraded, self._said = b"", False, 1
        self._answers: dict[int, asyncio.Future[dict[str, object]]] = {}
        self._plans: dict[str, list[asyncio.TimerHandle]] = {}
        self._alert = self._room = ""
        #: Looks at the alert under way; the next one, once a burst is over; when it was last heard.
        self._looks: set[int] = set()
        self._next_look: asyncio.TimerHandle | None = None
        self._heard_at = 0.0
        #: Has a request under way.
        self.asks = False
        #: Called once enough have accepted what this phone asked for.
        self._covered: Callable[[], None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line = cast("asyncio.Transport", transport)
        self._write(request(self._fleet.port))

    def connection_lost(self, error: Exception | None) -> None:
        """Cut by the node, unless it has left: then it is no longer one of those who play."""
        if self in self._fleet.open:
            self._fleet.open.remove(self)
            self._fleet.lost += 1
        self._forget_all()
        waiting: list[asyncio.Future[None] | asyncio.Future[dict[str, object]]] = [
            self.greeted,
            *self._answers.values(),
        ]
        for it in waiting:
            if not it.done():
                it.set_exception(ConnectionError("the line was cut"))
                # Looked at here: nobody may be waiting for it any more.
                it.exception()

    def leave(self) -> None:
        self._forget_all()
        self._line.abort()

    def data_received(self, data: bytes) -> None:
        self._fleet.bytes_in += len(data)
        self._rest += data
        if not self._upgraded:
            _, end, rest = self._rest.partition(b"\r\n\r\n")
            if not end:
                return
            self._upgraded, self._rest = True, rest
            self.say({"id": 1, "connect": {"token": self._ticket}})
        found, self._rest = texts(self._rest)
        for text in found:
            self._heard(text)

    def say(self, what: object) -> None:
        self._write(masked(msgspec.json.encode(what)))

    def tell(self, north: int) -> None:
        """Where it is: at home, or so many thousandths of a degree further."""
        spot = self.who.spot
        position = {"lat": round(spot.lat + north / 1000, 3), "lon": spot.lon}
        self.say({"send": {"data": {"position": position}}})

    async def call(self, method: str, **data: object) -> dict[str, object]:
        self._said += 1
        answer: asyncio.Future[dict[str, object]] = asyncio.get_running_loop().create_future()
        self._answers[self._said] = answer
        self.say({"id": self._said, "rpc": {"method": method, "data": data}})
        async with asyncio.timeout(ANSWER_S):
            return await answer

    async def ask(self, number: str) -> None:
        """Ask for help, wait until two come and nothing more happens, and close."""
        self.asks = True
        try:
            await self._ask(number)
        finally:
            self.asks = False
        self._fleet.asked += 1

    async def _ask(self, number: str) -> None:
        spot, covered = self.who.spot, asyncio.Event()
        self._covered = covered.set
        place = {"lat": spot.lat, "lon": spot.lon, "accuracy_m": 20}
        raised = await self.call(
            "help.raise", id=number, kind="followed", mode="public", place=place
        )
        alert = _data(raised).get("alert")
        self._follow(str(alert))
        with suppress(TimeoutError):
            async with asyncio.timeout(COVERED_S):
                await covered.wait()
        self._fleet.covered += covered.is_set()
        await self._settled()
        _data(await self.call("help.close", alert=alert))

    async def _settled(self) -> None:
        """Until nothing is said any more of the alert that it follows."""
        loop = asyncio.get_running_loop()
        until = loop.time() + SETTLED_MOST_S
        while (  # noqa: ASYNC110 - nothing announces it
            quiet := loop.time() - self._heard_at
        ) < SETTLED_S and loop.time() < until:
            await asyncio.sleep(SETTLED_S - quiet)

    def _write(self, data: bytes) -> None:
        if not self._line.is_closing():
            self._fleet.bytes_out += len(data)
            self._line.write(data)

    def _heard(self, text: bytes) -> None:
        if text == _PING:
            self._write(masked(_PING))
        elif text.startswith(b'{"push"'):
            self._pushed(msgspec.json.decode(text)["push"].get("pub", {}).get("data"))
        elif text.startswith(b'{"id":1,'):
            if not self.greeted.done():
                self.greeted.set_result(None)
        else:
            answer = msgspec.json.decode(text)
            if answer["id"] in self._looks:
                self._looked(answer)
            waiting = self._answers.pop(answer["id"], None)
            if waiting is not None and not waiting.done():
                waiting.set_result(answer)

    def _pushed(self, data: object) -> None:
        match data:
            case {"type": "offer", "offer": str(offer), "alert": str(alert), "ring": str(ring)}:
                self._offered(offer, alert, near=ring == "near")
            case {"type": "offer_state", "offer": str(offer), "state": str(state)}:
                if state in OVER:
                    self._forget(offer)
                    self._look_no_more()
            case {"type": "state", "accepted": int(accepted)}:
                self._changed()
                if self._covered is not None and accepted >= WANTED:
                    self._covered()
            case _:
                pass

    def _offered(self, offer: str, alert: str, *, near: bool) -> None:
        fleet, loop = self._fleet, asyncio.get_running_loop()
        fleet.offers += 1
        planned = plan(self.who.temperament, fleet.dice, near=near)
        steps = [("offer.received", planned.received_s)]
        # Who is waiting for help has other things to do.
        if planned.answer is not Answer.IS_SILENT and not self.asks:
            accepts = planned.answer is Answer.ACCEPTS
            word = "offer.accept" if accepts else "offer.decline"
            steps += [("offer.seen", planned.seen_s), (word, planned.answered_s)]
        self._forget(offer)
        at = 0.0
        for word, seconds in steps:
            at += seconds * fleet.factor
            timer = loop.call_later(at, self._answer, word, offer, alert)
            self._plans.setdefault(offer, []).append(timer)

    def _answer(self, word: str, offer: str, alert: str) -> None:
        self._said += 1
        self.say({"id": self._said, "rpc": {"method": word, "data": {"offer": offer}}})
        if word == "offer.accept":
            self._fleet.accepted += 1
            self._follow(alert)

    def _follow(self, alert: str) -> None:
        self._alert, self._room = alert, ""
        self._subscribe(f"alert:{alert}")
        self._look()

    def _subscribe(self, channel: str) -> None:
        self._said += 1
        self.say({"id": self._said, "subscribe": {"channel": channel}})

    def _changed(self) -> None:
        """As a page does: ask, once for a burst."""
        loop = asyncio.get_running_loop()
        self._heard_at = loop.time()
        self._look_no_more()
        self._next_look = loop.call_later(rhythm().refresh_s * self._fleet.factor, self._look)

    def _look(self) -> None:
        self._said += 1
        self._looks.add(self._said)
        asked = {"method": "help.state", "data": {"alert": self._alert}}
        self.say({"id": self._said, "rpc": asked})

    def _looked(self, answer: dict[str, object]) -> None:
        """The first time that it is told which room there is, it opens it."""
        self._looks.discard(cast("int", answer["id"]))
        match answer:
            case {"rpc": {"data": {"room": str(room)}}} if room and room != self._room:
                self._room, self._said = room, self._said + 1
                self.say(
                    {"id": self._said, "rpc": {"method": "room.state", "data": {"room": room}}}
                )
                self._subscribe(f"room:{room}")
            case _:
                pass

    def _forget(self, offer: str) -> None:
        for timer in self._plans.pop(offer, ()):
            timer.cancel()

    def _forget_all(self) -> None:
        for offer in list(self._plans):
            self._forget(offer)
        self._look_no_more()

    def _look_no_more(self) -> None:
        if self._next_look is not None:
            self._next_look.cancel()


def _data(answer: dict[str, object]) -> dict[str, object]:
    match answer:
        case {"rpc": {"data": dict(data)}}:
            return data
        case _:
            raise RuntimeError(f"refused: {answer.get('error')}")
