"""The whole demo city, alive: one process, a pure client of the public wire.

It does nothing on a server that does not say, at ``/api/config``, that a demo runs there.
"""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TypeVar

import aiohttp

from realtime.kernel.secret import Secret
from web.demo.api import Api, Json, Refused, text
from web.demo.asker import Asker
from web.demo.city import CITY, District, Spot
from web.demo.desk import Desk
from web.demo.listener import Listener
from web.demo.night import NightDesk
from web.demo.people import Personality, around, population
from web.demo.riders import riders
from web.demo.streets import streets
from web.demo.tramway import Tramway
from web.demo.volunteer import Place, Volunteer

#: The city is the same each time; what happens in it is not.
CITY_SEED = 2018
#: People who arrive at the same moment when the demo starts.
AT_ONCE = 6
#: Between two simulated requests in the hills; the first comes sooner.
FIRST_REQUEST_S, REQUESTS_S = 75.0, 1200.0
#: After somebody new has been let in, someone on the square needs help, so often.
NEWCOMER_S, FOR_A_NEWCOMER = 25.0, 3
#: How long a server may take to answer at all.
PATIENCE_S = 30.0


T = TypeVar("T")


class NotADemo(Exception):
    """The server does not run a demo: nothing was done."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What the server process says on standard input, one JSON object on a line."""

    base: str
    operator: Secret
    #: Sessions at the desks of the city's hotels, in their order.
    desks: tuple[Secret, ...] = ()
    #: A file where the simulated people's sessions outlive the driver; empty: they do not.
    people_file: str = ""

    @classmethod
    def read(cls, line: str) -> "Orders":
        said = json.loads(line)
        return cls(
            base=text(said, "base"),
            operator=Secret(text(said, "operator")),
            desks=tuple(Secret(str(it)) for it in said.get("desks", ())),
            people_file=str(said.get("people_file", "")),
        )


async def run(orders: Orders, random: Random) -> None:
    """Let the city live until cancelled."""
    # One connection for commands is enough: everything else goes by the sockets, not counted here.
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http:
        api = Api(http, orders.base)
        demo = await _expect_a_demo(api)
        await Demo(api, orders, random, tram=isinstance(demo.get("tram"), dict)).run()


async def _expect_a_demo(api: Api) -> Json:
    """What the server says of it."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while True:
        try:
            config = await api.config()
        except (aiohttp.ClientError, OSError, Refused):
            if asyncio.get_running_loop().time() > deadline:
                raise NotADemo from None
            await asyncio.sleep(0.5)
            continue
        demo = config.get("demo")
        if not isinstance(demo, dict):
            raise NotADemo
        return demo


class Demo:
    def __init__(self, api: Api, orders: Orders, random: Random, *, tram: bool) -> None:
        self._api = api
        self._orders = orders
        self._random = random
        drawing = Random(CITY_SEED)
        self._town = Place(CITY, streets(CITY.town, drawing))
        self._hills = Place(CITY, streets(CITY.hills, drawing))
        self._people = population(drawing)
        #: An installation that has real lines has no tram of ours.
        self._riders = riders(drawing) if tram else []
        self._tramway = Tramway(api, self._riders, session=self._session, random=self._own())
        self._newcomers = asyncio.Event()
        self._tokens = _remembered(orders.people_file)
        self._joining = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            desk = Desk(
                self._api,
                self._orders.operator.reveal(),
                {it.name: it for it in (*self._people, *(it.person for it in self._riders))},
                newcomer=self._newcomer,
                random=self._own(),
            )
            group.create_task(desk.run())
            listener = Listener(self._api, self._orders.operator.reveal(), self._own())
            group.create_task(listener.run())
            for number, token in enumerate(self._orders.desks):
                night = NightDesk(number, self._api, token.reveal(), self._own())
                group.create_task(night.run())
            arrivals = [group.create_task(self._arrive(it, group)) for it in self._people]
            await asyncio.gather(*arrivals)
            hills, square = await self._asker("hills", group), await self._asker("square", group)
            if self._riders:
                await self._tramway.join(self._orders.operator.reveal(), group)
            _remember(self._orders.people_file, self._tokens)
            group.create_task(self._now_and_then(hills))
            group.create_task(self._for_newcomers(square))

    def _own(self) -> Random:
        """Chance of one's own: what one person does does not change what another does."""
        return Random(self._random.getrandbits(64))

    def _newcomer(self) -> None:
        self._newcomers.set()
        self._tramway.newcomers.set()

    async def _arrive(self, person: Personality, group: asyncio.TaskGroup) -> None:
        random = self._own()
        async with self._joining:
            token = await self._session(person.name)
        place = self._hills if person.in_hills else self._town
        group.create_task(Volunteer(person, self._api, token, place=place, random=random).run())

    async def _asker(self, name: str, group: asyncio.TaskGroup) -> Asker:
        asker = Asker(self._api, await self._session(name), CITY, self._own())
        group.create_task(asker.run())
        return asker

    async def _session(self, name: str) -> str:
        """The session that this person had, if the server still knows it; else a new one."""
        token = self._tokens.get(name, "")
        if token:
            try:
                await _persist(lambda: self._api.ticket(token))
            except Refused:
                pass
            else:
                return token
        opened = await _persist(lambda: self._api.call("session", {}))
        token = text(opened, "token")
        self._tokens[name] = token
        return token

    async def _now_and_then(self, asker: Asker) -> None:
        await asyncio.sleep(FIRST_REQUEST_S)
        while True:
            await asker.ask(self._somewhere(CITY.hills, CITY.hills.radius_m / 2))
            await asyncio.sleep(around(REQUESTS_S, 0.4, self._random))

    async def _for_newcomers(self, asker: Asker) -> None:
        while True:
            await self._newcomers.wait()
            for _ in range(FOR_A_NEWCOMER):
                await asyncio.sleep(around(NEWCOMER_S, 0.2, self._random))
                await asker.ask(self._somewhere(CITY.town, 40.0))
            self._newcomers.clear()

    def _somewhere(self, district: District, within_m: float) -> Spot:
        middle = district.middle
        return Spot(
            middle.east + self._random.uniform(-within_m, within_m),
            middle.north + self._random.uniform(-within_m, within_m),
        )


async def _persist(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask again, for as long as that can help."""
    while True:
        try:
            return await ask()
        except Refused as refused:
            if not refused.temporary:
                raise
        except (aiohttp.ClientError, OSError, TimeoutError):
            pass
        await asyncio.sleep(1.0)


def _remembered(file: str) -> dict[str, str]:
    if not file:
        return {}
    try:
        said = json.loads(Path(file).read_text())
    except (OSError, ValueError):
        return {}
    if not isinstance(said, dict):
        return {}
    return {name: token for name, token in said.items() if isinstance(token, str)}


def _remember(file: str, tokens: dict[str, str]) -> None:
    """Readable by its owner only: each of these is a session."""
    if file:
        path = Path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as kept:
            json.dump(tokens, kept)
