"""On real engines, while each of them is being broken, nothing acknowledged is lost.

Two hubs on PostgreSQL and Redis (alone, under Sentinels, a Cluster), people and helpers in other
processes who write down all that they ask, are answered and hear; fault after fault from one dice.
Then the checker of histories holds what was promised against what is left.
"""

import asyncio
import random
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.adversity.history.book import read
from tests.adversity.history.checker import check
from tests.adversity.history.ladder import BUSY, PATIENT
from tests.adversity.history.lines import Broken, Fault, Line
from tests.proofs.engines import faults
from tests.proofs.engines.faults import Ground, carry_out
from tests.proofs.engines.figures import (
    AFTERMATH_S,
    Felt,
    acknowledged,
    felt,
    merged,
    percentile,
    unfinished,
)
from tests.proofs.engines.house import Size, fault_book, house, load
from tests.proofs.engines.probe import Probe, probing
from tests.proofs.engines.reading import read_back
from tests.proofs.table import Table
from tests.support.postgres import Postgres
from tests.support.redis_deployments import redis_clustered, redis_sentinels
from tests.support.redis_servers import redis_alone

#: Kinds of faults and how often, on each deployment, at full size.
FULL: dict[str, dict[str, int]] = {
    "alone": {
        "hub SIGKILL": 8,
        "PostgreSQL immediate restart": 8,
        "Redis FLUSHALL": 4,
        "Redis killed, restarted empty": 6,
        "Redis hangs": 3,
        "network cut, hub to PostgreSQL": 6,
        "network cut, hub to Redis": 6,
        "hub SIGSTOP, then SIGCONT": 2,
    },
    "sentinel": {"Sentinel: primary killed": 5, "hub SIGKILL": 1},
    "cluster": {
        "Cluster: primary killed": 4,
        "Cluster: slots migrated": 4,
        "Redis FLUSHALL": 1,
        "hub SIGKILL": 1,
    },
}
REDUCED: dict[str, dict[str, int]] = {
    "alone": {
        "hub SIGKILL": 1,
        "PostgreSQL immediate restart": 1,
        "Redis FLUSHALL": 1,
        "Redis killed, restarted empty": 1,
        "network cut, hub to PostgreSQL": 1,
        "network cut, hub to Redis": 1,
        "hub SIGSTOP, then SIGCONT": 1,
    }
}
FULL_SIZE, REDUCED_SIZE = Size(2, 14, 24), Size(1, 6, 8)
#: Commands acknowledged before each fault; how much later it comes, at most, so that it may fall
#: anywhere; and how long a hub is stopped.
FULL_MEANWHILE, REDUCED_MEANWHILE = 240, 5
FULL_PAUSE_S, REDUCED_PAUSE_S = 1.0, 0.3
FULL_STOP_S, REDUCED_STOP_S = 60.0, 2.0
ENOUGH_FAULTS, ENOUGH_ACKNOWLEDGED = 50, 10_000
MOST_DELAY_S = 2.0
MOST_POSTGRES_RECOVERY_S = 5.0


@dataclass(frozen=True, slots=True)
class Run:
    """One deployment's evening."""

    kinds: dict[str, Felt]
    broken: list[Broken]
    unfinished: list[str]
    acknowledged: int
    #: The last words of hubs that died of themselves.
    deaths: list[str]


def main(seed: int, reduced: bool) -> Table:
    return asyncio.run(_prove(seed, reduced))


async def _prove(seed: int, reduced: bool) -> Table:
    plan = REDUCED if reduced else FULL
    runs = [await evening(name, kinds, seed, reduced=reduced) for name, kinds in plan.items()]
    return told(runs, reduced=reduced)


async def evening(name: str, kinds: dict[str, int], seed: int, *, reduced: bool) -> Run:
    """Break every kind of thing so many times, in an order drawn by lot."""
    chance = random.Random(f"{seed}/{name}")
    order = [kind for kind, times in kinds.items() for _ in range(times)]
    chance.shuffle(order)
    size = REDUCED_SIZE if reduced else FULL_SIZE
    pause = REDUCED_PAUSE_S if reduced else FULL_PAUSE_S
    stop = REDUCED_STOP_S if reduced else FULL_STOP_S
    async with ground_of(name, chance, stop) as ground:
        at = ground.house
        urls = [hub.server.url for hub in at.hubs]
        deaths: list[str] = []
        with fault_book(at) as book:
            async with probing(urls) as probe, load(at, seed, size):
                for kind in order:
                    await at.hears(REDUCED_MEANWHILE if reduced else FULL_MEANWHILE)
                    await asyncio.sleep(chance.uniform(0, pause))
                    book.write(await carry_out(ground, kind))
                    await asyncio.sleep(AFTERMATH_S if not reduced else 0.8)
                    deaths += [word for hub in at.hubs if (word := await hub.revive())]
        lines = read(at.books)
        found = await read_back(at.door.url, at.database, lines)
        kinds_felt = felt(lines, found)
        _recoveries(kinds_felt, lines, probe)
        return Run(
            kinds_felt,
            check(lines, found, PATIENT if reduced else BUSY),
            unfinished(lines),
            acknowledged(lines),
            deaths,
        )


