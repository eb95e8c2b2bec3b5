"""What a server, its Redis and its database spend while something happens: read from outside."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tests.load.country.costs import Cost
from tests.load.country.phones import Fleet
from tests.load.peers.peer import with_children
from tests.support.redis_servers import RedisServer

#: A server is at rest when it has spent less than this share of a core for so long. Among many
#: phones it never does, for their pings go on: there, what was asked is over within so long.
AT_REST, REST_S, REST_MOST_S = 0.15, 0.2, 5.0
_FIGURES = re.compile(
    r"^entraide_(commit_seconds_count|presence_questions_total) (\S+)",
    re.MULTILINE,
)


def spent_us(*leaders: int) -> float:
    """Processor time that these processes and their children have had."""
    spent = 0
    for leader in leaders:
        for pid in with_children(leader):
            try:
                tasks = list(Path(f"/proc/{pid}/task").iterdir())
            except OSError:
                continue
            for task in tasks:
                try:
                    spent += int((task / "schedstat").read_text(encoding="ascii").split()[0])
                except OSError:
                    continue
    return spent / 1e3


def resident(pid: int) -> int:
    """Bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * 4096


@dataclass(frozen=True, slots=True)
class Spent:
    cost: Cost
    seconds: float
    #: How often presence was asked who is here.
    questions: float


@dataclass(frozen=True, slots=True)
class Meter:
    fleet: Fleet
    node: int
    redis: RedisServer
    #: The first process of PostgreSQL; 0: the database is inside the node.
    database: int

    async def during(self, work: Callable[[], Awaitable[None]]) -> Spent:
        """What was spent until the work is done and the server at rest again."""
        commits, asked = await self._figures()
        before, began = self._read(), time.monotonic()
        await work()
        await self.at_rest()
        cost, seconds = self._read() - before, time.monotonic() - began
        commits_after, asked_after = await self._figures()
        whole = cost + Cost(commits=commits_after - commits)
        return Spent(whole, seconds, asked_after - asked)

    async def at_rest(self) -> None:
        quiet_since = time.monotonic()
        end = quiet_since + REST_MOST_S
        while quiet_since + REST_S > time.monotonic() < end:
            before, began = spent_us(self.node), time.monotonic()
            await asyncio.sleep(REST_S / 4)
            share = (spent_us(self.node) - before) / 1e6 / (time.monotonic() - began)
            if share > AT_REST:
                quiet_since = time.monotonic()

    def calls(self, command: str) -> int:
        """How often Redis was asked this, so far."""
        kept = self.redis.ask("INFO", "commandstats").get(f"cmdstat_{command}")
        return int(kept["calls"]) if kept else 0

    def _read(self) -> Cost:
        pid = self.redis._process.pid if self.redis._process is not None else 0
        commands = self.redis.ask("INFO", "stats")["total_commands_processed"]
        return Cost(
            node_us=spent_us(self.node),
            redis_us=spent_us(pid),
            database_us=spent_us(self.database) if self.database else 0.0,
            commands=float(commands),
            bytes_in=float(self.fleet.bytes_out),
            bytes_out=float(self.fleet.bytes_in),
        )

    async def _figures(self) -> tuple[float, float]:
        async with self.fleet.api.http.get(f"{self.fleet.api.base}/metrics") as page:
            found = dict(_FIGURES.findall(await page.text()))
        return float(found["commit_seconds_count"]), float(found["presence_questions_total"])
