"""Servers of Redis that belong together: primary and replica under Sentinels, and a Cluster."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

from tests.support.ports import unused_port
from tests.support.redis_servers import NOTICED_MS, RedisServer, eventually, running

SLOTS = 16384
GROUP = "entraide"
#: A replica is sent what it lacks without waiting for others who may want it too.
_AT_ONCE = ("--repl-diskless-sync-delay", "0")


class SentinelServer(RedisServer):
    """A watcher: another mode of the same program, which insists on a file it may rewrite."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.identity = token_hex(20)

    def introduce(self, primary: RedisServer, others: Sequence["SentinelServer"]) -> None:
        """Tell it whom to watch and who else watches: left alone they take seconds to meet."""
        lines = [
            f"sentinel myid {self.identity}",
            f"sentinel monitor {GROUP} 127.0.0.1 {primary.port} 2",
            f"sentinel down-after-milliseconds {GROUP} {NOTICED_MS}",
            f"sentinel failover-timeout {GROUP} 5000",
            *(
                f"sentinel known-sentinel {GROUP} 127.0.0.1 {each.port} {each.identity}"
                for each in others
            ),
        ]
        (self.folder / "sentinel.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")

    @property
    def command_line(self) -> tuple[str, ...]:
        return (
            self._program, str(self.folder / "sentinel.conf"), "--sentinel",
            "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder),
        )  # fmt: skip


class SentinelDeployment:
    """One primary, one replica, three Sentinels."""

    def __init__(self, folder: Path) -> None:
        # Both ways: the one that was killed comes back as a replica.
        first = RedisServer(folder, *_AT_ONCE)
        second = RedisServer(folder, *_AT_ONCE, "--replicaof", "127.0.0.1", str(first.port))
        self.servers = [first, second]
        self.sentinels = [SentinelServer(folder) for _ in range(3)]
        for each in self.sentinels:
            each.introduce(first, [it for it in self.sentinels if it is not each])

    @property
    def url(self) -> str:
        hosts = ",".join(f"127.0.0.1:{each.port}" for each in self.sentinels)
        return f"redis+sentinel://{hosts}/{GROUP}"

    @property
    def primary(self) -> RedisServer:
        """The server that the Sentinels name at this moment."""
        _, port = self.sentinels[0].ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", GROUP)
        return next(each for each in self.servers if each.port == int(port))

    def kill_primary(self) -> RedisServer:
        """Kill it, once a replica is ready to take its place; answers which one it was."""
        self.wait_until_ready()
        primary = self.primary
        primary.kill()
        return primary

    def wait_until_ready(self) -> None:
        """Until a replica follows and every Sentinel knows it, and the other Sentinels."""
        eventually(lambda: _is_followed(self.primary), "no replica follows")
        for sentinel in self.sentinels:
            eventually(lambda it=sentinel: _sees_all(it), "a Sentinel is alone")  # type: ignore[misc]

    def restore(self) -> None:
        """Start again what was killed, and wait for it."""
        for sentinel in self.sentinels:
            if not sentinel.running:
                sentinel.start()
        if any(each.running for each in self.servers):
            # First somebody must have taken over: two who begin again would both think they lead.
            eventually(lambda: self.primary.running and _is_primary(self.primary), "nobody leads")
        leader = self.primary
        for server in self.servers:
            if not server.running:
                server.start()
                # The Sentinels would see to it too, ten seconds later.
                where = ("NO", "ONE") if server is leader else ("127.0.0.1", str(leader.port))
                server.ask("REPLICAOF", *where)
        self.wait_until_ready()


def _is_followed(server: RedisServer) -> bool:
    # role, offset, and for each replica its host, port and offset.
    role = server.ask("ROLE")
    return bool(role[0] == "master" and role[2])


def _sees_all(sentinel: RedisServer) -> bool:
    state = sentinel.ask("SENTINEL", "MASTER", GROUP)
    told = dict(zip(state[::2], state[1::2], strict=True)) if isinstance(state, list) else state
    return int(told["num-slaves"]) >= 1 and int(told["num-other-sentinels"]) == 2


