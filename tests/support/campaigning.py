"""A line of five stops, whose network nobody imported, and people who put posters up on it."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import msgspec

from geo.transit.network import Network
from geo.transit.values import Course, Line, LineId, NetworkId, Stop, StopId
from tests.support.service import Door, Person, service
from web.access.vocabulary import Role

STOPS = ("Place Centrale", "Hôtel de Ville", "Gare du Nord", "Saint-Rémy-lès-Chevreuse", "Terminus")
LINE = "ville:T9"
#: A phone's browser, going to an address.
PHONE = {
    "user-agent": "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 Chrome/156.0.0.0 "
    "Mobile Safari/537.36",
    "sec-fetch-dest": "document",
    "sec-fetch-mode": "navigate",
}


def ville(colour: str = "C5007F") -> Network:
    """A network of one line, there and back."""
    stops = [
        Stop(id=StopId(f"ville:{n}"), name=name, lat=48.8 + n / 200, lon=2.3)
        for n, name in enumerate(STOPS)
    ]
    there = tuple(it.id for it in stops)
    path = tuple((it.lat, it.lon) for it in stops)
    at_m = tuple(range(0, 556 * len(stops), 556))
    ways = (
        Course(direction=0, headsign=STOPS[-1], stops=there, at_m=at_m, path=path),
        Course(direction=1, headsign=STOPS[0], stops=there[::-1], at_m=at_m, path=path[::-1]),
    )
    line = Line(
        id=LineId(LINE),
        network=NetworkId("ville"),
        name="T9",
        mode="tram",
        colour=colour,
        courses=ways,
    )
    return Network([line], stops)


@dataclass
class Studio:
    door: Door
    supervisor: Person

    async def ask(
        self, method: str, *, who: Person | None = None, **fields: object
    ) -> tuple[int, dict[str, Any]]:
        answer = await self.door.post(
            f"/api/{method.replace('.', '/')}", fields, who=who or self.supervisor
        )
        return answer.status_code, msgspec.json.decode(answer.content, type=dict[str, Any])

    async def done(self, method: str, **fields: object) -> dict[str, Any]:
        status, answer = await self.ask(method, who=self.supervisor, **fields)
        assert status == 200, answer
        return answer

    async def create(self, **changes: object) -> dict[str, Any]:
        asked: dict[str, object] = {
            "id": "campaign-0001",
            "name": "Automne",
            "languages": ["fr", "en"],
            "designs": ["calme", "ligne", "ensemble"],
            "places": [{"line": LINE, "stop": "ville:2"}, {"venue": "Café des Amies"}],
        }
        return await self.done("campaign.create", **(asked | changes))

    async def tap(
        self, code: str, *, headers: Mapping[str, str] = PHONE, verb: str = "GET", path: str = "/t/"
    ) -> httpx2.Response:
        return await self.door.http.request(verb, path + code, headers=headers)


@asynccontextmanager
async def studio(folder: Path, *, origins: str = "") -> AsyncGenerator[Studio]:
    async with service(folder, origins=origins) as door:
        door.whole.services.transit.network = ville()
        yield Studio(door, await door.person(Role.SUPERVISOR))
