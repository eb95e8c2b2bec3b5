"""The tables of the report, each made from values alone."""

import math
from collections.abc import Mapping, Sequence
from operator import itemgetter

from geo.cells import centre, to_cell
from realtime.sql.postgres import READERS
from tests.load.country.costs import FEW_COMMITS, Costs, Happens
from tests.load.country.evening import Played
from tests.load.country.keys import PREFIX
from tests.load.country.model import (
    PLANNED,
    SOCKETS,
    Load,
    database_us,
    node_share,
    nodes,
    shards,
    spent,
    storm_s,
)
from tests.load.country.narrow import Narrow, nodes_of
from tests.load.country.people import landmark
from tests.load.country.world import Installation, World
from tests.proofs.table import Table

FACTORS = (1, 2, 5, 10)
HOT = 10
#: Less than this share of a core, or than so many commands a second, is not compared.
LITTLE, FEW_COMMANDS = 0.01, 100
#: Hours from then on are shown.
EVENING = 16
#: What is compared: a name, which figure of a cost, in what.
COMPARED: Mapping[str, tuple[str, float, str]] = {
    "processor of the node": ("node_us", 1e-6, "s"),
    "processor of Redis": ("redis_us", 1e-6, "s"),
    "processor of the database": ("database_us", 1e-6, "s"),
    "commands that Redis ran": ("commands", 1.0, ""),
    "commits": ("commits", 1.0, ""),
    "bytes from phones": ("bytes_in", 1e-3, "kB"),
    "bytes to phones": ("bytes_out", 1e-3, "kB"),
}


def compared(table: Table, played: Played) -> dict[str, float]:
    """Predicted beside measured, as rows; measured for each predicted, by what it is."""
    ratios = {}
    for part in played.parts:
        for what, (name, scale, unit) in COMPARED.items():
            said, seen = getattr(part.predicted, name), getattr(part.measured, name)
            if said <= 0 and seen <= 0:
                continue
            row = f"{part.name}: {what}"
            if max(said, seen) < _least(name, part.seconds):
                table.add(row, _in(said * scale, unit), _in(seen * scale, unit), "too few to say")
                continue
            ratios[row] = seen / said if said else float("inf")
            table.add(row, _in(said * scale, unit), _in(seen * scale, unit), ratios[row])
    return ratios


def _least(name: str, seconds: float) -> float:
    """What the servers do anyhow, and anybody else on the machine, cannot be told from less."""
    if name.endswith("_us"):
        return LITTLE * seconds * 1e6
    return {"commits": FEW_COMMITS, "commands": FEW_COMMANDS * seconds}.get(name, 0.0)


def checked(played: Played) -> Table:
    """How near the model came, part by part: measured for each predicted."""
    table = Table(
        "How near the model came: measured for each that was predicted",
        ("what", *(it.name for it in played.parts)),
    )
    ratios = compared(Table("", ("", "", "", "")), played)
    for what in COMPARED:
        found = (ratios.get(f"{part.name}: {what}") for part in played.parts)
        table.add(what, *("–" if it is None else it for it in found))
    table.note("–: too few to say")
    return table


def costed(costs: Costs) -> Table:
    table = Table(
        "What each costs, measured here",
        ("what", "node, µs", "Redis, µs", "database, µs", "commands", "commits", "bytes in, out"),
    )
    for what in Happens:
        it = costs.of(what)
        table.add(
            what.value, it.node_us, it.redis_us, it.database_us, it.commands, it.commits,
            f"{it.bytes_in:,.0f}, {it.bytes_out:,.0f}",
        )  # fmt: skip
    table.add("another node hears a change of duty", costs.heard.node_us, "", "", "", "", "")
    redis = costs.redis
    table.note(
        f"of Redis, µs: a round trip {redis.trip:.1f}, an entry in a list {redis.note:.1f}, a "
        f"record {redis.move:.1f}, an entry taken off {redis.drop:.1f}, a publication "
        f"{redis.publish:.1f} and {redis.listener:.2f} for each who listens, a beat "
        f"{redis.beat:.1f} and {redis.beat_node:.2f} for each node"
    )
    table.note(
        f"a phone holds {costs.phone_bytes:,.0f} bytes of its node, somebody on duty anywhere "
        f"{costs.roster_bytes:,.0f} of each node; a starting node spends {costs.loading_us:,.0f} "
        f"µs on each; one of a crowded cell costs a search {redis.reading:.1f} µs of the node"
    )
    return table


def planned(world: World, costs: Costs) -> Table:
    at = world.assumed.hour.at
    table = Table(
        f"How many, at {at} h, planned with {PLANNED:.0%} of a core",
        (
            "one installation for", "phones", "nodes", "by sockets, processor, memory", "binds",
            "Redis: cores, shards", "database: cores, commits/s, lines",
        ),
    )  # fmt: skip
    for it in world.installations:
        load, found = it.load, nodes(it.load, costs)
        many = found.needed or nodes_of(load)
        redis, whole = shards(load, costs, many), spent(load, costs)
        database = database_us(load, costs, many) / 1e6
        table.add(
            it.territory.name,
            int(load.phones),
            "none would do" if found.needed is None else found.needed,
            f"{found.by_sockets:,}, {_or_none(found.by_processor)}, {_or_none(found.by_memory)}",
            found.binds,
            f"{redis.total:.2f}, {_or_none(redis.needed())}",
            f"{database:.2f}, {whole.commits:,.1f}, {many * (READERS + 1):,}",
        )
    table.note("–, none: no number would do, as one key or what each node must hear is too much")
    table.note(
        f"{SOCKETS:,} phones a process is what is planned with; beyond what was played, and for "
        "more than one machine, everything is extrapolated"
    )
    busiest = max(world.day, key=lambda it: it.requests)
    requests, whole = costs.of(Happens.ASKS) * busiest.requests, spent(busiest, costs)
    table.note(
        f"with {busiest.requests * 3600:,.0f} requests an hour, in all of France: they take "
        f"{requests.node_us / 1e6:.2f} of the {whole.node_us / 1e6:.1f} cores of all nodes, "
        f"{requests.commits:.0f} commits/s, {costs.offers * busiest.requests:.0f} offers/s"
    )
    return table