class ClusterDeployment:
    """Three primaries, each with as many replicas as asked for."""

    def __init__(self, folder: Path, *, replicas: int = 0, program: str | None = None) -> None:
        options = (
            "--cluster-enabled", "yes", "--cluster-node-timeout", str(NOTICED_MS),
            "--cluster-replica-validity-factor", "0", *_AT_ONCE,
        )  # fmt: skip
        # Ports of their own for what they tell each other: 10,000 more may be no port at all.
        self._buses = [str(unused_port()) for _ in range(3 * (1 + replicas))]
        self.servers = [
            RedisServer(folder, *options, "--cluster-port", bus, program=program)
            for bus in self._buses
        ]

    @property
    def url(self) -> str:
        hosts = ",".join(f"127.0.0.1:{each.port}" for each in self.servers[:3])
        return f"redis+cluster://{hosts}"

    def join(self) -> None:
        """Make one cluster of servers that have just been started."""
        primaries, replicas = self.servers[:3], self.servers[3:]
        for number, server in enumerate(primaries):
            first, last = number * SLOTS // 3, (number + 1) * SLOTS // 3 - 1
            server.ask("CLUSTER", "ADDSLOTSRANGE", str(first), str(last))
            # Distinct from the start, or they must first agree on who has the greater name.
            server.ask("CLUSTER", "SET-CONFIG-EPOCH", str(number + 1))
        for server, bus in list(zip(self.servers, self._buses, strict=True))[1:]:
            primaries[0].ask("CLUSTER", "MEET", "127.0.0.1", str(server.port), bus)
        for server in self.servers:
            eventually(lambda it=server: self._knows_all(it), "the cluster did not meet")  # type: ignore[misc]
        for number, server in enumerate(replicas):
            server.ask("CLUSTER", "REPLICATE", _identity(primaries[number % 3]))
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Until every slot is served, all agree, and every replica is in step with its primary.

        A primary killed before that has nobody to take its place, for good.
        """
        for server in self.servers:
            if server.running:
                eventually(lambda it=server: _is_well(it), "the cluster is not whole")  # type: ignore[misc]

    def owner(self, slot: int) -> RedisServer:
        """The primary that serves a slot, as most of the cluster sees it."""
        views = [self._owner_by(each, slot) for each in self.servers if each.running]
        port = max(set(views), key=views.count)
        return next(each for each in self.servers if each.port == port)

    def kill_primary(self, slot: int) -> RedisServer:
        """Kill the primary of a slot, once its replica can take its place."""
        self.wait_until_ready()
        primary = self.owner(slot)
        primary.kill()
        return primary

    def migrate_slot(self, slot: int) -> RedisServer:
        """Give an empty slot to the next primary, in the order the manual says; answers which.

        First all must have heard of what moved before: an older word on its way may otherwise come
        with a greater epoch than the new owner's, and leave a slot that nobody serves.
        """
        source, target, others = self._moving(slot)
        for server in (target, source, *others):
            server.ask("CLUSTER", "SETSLOT", str(slot), "NODE", _identity(target))
        return target

    @contextmanager
    def while_moving(self, slot: int) -> Iterator[None]:
        """A slot of which nothing has been moved yet; at the end it stays where it was."""
        source, target, _ = self._moving(slot)
        try:
            yield
        finally:
            for server in (source, target):
                server.ask("CLUSTER", "SETSLOT", str(slot), "STABLE")

    def _moving(self, slot: int) -> tuple[RedisServer, RedisServer, set[RedisServer]]:
        """Begin to give a slot to the next primary: the two, and the other primaries."""
        eventually(self._all_agree, "the nodes do not agree")
        source = self.owner(slot)
        primaries = [each for each in self.servers if each.running and _is_primary(each)]
        target = primaries[(primaries.index(source) + 1) % len(primaries)]
        target.ask("CLUSTER", "SETSLOT", str(slot), "IMPORTING", _identity(source))
        source.ask("CLUSTER", "SETSLOT", str(slot), "MIGRATING", _identity(target))
        return source, target, set(primaries) - {source, target}

    def restore(self) -> None:
        """Start again what was killed, and wait for it."""
        for server in self.servers:
            if not server.running:
                server.start()
        self.wait_until_ready()

    def flush(self) -> None:
        for server in self.servers:
            if server.running and _is_primary(server):
                server.flush()

    def _knows_all(self, server: RedisServer) -> bool:
        return f"cluster_known_nodes:{len(self.servers)}" in _told(server, "CLUSTER", "INFO")

    def _all_agree(self) -> bool:
        views = [_claims(each) for each in self.servers if each.running]
        return len(set(views)) == 1 and len({epoch for epoch, _ in views[0]}) == len(views[0])

    def _owner_by(self, server: RedisServer, slot: int) -> int:
        for first, last, primary, *_ in server.ask("CLUSTER", "SLOTS"):
            if int(first) <= slot <= int(last):
                return int(primary[1])
        raise LookupError(slot)


def _claims(server: RedisServer) -> frozenset[tuple[str, str]]:
    """Since which epoch somebody serves which slots, as one node sees it."""
    nodes = [line.split() for line in str(server.ask("CLUSTER", "NODES")).splitlines()]
    return frozenset((each[6], " ".join(each[8:])) for each in nodes if len(each) > 8)


def _is_well(server: RedisServer) -> bool:
    state = _told(server, "CLUSTER", "INFO")
    if "cluster_state:ok" not in state or f"cluster_slots_ok:{SLOTS}" not in state:
        return False
    replication = _told(server, "INFO", "replication")
    return "role:master" in replication or "master_link_status:up" in replication


def _is_primary(server: RedisServer) -> bool:
    return bool(server.ask("ROLE")[0] == "master")


def _identity(server: RedisServer) -> str:
    return str(server.ask("CLUSTER", "MYID"))


def _told(server: RedisServer, *command: str) -> str:
    """The answer as lines ``name:value``, whatever the client made of it."""
    answer: Any = server.ask(*command)
    if isinstance(answer, dict):
        return "\n".join(f"{name}:{value}" for name, value in answer.items())
    return str(answer)


@contextmanager
def redis_sentinels() -> Iterator[SentinelDeployment]:
    with TemporaryDirectory(prefix="sentinel-") as folder:
        made = SentinelDeployment(Path(folder))
        with running(*made.servers):
            # Sentinels ask for the replicas when they start, and then not for ten seconds.
            eventually(lambda: _is_followed(made.servers[0]), "no replica follows")
            with running(*made.sentinels):
                made.wait_until_ready()
                yield made


@contextmanager
def redis_clustered(
    *, replicas: int = 0, program: str | None = None
) -> Iterator[ClusterDeployment]:
    with TemporaryDirectory(prefix="cluster-") as folder:
        made = ClusterDeployment(Path(folder), replicas=replicas, program=program)
        with running(*made.servers):
            made.join()
            yield made
