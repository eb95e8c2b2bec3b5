"""Where every name is listened to, and everything said: kept right while servers come and go.

One ear and one voice for each server that serves something. Every ear has a task of its own: a
server that is quiet, or gone, holds nobody up. Where things are is asked each second, and whenever
a server turns us away.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterable
from functools import partial

from redis.crc import key_slot

from realtime.adapters.redis.address import Kind, Server
from realtime.adapters.redis.ear import Ear
from realtime.adapters.redis.finding import finder
from realtime.adapters.redis.publishing import Publishing
from realtime.adapters.redis.servers import RedisServers
from realtime.adapters.redis.topology import Topology
from realtime.adapters.redis.voice import Voice
from realtime.kernel.errors import Unavailable

#: How often we ask where servers are; and how soon again when one turns us away, then ever later.
LOOK_S = 1.0
LOOK_AGAIN_S = 0.05
LOOK_AGAIN_AT_MOST_S = 0.4


class Places:
    def __init__(
        self,
        servers: RedisServers,
        arrived: Callable[[bytes, bytes], None],
        missed: Callable[[], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        self.publishing = Publishing(self._route, self._voice, self._look_now)
        #: Under this name a node says that it has moved: what it said before, to a server that led
        #: no longer, may have reached nobody, and those who lost no line would never know.
        self.moved = servers.key("moved").encode()
        self.settled = asyncio.Event()
        #: What ears tell is told on.
        self.arrived = arrived
        #: Everything is in place again, and something may have been missed.
        self._tell_missed = missed
        #: A task has died of a bug.
        self._tell_failed = failed
        self._servers = servers
        self._sharded = servers.kind is Kind.CLUSTER
        self._finder = finder(servers)
        self._topology: Topology | None = None
        self._ears: dict[Server, Ear] = {}
        self._voices: dict[Server, Voice] = {}
        self._tasks: dict[object, asyncio.Task[None]] = {}
        #: Names that a server would not have, or that have none yet.
        self._homeless = {self.moved}
        #: Not everything is in place; and whether anything was missed meanwhile.
        self._disturbed = True
        self._missed = False
        self._must_tell = False
        self._doubt = asyncio.Event()
        self._looking = asyncio.Lock()
        self._looked_at = 0.0
        self._closed = False

    @property
    def away(self) -> bool:
        return self._disturbed or any(ear.quiet for ear in self._ears.values())

    @property
    def ears(self) -> list[Ear]:
        return list(self._ears.values())

    def open(self) -> None:
        self._own(self, self._follow())

    async def close(self) -> None:
        self._closed = True
        tasks = tuple(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._finder.close()

    def doubt(self) -> None:
        """Something is missed while not everything is in place."""
        self._missed = True

    async def join(self, name: bytes) -> None:
        """Return when a name is listened to; at once, and it is remembered, when that cannot be."""
        ear = self._ear(name)
        if ear is None:
            self.turned_away([name])
        else:
            await ear.join(name)

    def leave(self, name: bytes) -> None:
        for ear in self._ears.values():
            if ear.wants(name):
                ear.leave(name)
        if name in self._homeless:
            self._homeless.remove(name)
            self.placed()

    # ── what ears tell ───────────────────────────────────────────────────────────────────────

    def lost(self) -> None:
        self._disturbed = self._missed = True
        self._doubt.set()

    def turned_away(self, names: Iterable[bytes]) -> None:
        self._homeless.update(names)
        self.lost()

    def placed(self) -> None:
        if not self._disturbed or self._homeless or not all(it.steady for it in self.ears):
            return
        self._disturbed = False
        self.settled.set()
        if self._missed:
            self._missed = False
            self._tell_missed()

    # ── where things are ─────────────────────────────────────────────────────────────────────

    def _slot(self, name: bytes) -> int:
        return key_slot(name) if self._sharded else 0

    def _route(self, name: bytes) -> Server | None:
        if self._topology is None or self._closed:
            return None
        return self._topology.owner(self._slot(name))

    def _ear(self, name: bytes) -> Ear | None:
        server = self._route(name)
        return None if server is None else self._ears.get(server)

    def _voice(self, server: Server) -> Voice:
        voice = self._voices.get(server)
        if voice is None:
            voice = Voice(partial(self._servers.line, server), sharded=self._sharded)
            self._voices[server] = voice
            self._own(voice, voice.run())
        return voice

    async def _follow(self) -> None:
        again = LOOK_AGAIN_S
        while True:
            with contextlib.suppress(Unavailable):
                await self._look_now()
                if self._must_tell:
                    await self.publishing.publish([(self.moved, b"")])
                    self._must_tell = False
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._doubt.wait()
            self._doubt.clear()
            await asyncio.sleep(again)
            again = min(2 * again, LOOK_AGAIN_AT_MOST_S) if self._disturbed else LOOK_AGAIN_S

    async def _look_now(self) -> None:
        """Find out where things are, and move there; all who ask meanwhile share the answer."""
        loop = asyncio.get_running_loop()
        asked = loop.time()
        async with self._looking:
            if self._looked_at <= asked:
                topology = await self._finder.look()
                self._looked_at = loop.time()
                self._move(topology)

    def _move(self, topology: Topology) -> None:
        if topology != self._topology:
            self._must_tell = self._must_tell or self._topology is not None
            self._topology = topology
            self._leave_what_serves_nothing(topology.servers)
            for server in topology.servers - self._ears.keys():
                self._listen_to(server)
            for server, ear in self._ears.items():
                elsewhere = [name for name in ear.wanted if self._route(name) != server]
                for name in elsewhere:
                    ear.leave(name)
                if elsewhere:
                    self.turned_away(elsewhere)
        self._house()
        self.placed()

    def _house(self) -> None:
        """Give every name a server, if it has one."""
        for name in tuple(self._homeless):
            ear = self._ear(name)
            if ear is not None:
                self._homeless.remove(name)
                ear.add([name])

    def _listen_to(self, server: Server) -> None:
        line = partial(self._servers.line, server)
        ear = Ear(server, line, self, slot=self._slot, sharded=self._sharded)
        self._ears[server] = ear
        self._disturbed = True
        self._own(ear, ear.run())

    def _leave_what_serves_nothing(self, serving: frozenset[Server]) -> None:
        for server in self._ears.keys() - serving:
            ear = self._ears.pop(server)
            self.turned_away(ear.wanted)
            self._tasks.pop(ear).cancel()
        for server in self._voices.keys() - serving:
            self._tasks.pop(self._voices.pop(server)).cancel()

    def _own(self, owner: object, work: Coroutine[None, None, None]) -> None:
        name = f"realtime.redis.{type(owner).__name__.lower()}"
        self._tasks[owner] = asyncio.create_task(work, name=name)
        self._tasks[owner].add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._tell_failed(error)
