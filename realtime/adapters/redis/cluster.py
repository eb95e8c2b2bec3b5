"""redis-py's client of a cluster, without two faults of its version 8.1.

A command sent before it has learnt who serves which slot goes to any server, and so does its second
attempt, as long as nothing else made it learn. And a client that is about to learn anew counts as
closed: its open connections were left behind.
"""

from typing import Any

from redis.asyncio.cluster import RedisCluster


class Cluster(RedisCluster):
    async def execute_command(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        _ = await self.initialize()
        return await super().execute_command(*args, **kwargs)

    async def aclose(self) -> None:
        await super().aclose()
        await self.nodes_manager.aclose()
        await self.nodes_manager.aclose("startup_nodes")