@asynccontextmanager
async def ground_of(name: str, chance: random.Random, stop: float) -> AsyncGenerator[Ground]:
    """Engines and hubs of one kind of deployment, all our own."""
    postgres = Postgres()
    with ExitStack() as stack, tempfile.TemporaryDirectory() as temporary:
        stack.callback(postgres.close)
        postgres.start()
        redis = sentinels = cluster = None
        if name == "alone":
            redis = stack.enter_context(redis_alone())
            broker = redis.url
        elif name == "sentinel":
            sentinels = stack.enter_context(redis_sentinels())
            broker = sentinels.url
        else:
            cluster = stack.enter_context(redis_clustered(replicas=1))
            broker = cluster.url
        database = postgres.new_database()
        async with house(Path(temporary), database=database, broker=broker, hubs=2) as at:
            yield Ground(
                house=at,
                chance=chance,
                pause_s=stop,
                postgres=postgres,
                redis=redis,
                sentinels=sentinels,
                cluster=cluster,
            )


def _recoveries(kinds: dict[str, Felt], lines: Sequence[Line], probe: Probe) -> None:
    moments = [line for line in lines if isinstance(line, Fault)]
    for fault, following in zip(moments, [*moments[1:], None], strict=True):
        before = following.at if following else fault.until + 30.0
        kinds[fault.what].recovered.append(probe.recovered(fault.until, before))


def told(runs: Sequence[Run], *, reduced: bool) -> Table:
    kinds = merged([run.kinds for run in runs])
    quiet = kinds.pop("")
    table = Table(
        "Nothing acknowledged is lost on real engines",
        (
            "fault", "runs", "acknowledged meanwhile", "refused loudly", "unanswered",
            "hubs write again, worst s", "heard after, p99 s", "worst s", "resumed whole",
        ),
    )  # fmt: skip
    for name, it in [("(none)", quiet), *sorted(kinds.items())]:
        table.add(
            name,
            it.runs,
            it.acknowledged,
            ", ".join(f"{times} {error}" for error, times in sorted(it.refused.items())),
            it.unanswered,
            max(it.recovered, default=0.0),
            percentile(it.delays, 0.99),
            max(it.delays, default=0.0),
            f"{it.whole}/{it.resumed}",
        )
    _require(table, runs, kinds, quiet, reduced=reduced)
    return table


def _require(
    table: Table, runs: Sequence[Run], kinds: dict[str, Felt], quiet: Felt, *, reduced: bool
) -> None:
    broken = [it for run in runs for it in run.broken]
    total, times = sum(run.acknowledged for run in runs), sum(it.runs for it in kinds.values())
    late = [seconds for name in faults.REDIS & kinds.keys() for seconds in kinds[name].delays]
    # Against what a machine as busy as this one needs when nothing is broken.
    extra = max(late, default=0.0) - percentile(quiet.delays, 0.99)
    back = max(kinds["PostgreSQL immediate restart"].recovered)
    for line in [*(word for run in runs for word in run.deaths), *broken[:20]]:
        table.note(str(line))
    table.note(f"{times} faults, {total} requests and messages acknowledged")
    table.require(f"0 of {total} lost, I1 to I8 kept over {times} faults", not broken)
    table.require("every command was done in the end", not any(run.unfinished for run in runs))
    table.require("no hub died of itself", not any(run.deaths for run in runs))
    if not reduced:
        table.require(f"{ENOUGH_FAULTS} faults", times >= ENOUGH_FAULTS)
        table.require(f"{ENOUGH_ACKNOWLEDGED} acknowledged", total >= ENOUGH_ACKNOWLEDGED)
    say = table.aim if reduced else table.require
    say(f"{extra:.1f} s more, at most {MOST_DELAY_S:.0f}, without Redis", extra <= MOST_DELAY_S)
    say(
        f"written {back:.1f} s after PostgreSQL is back, {MOST_POSTGRES_RECOVERY_S:.0f} at most",
        back <= MOST_POSTGRES_RECOVERY_S,
    )
