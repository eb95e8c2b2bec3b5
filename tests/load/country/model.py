"""What so many phones come to: nodes, shards, the database; and what gives way. Pure arithmetic.

Rates are a second. Nothing here is measured: ``costs.py`` holds that, ``day.py`` what is assumed.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from geo.cells import NEAR_RES
from geo.whereabouts.stems import SHARE_RES
from realtime.adapters.redis.batches import BATCH
from realtime.adapters.redis.presence import BEAT_S
from tests.load.country.costs import Cost, Costs, Happens
from tests.load.country.keys import CONTROL, DIRECTORY, DRAWER, REGISTRY, dealt, list_of

#: Of a core, what is planned with: beyond it, waiting grows quickly.
PLANNED = 0.6
#: Phones of one process: the largest number that is measured here. The program itself would take
#: ``realtime.node.MOST_CLIENTS``.
SOCKETS = 10_000
#: A list of the live map is as wide as so many cells: who goes into the next cell seldom goes into
#: the next list. Each resolution of H3 is the square root of seven times as wide as the next.
WIDER = math.sqrt(7) ** (NEAR_RES - SHARE_RES)
#: Memory that a machine has for each core, as general machines are let (an assumption).
CORE_BYTES = 4 * 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One installation at one hour."""

    phones: float
    within: float
    across: float
    pings: float
    returns: float
    requests: float
    duties: float
    #: Positions by list of the live map (``stems.share_of``).
    lists: Mapping[str, float]

    def times(self, factor: float) -> "Load":
        """As many more phones, who ask as much more."""
        return Load(
            phones=self.phones * factor,
            within=self.within * factor,
            across=self.across * factor,
            pings=self.pings * factor,
            returns=self.returns * factor,
            requests=self.requests * factor,
            duties=self.duties * factor,
            lists={share: it * factor for share, it in self.lists.items()},
        )

    @property
    def happens(self) -> Mapping[Happens, float]:
        return {
            Happens.TELLS: self.within,
            Happens.CROSSES: self.across,
            Happens.PINGED: self.pings,
            Happens.ARRIVES: self.returns,
            Happens.ASKS: self.requests,
            Happens.DUTY: self.duties,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """How many processes, by what binds; none: no number of them would do."""

    by_sockets: int
    by_processor: int | None
    by_memory: int | None

    @property
    def needed(self) -> int | None:
        if self.by_processor is None or self.by_memory is None:
            return None
        return max(self.by_sockets, self.by_processor, self.by_memory)

    @property
    def binds(self) -> str:
        if self.by_memory is None:
            return "memory: the roster alone"
        if self.by_processor is None:
            return "processor: hearing the others alone"
        named = {
            "sockets": self.by_sockets,
            "processor": self.by_processor,
            "memory": self.by_memory,
        }
        return max(named, key=lambda it: named[it])


def spent(load: Load, costs: Costs) -> Cost:
    """All phones together, a second, whatever the number of nodes."""
    whole = Cost()
    for what, many in load.happens.items():
        whole += costs.of(what) * many
    return whole


def of_each_node(load: Load, costs: Costs, nodes: int) -> float:
    """Microseconds a second that a node spends because there are others, and because it is."""
    others = nodes - 1
    hearing = load.duties * costs.heard.node_us * others / nodes
    asking = load.requests * costs.searches * others * costs.redis.asking / nodes
    return costs.of(Happens.IDLE).node_us + hearing + asking


def node_share(load: Load, costs: Costs, nodes: int) -> float:
    """Of a core, what each node needs."""
    return (spent(load, costs).node_us / nodes + of_each_node(load, costs, nodes)) / 1e6


def nodes(load: Load, costs: Costs) -> Nodes:
    room = CORE_BYTES - costs.base_bytes - costs.roster_bytes * load.phones
    by_memory = math.ceil(load.phones * costs.phone_bytes / room) if room > 0 else None
    return Nodes(
        by_sockets=max(1, math.ceil(round(load.phones) / SOCKETS)),
        by_processor=_enough(load, costs),
        by_memory=max(1, by_memory) if by_memory is not None else None,
    )


def _enough(load: Load, costs: Costs) -> int | None:
    """The least number of nodes none of which needs more than is planned."""
    least = max(1, math.ceil(spent(load, costs).node_us / 1e6 / PLANNED))
    many = least
    while many < 20 * least:
        if node_share(load, costs, many) <= PLANNED:
            return many
        many = max(many + 1, math.ceil(many * 1.02))
    return None


def database_us(load: Load, costs: Costs, nodes: int) -> float:
    """Microseconds a second of the database: commands, and what each node asks of it."""
    hearing = load.duties * costs.heard.database_us * (nodes - 1)
    return spent(load, costs).database_us + costs.of(Happens.IDLE).database_us * nodes + hearing


@dataclass(frozen=True, slots=True, kw_only=True)
class Shards:
    #: Microseconds a second of Redis: what lies on one key, and all the rest.
    keys: Mapping[str, float]
    even_us: float

    @property
    def total(self) -> float:
        """Cores."""
        return (sum(self.keys.values()) + self.even_us) / 1e6

    @property
    def hottest(self) -> tuple[str, float]:
        """The busiest key, and its share of a core."""
        key = max(self.keys, key=lambda it: self.keys[it])
        return key, self.keys[key] / 1e6

    def needed(self) -> int | None:
        """The least number of which none is asked for more than is planned."""
        least = max(1, math.ceil(self.total / PLANNED))
        for many in range(least, 8 * least + 32):
            if max(dealt(self.keys, self.even_us, many)) <= PLANNED * 1e6:
                return many
        return None


def shards(load: Load, costs: Costs, nodes: int) -> Shards:
    """What each position touches: the directory, its list, its drawer; the rest lies evenly.

    Who goes from one list to another is marked and taken off there, each as dear as the other.
    In a cluster each of those is a round trip of its own, and is counted so.
    """
    each, moves = costs.redis, load.within + load.across
    note, crossing = each.note + each.trip, load.across / moves / WIDER if moves else 0.0
    keys = {DIRECTORY: moves * note}
    for share, many in load.lists.items():
        keys[list_of(share)] = many * (note + crossing * 2 * (each.drop + each.trip))
    for drawer in DRAWER:
        keys[drawer] = moves / len(DRAWER) * (each.move + each.trip)
    keys[REGISTRY] = nodes / BEAT_S * (each.beat + each.trip + nodes * each.beat_node)
    keys[CONTROL] = load.duties * (each.publish + each.trip + nodes * each.listener)
    limit = max(0.0, costs.of(Happens.TELLS).redis_us - 2 * each.note - each.move - each.trip)
    others = sum(
        costs.of(what).redis_us * many
        for what, many in load.happens.items()
        if what not in {Happens.TELLS, Happens.CROSSES}
    )
    asked = load.requests * costs.searches * (nodes - 1) * (each.asked + each.trip / BATCH)
    idle = costs.of(Happens.IDLE).redis_us * nodes
    return Shards(keys=keys, even_us=moves * limit + others + asked + idle)


def storm_s(costs: Costs, load: Load, nodes: int, back: float) -> float:
    """Until so many phones are in again on so many nodes, which have the rest to do meanwhile."""
    spare = 1.0 - min(0.95, node_share(load, costs, nodes))
    return back * costs.of(Happens.ARRIVES).node_us / 1e6 / nodes / spare