def each(world: World, costs: Costs) -> Table:
    """Of each node and each shard."""
    table = Table(
        "What each node and each shard carries",
        (
            "one installation for", "a node's core", "kB/s in, out", "positions/s of a node",
            "commands/s of all shards", "fullest key", "its shard",
        ),
    )  # fmt: skip
    for it in world.installations:
        load, many = it.load, nodes(it.load, costs).needed or nodes_of(it.load)
        whole, redis = spent(load, costs), shards(load, costs, many)
        key, share = redis.hottest
        idle = costs.of(Happens.IDLE)
        table.add(
            it.territory.name,
            f"{node_share(load, costs, many):.1%}",
            f"{whole.bytes_in / many / 1e3:.1f}, {whole.bytes_out / many / 1e3:.1f}",
            (load.within + load.across) / many,
            int(whole.commands + idle.commands * many),
            key.removeprefix(f"{PREFIX}:"),
            f"{share:.1%} of a core",
        )
    table.note("bytes as TCP carries them, without its heads and TLS")
    return table


def hot(world: World, costs: Costs, many: int = HOT) -> Table:
    table = Table(
        f"The {many} fullest cells of the country at {world.assumed.hour.at} h",
        ("cell", "next to", "phones", "positions/s", "its list's core", "a search there, node, ms"),
    )
    # The densest of all are there, and drawn more finely than in the whole country.
    around = world.region.crowd
    tells, each = around.tells(world.assumed.cadences), costs.redis
    for cell, phones in around.fullest(many):
        table.add(
            to_cell(cell),
            landmark(centre(to_cell(cell))),
            int(phones),
            float(tells[cell]),
            f"{tells[cell] * (each.note + each.trip) / 1e6:.3%}",
            phones * each.reading / 1e3,
        )
    table.note("a full Stade de France, then stations and dense quarters of the capital")
    return table


def hops(installations: Sequence[Installation], costs: Costs) -> Table:
    table = Table(
        "What nodes tell each other",
        ("one installation for", "offers and states/s", "heard by", "changes of duty/s", "heard by",
         "hops/s"),
    )  # fmt: skip
    for it in installations:
        load, many = it.load, nodes_of(it.load)
        said = load.requests * costs.publications
        table.add(
            it.territory.name, said, f"{(many - 1) / many:.2f} other node", load.duties,
            f"{many - 1:,} others", said * (many - 1) / many + load.duties * (many - 1),
        )  # fmt: skip
    table.note(
        "a node listens to its own phones' streams, the alerts they follow and control:nodes; to "
        "no cell: dispatch asks the live map, and a position is published to nobody"
    )
    return table


def breaks(places: Sequence[Narrow], load: Load, before: float = math.inf) -> Table:
    """Those that are full ``before`` so many times the load."""
    table = Table(
        "What gives way first, all of the country in one installation",
        ("narrow place", *(f"× {it}" for it in FACTORS), "full at ×", "then, and what helps"),
    )
    for full, it in sorted(((it.full_at(load), it) for it in places), key=itemgetter(0)):
        if full < before:
            shares = (_full(it.use(load.times(factor))) for factor in FACTORS)
            table.add(it.name, *shares, full, it.then)
    return table


def storms(world: World, costs: Costs) -> Table:
    table = Table(
        "After something dies",
        ("one installation for", "a node dies: s to let its phones in", "all return: s",
         "database cores for that s", "a new node reads for, s"),
    )  # fmt: skip
    for it in world.installations:
        load, many = it.load, nodes_of(it.load)
        back = min(load.phones, SOCKETS)
        arrives = costs.of(Happens.ARRIVES)
        alone = many == 1
        all_s = storm_s(costs, load, many, load.phones)
        table.add(
            it.territory.name,
            "there is no other" if alone else storm_s(costs, load, many - 1, back),
            all_s,
            load.phones * arrives.database_us / 1e6 / all_s,
            load.phones * costs.loading_us / 1e6,
        )
    table.note(
        "by processor alone: a page waits up to "
        f"{world.assumed.rhythm.again_most_s:g} s before it tries, and TLS is the proxy's"
    )
    return table


def _full(share: float) -> str:
    """Of what it can bear.

    >>> _full(0.034), _full(2.5), _full(38.9)
    ('3%', '250%', '39 times')
    """
    return f"{share:.0%}" if share < 10 else f"{share:,.0f} times"


def _in(value: float, unit: str) -> str:
    shown = f"{value:,.0f}" if value >= 100 else f"{value:#.3g}".rstrip(".")
    return f"{shown} {unit}".strip()


def _or_none(many: int | None) -> str:
    return "–" if many is None else f"{many:,}"


def day(world: World, costs: Costs) -> Table:
    table = Table(
        "The evening in the country",
        ("hour", "positions/s", "requests an hour", "on and off duty/s", "lines lost/s",
         "nodes' cores", "Redis' cores"),
    )  # fmt: skip
    for at, load in enumerate(world.day):
        if at < EVENING:
            continue
        whole = spent(load, costs)
        table.add(
            f"{at} h", load.within + load.across, int(load.requests * 3600), load.duties,
            load.returns, whole.node_us / 1e6, whole.redis_us / 1e6,
        )  # fmt: skip
    return table
