"""The narrow places: what more machines do not widen, how full each is, and when it is full. Pure.

Each is a share of what it can bear: 1 is full. Limits of the program are imported from it; what is
assumed of machines says so.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from geo.whereabouts.adapters.memory import MOST_ENLISTED
from realtime.sql.postgres import READERS
from tests.load.country.costs import Costs
from tests.load.country.keys import CONTROL, DIRECTORY, DRAWER, REGISTRY, list_of
from tests.load.country.model import (
    CORE_BYTES,
    SOCKETS,
    Load,
    database_us,
    of_each_node,
    shards,
)
from tests.load.nearest_moves import LONGEST_STALL

#: Lines that one PostgreSQL holds well without a pooler, and the cores of a large one: assumptions.
MOST_LINES, DATABASE_CORES = 1_000, 32
#: How long a node may take to start, and a search to learn who has a page open: what we mean.
STARTS_S, SEARCHES_S = 60.0, 1.0


@dataclass(frozen=True, slots=True)
class Narrow:
    name: str
    #: What happens when it is full, and what helps.
    then: str
    use: Callable[[Load], float]

    def full_at(self, load: Load) -> float:
        """How many times the load fills it."""
        low, high = 1e-4, 1e4
        if self.use(load.times(high)) < 1:
            return high
        for _ in range(40):
            middle = (low * high) ** 0.5
            if self.use(load.times(middle)) < 1:
                low = middle
            else:
                high = middle
        return high


def nodes_of(load: Load) -> int:
    return max(1, -(-round(load.phones) // SOCKETS))


def narrow_places(costs: Costs, flush_s: float, crowd: float) -> list[Narrow]:
    """All of them.

    ``flush_s``: what this disk takes for a page; ``crowd``: of all phones, the fullest cell's.
    """
    return [*_of_nodes(costs), *_of_redis(costs, crowd), *_of_the_database(costs, flush_s)]


def _of_nodes(costs: Costs) -> Iterator[Narrow]:
    def starts(load: Load) -> float:
        return load.phones * costs.loading_us / 1e6 / STARTS_S

    def roster(load: Load) -> float:
        return (costs.base_bytes + load.phones * costs.roster_bytes) / CORE_BYTES

    def hears(load: Load) -> float:
        return of_each_node(load, costs, nodes_of(load)) / 1e6

    def presence(load: Load) -> float:
        return (nodes_of(load) - 1) * (costs.redis.asking + costs.redis.asked) / 1e6 / SEARCHES_S

    yield Narrow(
        f"a node that starts reads everybody on duty (within {STARTS_S:.0f} s)",
        "nodes come back late: keep spare ones; one installation a territory",
        starts,
    )
    yield Narrow(
        f"everybody on duty, in the memory of each node ({CORE_BYTES / 2**30:.0f} GiB)",
        "more memory a process; one installation a territory",
        roster,
    )
    yield Narrow(
        "each node hears who goes on and off duty, everywhere (a core)",
        "nodes have no time left for phones; one installation a territory",
        hears,
    )
    yield Narrow(
        f"a search asks every node who has a page open ({SEARCHES_S:.0f} s)",
        "first offers come later; larger nodes, fewer of them",
        presence,
    )


def _of_redis(costs: Costs, crowd: float) -> Iterator[Narrow]:
    def key(name: str) -> Callable[[Load], float]:
        return lambda load: shards(load, costs, nodes_of(load)).keys[name] / 1e6

    def fullest(load: Load) -> float:
        keys = shards(load, costs, nodes_of(load)).keys
        return max(keys[list_of(share)] for share in load.lists) / 1e6

    yield Narrow(
        f"people on duty that the live map takes ({MOST_ENLISTED:,})",
        "further people are refused; one installation a territory",
        lambda load: load.phones / MOST_ENLISTED,
    )
    yield Narrow(
        "the directory of lists: each position in the country writes to one key (a core)",
        "positions wait, then are dropped: offers go by older places",
        key(DIRECTORY),
    )
    yield Narrow(
        "the fullest list, a cell of 250 km² (a core)",
        "the same, there only",
        fullest,
    )
    yield Narrow(
        f"a drawer of records: there are {len(DRAWER)} (a core)",
        "shards beyond that number do not help",
        key(DRAWER[0]),
    )
    yield Narrow(
        "who beats: each node asks for the names of all, twice a second (a core)",
        "nodes take one another for dead",
        key(REGISTRY),
    )
    yield Narrow(
        "what all nodes must hear goes to one channel of one shard (a core)",
        "rights that end are told late, by the ledger",
        key(CONTROL),
    )
    stall = LONGEST_STALL
    yield Narrow(
        f"a search in the fullest cell holds its node up ({stall / 1000:.0f} ms)",
        "others on that node wait as long; nothing is lost",
        lambda load: load.phones * crowd * costs.redis.reading / stall,
    )


def _of_the_database(costs: Costs, flush_s: float) -> Iterator[Narrow]:
    yield Narrow(
        f"lines to PostgreSQL, {READERS + 1} a node ({MOST_LINES:,} without a pooler, assumed)",
        "nodes cannot begin; fewer, larger nodes",
        lambda load: nodes_of(load) * (READERS + 1) / MOST_LINES,
    )
    yield Narrow(
        "changes of duty share one stream: one commit after the other (this disk)",
        "commands meet, wait 50 ms, are run again, then refused for now",
        lambda load: load.duties * flush_s,
    )
    yield Narrow(
        f"processor of PostgreSQL ({DATABASE_CORES} cores, assumed)",
        "everything recorded waits",
        lambda load: database_us(load, costs, nodes_of(load)) / 1e6 / DATABASE_CORES,
    )
