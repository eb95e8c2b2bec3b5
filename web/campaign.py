"""Campaigns, joined with transport, networks and witnesses."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.networks.service import Networks
from geo.transit.network import Network
from geo.transit.service import Transit
from geo.transit.values import Course, LineId, StopId
from programmes.campaign.counting import Counting
from programmes.campaign.drills.service import Drilling
from programmes.campaign.lines import LineDrawn, Numbers
from programmes.campaign.ports import Witnesses
from programmes.campaign.service import Campaigning
from programmes.campaign.values import Drill
from realtime.kernel.errors import NotAvailable
from realtime.ledger import Reading, Transaction
from realtime.tasks import Tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Of one installation; commands use these."""

    campaigning: Campaigning
    counting: Counting
    drilling: Drilling
    lines: "LinesOfTransit"
    numbers: "NumbersOfNetworks"

    def register(self, tasks: Tasks) -> None:
        self.drilling.register(tasks)


class LinesOfTransit:
    """Keeps the promises of ``programmes.campaign.ports.Lines``."""

    def __init__(self, transit: Transit) -> None:
        self._transit = transit

    @property
    def _network(self) -> Network:
        return self._transit.network

    def line(self, line: str, direction: int | None = None) -> LineDrawn | None:
        found = self._network.line(LineId(line))
        if found is None:
            return None
        ways = [it for it in found.courses if direction in (None, it.direction)]
        if direction is not None and not ways:
            return None
        course = max(ways, key=lambda it: len(it.stops), default=None)
        return LineDrawn(
            line=line,
            name=found.name,
            mode=found.mode,
            colour=found.colour,
            headsign=course.headsign if course and direction is not None else "",
            stops=self._stops(course),
        )

    def stop_name(self, stop: str) -> str | None:
        found = self._network.stop(StopId(stop))
        return None if found is None else found.name

    def lines_at(self, stop: str) -> Sequence[str]:
        return self._network.lines_at(StopId(stop))

    def _stops(self, course: Course | None) -> tuple[tuple[str, str], ...]:
        if course is None:
            return ()
        known = [self._network.stop(it) for it in course.stops]
        return tuple((it.id, it.name) for it in known if it is not None)


class NumbersOfNetworks:
    """Keeps the promise of ``programmes.campaign.ports.Networks``."""

    def __init__(self, networks: Networks) -> None:
        self._networks = networks

    async def numbers(self, reading: Reading, network: str | None) -> Numbers:
        found = await self._networks.call(reading, network)
        return Numbers(call=found.number, sms=found.sms)


class NoWitnesses:
    """Where nobody watches there is nobody to practise with."""

    async def drill(self, tx: Transaction, line: str, direction: int, *, actor: str) -> str:
        raise NotAvailable

    async def drilled(self, reading: Reading, alert: str) -> Drill | None:
        return None


def joined_campaign(
    transit: Transit, networks: Networks, witnesses: Witnesses | None = None
) -> Campaign:
    lines, counting = LinesOfTransit(transit), Counting()
    return Campaign(
        campaigning=Campaigning(lines, counting),
        counting=counting,
        drilling=Drilling(lines, witnesses or NoWitnesses()),
        lines=lines,
        numbers=NumbersOfNetworks(networks),
    )
