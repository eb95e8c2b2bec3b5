"""What would make a Redis unfit for us, by what it says of itself. Pure: answers in, sentences out.

It is given CONFIG GET and INFO as texts; a password is looked at for being there, and never shown.
Beside pseudonyms stand the cells people are in, so nothing may be written to a disk, and nobody
else may read it.
"""

from collections.abc import Mapping

#: SMISMEMBER, GETDEL, ZADD GT are of 6.2; sharded channels, in a cluster, of 7.0.
OLDEST, OLDEST_CLUSTER = (6, 2), (7, 0)
#: The settings that are looked at: CONFIG GET with these names.
WANTED = (
    "save",
    "appendonly",
    "maxmemory",
    "maxmemory-policy",
    "requirepass",
    "bind",
    "protected-mode",
    "repl-diskless-sync",
)

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def problems(config: Mapping[str, str], info: Mapping[str, object]) -> list[str]:
    """Why this server would not do, one sentence each; nothing when it does.

    >>> problems({"save": "3600 1", "appendonly": "no"}, {"redis_version": "7.0.15"})
    ['Redis writes snapshots to disk: set save ""']
    """
    found = [*_disk(config), *_readers(config), *_age(info)]
    policy = config.get("maxmemory-policy", "noeviction")
    if config.get("maxmemory", "0") != "0" and policy != "noeviction":
        found.append(
            f"Redis forgets before its time when it is full ({policy}): "
            "set maxmemory-policy noeviction"
        )
    return found


def _disk(config: Mapping[str, str]) -> list[str]:
    found = []
    if config.get("save", ""):
        found.append('Redis writes snapshots to disk: set save ""')
    if config.get("appendonly", "no") != "no":
        found.append("Redis writes every change to disk: set appendonly no")
    if config.get("repl-diskless-sync", "yes") != "yes":
        found.append("Redis writes to disk for its replicas: set repl-diskless-sync yes")
    return found


def _readers(config: Mapping[str, str]) -> list[str]:
    if config.get("requirepass"):
        return []
    # A minus says that an address may be missing on this machine.
    listens = {address.lstrip("-") for address in config.get("bind", "127.0.0.1").split()}
    if listens and listens <= _LOOPBACK:
        return []
    if config.get("protected-mode") == "yes":
        # It refuses everybody but this machine until it has a password.
        return []
    return ["Redis can be read from other machines without a password: set requirepass or bind"]


def _age(info: Mapping[str, object]) -> list[str]:
    version = str(info.get("redis_version", ""))
    parts = version.split(".")
    if len(parts) < 2 or not all(part.isdecimal() for part in parts[:2]):
        return ["Redis does not say its version"]
    oldest = OLDEST_CLUSTER if str(info.get("cluster_enabled", "0")) == "1" else OLDEST
    if (int(parts[0]), int(parts[1])) < oldest:
        return [f"Redis {version} is too old: {oldest[0]}.{oldest[1]} or later is needed"]
    return []
