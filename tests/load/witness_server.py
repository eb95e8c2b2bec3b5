"""The server of what is measured of witnesses: lines, vetted people who ride them, who reports.

Rides are put on the live map as it starts: how a phone comes to be on it is measured elsewhere.
"""

from datetime import datetime
from unittest.mock import patch

from alerts.witness import standing
from alerts.witness.rules import CONTAINED_MOST
from geo.cells import cell_of
from geo.point import Point
from geo.transit.values import LineId, Ride
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from tests.load.measured_server import Orders as Base
from tests.load.measured_server import Ready, in_some, run
from tests.support.transport import line_id, network, place
from web.access.vocabulary import Role
from web.bootstrap import Entraide


class Orders(Base, frozen=True, kw_only=True):
    lines: int
    #: On each line, vehicles so far apart…
    vehicles: int
    apart_m: int
    #: …and in each so many vetted people who watch.
    riders: int
    #: Agents of the network are told more often.
    agents: bool = False
    #: Approved people who report, and ride nothing: whoever is known is not contained.
    reporters: int = 0
    #: A bug: only the line's own budget counts.
    planted: bool = False


def along(orders: Orders, vehicle: int) -> int:
    return 1_000 + vehicle * orders.apart_m


async def make(whole: Entraide, orders: Orders) -> Ready:
    """The tokens of riders, line by line and vehicle by vehicle; of reporters; of an operator."""
    if orders.planted:
        patch.object(standing, "allowance", _by_line_alone).start()
    lines = [line_id(it) for it in range(orders.lines)]
    whole.services.transit.network = network(lines)
    now = whole.durable.clock.now()

    async def rider(tx: Transaction, number: int) -> str:
        token, person = await _vetted(whole, tx)
        await whole.services.witness.watching.set(tx, person, on=True)
        if orders.agents:
            await whole.services.witness.watching.agent(tx, person, person, "demo")
        vehicle = number // orders.riders
        line = lines[vehicle // orders.vehicles]
        metres = along(orders, vehicle % orders.vehicles)
        await whole.services.transit.aboard.put(person, _ride(line, metres, now))
        return token

    async def reporter(tx: Transaction, number: int) -> str:
        return (await _vetted(whole, tx))[0]

    async def operator(tx: Transaction, number: int) -> str:
        return (await whole.services.sessions.open(tx, Role.OPERATOR)).token.reveal()

    riders = orders.lines * orders.vehicles * orders.riders
    return {
        "riders": await in_some(whole, riders, rider),
        "reporters": await in_some(whole, orders.reporters, reporter),
        "operators": await in_some(whole, 1, operator),
    }


def _by_line_alone(these: standing.Budgets, spent: dict[str, int]) -> int:
    return max(0, CONTAINED_MOST - spent.get(these.near[0], 0))


async def _vetted(whole: Entraide, tx: Transaction) -> tuple[str, PersonId]:
    opened = await whole.services.sessions.open(tx, Role.CITIZEN)
    person, helpers = opened.caller.person, whole.services.helpers
    await helpers.apply(tx, person, name="x", skills=["come"], languages=["fr"])
    await helpers.approve(tx, PersonId("bench"), person, tier=1)
    return opened.token.reveal(), person


def _ride(line: LineId, metres: int, now: datetime) -> Ride:
    lat, lon = place(metres, line)
    return Ride(
        line=line, direction=0, course=0, along_m=metres, confidence=0.9,
        cell=cell_of(Point(lat=lat, lon=lon)), at=now,
    )  # fmt: skip


if __name__ == "__main__":
    run(Orders, make)
