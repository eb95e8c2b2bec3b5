"""The servers of Redis that a whole run of tests shares, each started when first asked for.

Whoever kills or empties a server takes one of its own (``redis_alone`` and its like).
"""

from collections.abc import Iterator

import pytest

from tests.support.redis_deployments import (
    ClusterDeployment,
    SentinelDeployment,
    redis_clustered,
    redis_sentinels,
)
from tests.support.redis_servers import RedisServer, redis_alone, valkey_program


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    with redis_alone() as server:
        yield server


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[RedisServer]:
    with redis_alone(program=valkey_program()) as server:
        yield server


@pytest.fixture(scope="session")
def redis_sentinel() -> Iterator[SentinelDeployment]:
    with redis_sentinels() as deployment:
        yield deployment


@pytest.fixture(scope="session")
def redis_cluster() -> Iterator[ClusterDeployment]:
    """Three primaries without replicas; for a failover, ``redis_clustered(replicas=1)``."""
    with redis_clustered() as deployment:
        yield deployment
