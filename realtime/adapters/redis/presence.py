"""Who is here, on all nodes: each node tells Redis about its own people, and goes on telling.

A node has a set of people and a hash of seats under names of its own, which live ten seconds beyond
its last beat. Whoever asks looks into those of every node at once. What a node knows of its own
people is never asked of Redis, so it is right even while Redis is away.

One task writes: changes wait for it, are sent together, and cannot overtake each other.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec
import structlog

from realtime.adapters.memory import MemoryPresence
from realtime.adapters.redis.batches import Command, in_batches, pieces
from realtime.adapters.redis.servers import RedisServers
from realtime.kernel.errors import Unavailable
from realtime.kernel.ids import Channel, PersonId

log = structlog.get_logger(__name__)

#: A node that has said nothing for so long is dead, for the others.
LIFE_S = 10.0
#: How often a node says that it is there.
BEAT_S = 0.5
#: For one batch of commands; whoever asks goes on with what this node knows.
PATIENCE_S = 1.0
#: People told, or asked about, in one command.
AT_ONCE = 1_000

#: Notes that a node is there, forgets the dead, answers who there is. The server's time counts.
_BEAT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('ZRANGE', KEYS[1], 0, -1)
"""


class RedisPresence:
    """Keeps ``realtime.ports.Presence``'s promises on all nodes, while ``running``."""

    def __init__(
        self,
        servers: RedisServers,
        *,
        node: str,
        life_s: float = LIFE_S,
        beat_s: float = BEAT_S,
        patience_s: float = PATIENCE_S,
    ) -> None:
        """``node`` is this process's own name, a random id: no two may have the same."""
        self._servers = servers
        self._node = node
        self._life_ms = int(life_s * 1000)
        self._beat_s = beat_s
        self._patience_s = patience_s
        self._here = MemoryPresence()
        self._nodes: list[str] = []
        #: What has changed since it was told, and who waits for it to be.
        self._people: set[PersonId] = set()
        self._channels: set[Channel] = set()
        self._waiting: list[asyncio.Future[None]] = []
        self._changed = asyncio.Event()
        self._running = False
        #: Told with each change: a server that says another number has lost some of them.
        self._version = 0
        self._due = 0.0
        #: Redis did not answer the last time. Nothing is asked of it until a beat has succeeded.
        self.away = True
        self.failures = 0

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Tell, and go on telling; what was told is taken back at the end."""
        self._running = True
        await self._turn()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._tell(), name="presence.tell")
                try:
                    yield
                finally:
                    self._running = False
                    self._changed.set()
        finally:
            self._release(self._waiting)
        with suppress(Unavailable):
            await self._ask([("DEL", *self._own()), ("ZREM", self._registry, self._node)])

    async def arrive(self, person: PersonId, connection: str) -> None:
        await self._here.arrive(person, connection)
        self._people.add(person)
        await self._told()

    async def leave(self, person: PersonId, connection: str) -> None:
        await self._here.leave(person, connection)
        self._people.add(person)
        await self._told()

    async def sit(self, channel: Channel, connection: str, seat: str) -> None:
        await self._here.sit(channel, connection, seat)
        self._channels.add(channel)
        await self._told()

    async def stand(self, channel: Channel, connection: str) -> None:
        await self._here.stand(channel, connection)
        self._channels.add(channel)
        await self._told()

    async def present(self, people: Iterable[PersonId]) -> frozenset[PersonId]:
        """Those of them who are here; while Redis is away, those whom this node knows to be."""
        asked = set(people)
        here = await self._here.present(asked)
        elsewhere = sorted(asked - here)
        questions = [("SMISMEMBER", *part) for part in pieces(elsewhere, AT_ONCE)]
        answers = await self._elsewhere("people", questions)
        found = set(here)
        for answer in answers:
            members = [yes for part in answer for yes in part]
            found.update(it for it, yes in zip(elsewhere, members, strict=True) if yes)
        return frozenset(found)

    async def seated(self, channel: Channel) -> dict[str, str]:
        """Who sits there; while Redis is away, those whom this node knows to."""
        found: dict[str, str] = {}
        for (seats,) in await self._elsewhere("seats", [("HGET", channel)]):
            if seats is not None:
                found |= msgspec.json.decode(seats, type=dict[str, str])
        return found | await self._here.seated(channel)

    async def _elsewhere(self, what: str, questions: Sequence[Command]) -> list[list[Any]]:
        """The answers of every other node to questions about its people or seats."""
        if self.away or not questions:
            return []
        nodes = [it for it in self._nodes if it != self._node]
        try:
            # Nodes are seldom new: those known are asked in the same round trip.
            told, *answers = await self._ask(
                [
                    ("ZRANGE", self._registry, 0, -1),
                    *self._to(nodes, what, questions),
                ]
            )
            self._nodes = [it.decode() for it in told]
            new = [it for it in self._nodes if it != self._node and it not in nodes]
            answers += await self._ask(self._to(new, what, questions))
        except Unavailable:
            self._failed()
            return []
        return [list(part) for part in pieces(answers, len(questions))]

    def _to(self, nodes: Iterable[str], what: str, questions: Sequence[Command]) -> list[Command]:
        return [
            (name, self._name(node, what), *rest) for node in nodes for name, *rest in questions
        ]

    async def _told(self) -> None:
        """Return once Redis knows of the changes; at once while it is away."""
        if self.away or not self._running:
            return
        told = asyncio.get_running_loop().create_future()
        self._waiting.append(told)
        self._changed.set()
        await told

    async def _tell(self) -> None:
        while self._running:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._beat_s):
                    await self._changed.wait()
            self._changed.clear()
            await self._turn()

    async def _turn(self) -> None:
        """Beat when it is time to, and tell what has changed."""
        waiting, self._waiting = self._waiting, []
        now = asyncio.get_running_loop().time()
        try:
            if self.away or now >= self._due:
                self._due = now + self._beat_s
                await self._beat()
            await self._tell_changes()
            self.away = False
        except Unavailable:
            self._failed()
        finally:
            self._release(waiting + (self._waiting if self.away else []))

    async def _beat(self) -> None:
        """Stay alive for the others; tell everything again where something of it is missing."""
        nodes, version, *_ = await self._ask(
            [
                ("EVAL", _BEAT, 1, self._registry, self._node, self._life_ms),
                ("GET", self._name(self._node, "version")),
                *self._renewed(),
            ]
        )
        self._nodes = [it.decode() for it in nodes]
        if version is None or int(version) != self._version:
            await self._tell_everything()

    async def _tell_changes(self) -> None:
        people, self._people = self._people, set()
        channels, self._channels = self._channels, set()
        if not people and not channels:
            return
        self._version += 1
        here = await self._here.present(people)
        await self._ask(
            [
                *self._each("SADD", "people", sorted(here)),
                *self._each("SREM", "people", sorted(people - here)),
                *[await self._row(channel, "seats") for channel in channels],
                *self._renewed(),
                self._versioned(),
            ]
        )

    async def _tell_everything(self) -> None:
        """Told aside and put in place at once: nobody is missing meanwhile."""
        self._version += 1
        people, channels = list(self._here.everybody), list(self._here.channels)
        if self._version > 1:
            log.info("presence told again", people=len(people), channels=len(channels))
        new = [self._name(self._node, "new", it) for it in ("people", "seats")]
        await self._ask([("DEL", *new)])
        # Part by part: two hundred thousand people are told without holding up anybody else.
        for part in pieces(people, AT_ONCE):
            await self._ask([("SADD", new[0], *part), ("PEXPIRE", new[0], self._life_ms)])
        for some in pieces(channels, AT_ONCE):
            rows = [await self._row(channel, "new", "seats") for channel in some]
            await self._ask([*rows, ("PEXPIRE", new[1], self._life_ms)])
        people_now, seats_now, _ = self._own()
        await self._ask(
            [
                ("RENAME", new[0], people_now) if people else ("DEL", people_now),
                ("RENAME", new[1], seats_now) if channels else ("DEL", seats_now),
                *self._renewed(),
                self._versioned(),
            ]
        )

    async def _row(self, channel: Channel, *what: str) -> Command:
        seats = await self._here.seated(channel)
        name = self._name(self._node, *what)
        if not seats:
            return ("HDEL", name, channel)
        return ("HSET", name, channel, msgspec.json.encode(seats))

    def _each(self, command: str, what: str, people: Sequence[PersonId]) -> list[Command]:
        name = self._name(self._node, what)
        return [(command, name, *part) for part in pieces(people, AT_ONCE)]

    def _renewed(self) -> list[Command]:
        return [("PEXPIRE", it, self._life_ms) for it in self._own()]

    def _versioned(self) -> Command:
        """Last, and in the same slot: a server that has it has all that was told before."""
        return ("SET", self._own()[-1], self._version, "PX", self._life_ms)

    def _release(self, waiting: Iterable[asyncio.Future[None]]) -> None:
        for each in waiting:
            if not each.done():
                each.set_result(None)

    async def _ask(self, commands: Sequence[Command]) -> list[Any]:
        return await in_batches(self._servers, commands, patience_s=self._patience_s)

    def _failed(self) -> None:
        if not self.away:
            log.warning("redis is away", port="presence")
        self.away = True
        self.failures += 1

    @property
    def _registry(self) -> str:
        return self._servers.key("presence", "nodes")

    def _own(self) -> list[str]:
        return [self._name(self._node, what) for what in ("people", "seats", "version")]

    def _name(self, node: str, *what: str) -> str:
        # In braces: all that one node tells is in one slot of a cluster.
        return self._servers.key("presence", f"{{{node}}}", *what)
