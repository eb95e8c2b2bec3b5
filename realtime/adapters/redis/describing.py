"""What an operator wants to know of the servers: asked at start-up and by ``./run doctor``."""

from dataclasses import dataclass

from realtime.adapters.redis.address import Server
from realtime.adapters.redis.checks import WANTED, problems
from realtime.adapters.redis.finding import finder
from realtime.adapters.redis.servers import RedisServers


@dataclass(frozen=True, slots=True)
class Found:
    """What an operator wants to know of one server."""

    server: Server
    #: ``redis 7.0.15``, ``valkey 9.1.2``
    version: str
    #: ``noeviction`` is the one that forgets no limit and no ticket before its time.
    eviction: str
    #: It writes to disk, which nothing here needs and what is live must not be.
    keeps: bool
    #: Why it would not do, a sentence each (``checks.py``).
    problems: tuple[str, ...]


async def describe(servers: RedisServers) -> list[Found]:
    """Each server that takes commands, in order; ``Unavailable`` when one is silent."""
    find = finder(servers)
    try:
        async with servers.asking():
            topology = await find.look()
            return [await _described(servers, server) for server in sorted(topology.servers)]
    finally:
        await find.close()


async def _described(servers: RedisServers, server: Server) -> Found:
    async with servers.lone(server) as client:
        info = await client.info()
        # One by one: before 7.0 a server is asked for one setting at a time.
        config = {name: str((await client.config_get(name)).get(name, "")) for name in WANTED}
    name = "valkey" if "valkey_version" in info else "redis"
    return Found(
        server,
        version=f"{name} {info[f'{name}_version']}",
        eviction=str(info["maxmemory_policy"]),
        keeps=bool(info["aof_enabled"] or config["save"]),
        problems=tuple(problems(config, info)),
    )
