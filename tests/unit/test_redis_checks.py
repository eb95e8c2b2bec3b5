"""What a Redis says of itself, and what an operator is told about it."""

import pytest

from realtime.adapters.redis.checks import WANTED, problems
from tests.support.redis_servers import RedisServer, redis_alone

GOOD = {
    "save": "",
    "appendonly": "no",
    "maxmemory": "0",
    "maxmemory-policy": "noeviction",
    "requirepass": "",
    "bind": "127.0.0.1 -::1",
    "protected-mode": "yes",
    "repl-diskless-sync": "yes",
}
SEVEN: dict[str, object] = {"redis_version": "7.2.4", "cluster_enabled": 0}


def test_a_private_redis_that_keeps_nothing_is_fit() -> None:
    assert problems(GOOD, SEVEN) == []


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"save": "3600 1 300 100"}, "snapshots"),
        ({"appendonly": "yes"}, "every change"),
        ({"repl-diskless-sync": "no"}, "replicas"),
        ({"bind": "10.0.0.4", "protected-mode": "no"}, "without a password"),
        ({"bind": "* -::*", "protected-mode": "no"}, "without a password"),
        ({"bind": "", "protected-mode": "no"}, "without a password"),
        ({"maxmemory": "1048576", "maxmemory-policy": "allkeys-lru"}, "allkeys-lru"),
    ],
)
def test_each_fault_is_told_alone(changed: dict[str, str], word: str) -> None:
    (told,) = problems(GOOD | changed, SEVEN)

    assert word in told


@pytest.mark.parametrize(
    "changed",
    [
        {"bind": "10.0.0.4", "protected-mode": "no", "requirepass": "hush"},
        {"bind": "10.0.0.4"},
        {"maxmemory": "0", "maxmemory-policy": "allkeys-lru"},
    ],
)
def test_what_is_no_fault(changed: dict[str, str]) -> None:
    assert problems(GOOD | changed, SEVEN) == []


@pytest.mark.parametrize(
    ("version", "cluster", "fit"),
    [
        ("6.0.16", 0, False),
        ("6.2.0", 0, True),
        ("6.2.14", 1, False),
        ("7.0.15", 1, True),
        ("10.1.0", 1, True),
        ("", 0, False),
        ("unstable", 0, False),
    ],
)
def test_versions(version: str, cluster: int, fit: bool) -> None:
    told = problems(GOOD, {"redis_version": version, "cluster_enabled": cluster})

    assert (told == []) is fit


def test_no_sentence_holds_a_password() -> None:
    bad = dict.fromkeys(WANTED, "hush") | {"maxmemory-policy": "allkeys-lru"}

    assert "hush" not in " ".join(problems(bad, SEVEN))


def asked(server: RedisServer) -> list[str]:
    config = {name: server.ask("CONFIG", "GET", name)[name] for name in WANTED}
    return problems(config, server.ask("INFO"))


def test_real_servers_are_read(redis_server: RedisServer, valkey_server: RedisServer) -> None:
    assert asked(redis_server) == asked(valkey_server) == []

    with redis_alone("--save", "60 1", "--appendonly", "yes") as keeper:
        assert len(asked(keeper)) == 2
