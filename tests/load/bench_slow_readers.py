"""A thousand sockets that are never read, among ten thousand, while publications go on.

Two servers of ours in turns, publication by publication: on one everybody reads, on the other a
thousand do not. Those have the buffers of a phone on a poor line, and still answer the pings that
they do not read. First the kernel takes what is for them, then we keep it, then they are told that
they are too slow; coming back, they are told all that they have missed.
"""

import random
import socket
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
from websockets.sync.client import connect

from realtime.client import DRAIN_BYTES
from realtime.edge import PATH, EdgeLimits
from realtime.outbox import MOST_BYTES
from realtime.session import SLOW
from tests.load.fan_server import LARGE, LARGE_FRAME, LINE, STATE, State
from tests.load.paired import Standing, in_turns, middle, ratio, standing
from tests.load.peers.ours import ours
from tests.load.processes import allow_sockets
from tests.proofs.table import Table

SOCKETS, STUCK, BACK, AT_ONCE = 10_000, 1_000, 20, 1
REDUCED_SOCKETS, REDUCED_STUCK, REDUCED_BACK, REDUCED_AT_ONCE = 200, 20, 3, 4
#: Times the last of the others may be told later; publications at most.
MOST_TIMES, MOST_ROUNDS = 1.2, 400
#: Between two answers to pings: sooner than the server gives up.
PONG_S = 4.0
#: Of what is kept for one socket: its transport, a frame more, and its outbox.
BOUND = EdgeLimits().high_water_bytes + max(LARGE_FRAME, DRAIN_BYTES) + MOST_BYTES
ALL, SOME = "everybody reads", "some do not"
PHASES = ("the kernel takes it", "we keep it", "they are told to go")


@dataclass(slots=True)
class Seen:
    """What each publication took, by what became meanwhile of those that are not read."""

    #: Milliseconds until 99 of 100 of the others had it: when all read, and when some do not.
    pairs: dict[str, list[tuple[float, float]]] = field(
        default_factory=lambda: {it: [] for it in PHASES}
    )
    missing: int = 0
    idle: list[float] = field(default_factory=list)
    #: Bytes resident, at most, more than before the first.
    most: int = 0


def main(seed: int, reduced: bool) -> Table:
    allow_sockets()
    sockets, stuck, back, at_once = (
        (REDUCED_SOCKETS, REDUCED_STUCK, REDUCED_BACK, REDUCED_AT_ONCE)
        if reduced
        else (SOCKETS, STUCK, BACK, AT_ONCE)
    )
    dice = random.Random(seed)
    peers = [replace(ours(sockets), name=name, narrow=stuck) for name in (ALL, SOME)]
    with standing(peers, sockets) as servers:
        some = servers[1]
        for it in servers:
            it.crowd.say(f"order {LARGE.hex()}")
            it.crowd.fan(2, 1, LARGE_FRAME)
        before = _state(some)
        some.crowd.say(f"stuck {stuck}")
        seen = _until_all_are_gone(servers, stuck, at_once, dice)
        ended = some.crowd.ask(f"ends {SLOW.code}")
        after = _state(some)
        whole = _come_back(some, back, before, after)
        opened = all(it.opened.opened == sockets for it in servers)
    table = Table(
        f"Publications of {LARGE_FRAME:,} bytes to {sockets:,} sockets, {stuck:,} of them not read",
        ("meanwhile", "publications", f"p99, ms: {ALL}", SOME, "times"),
    )
    everything = [pair for pairs in seen.pairs.values() for pair in pairs]
    for phase, pairs in (*seen.pairs.items(), ("all of them", everything)):
        if pairs:
            alone, beside = zip(*pairs, strict=True)
            times = ratio(beside, alone, dice)
            table.add(phase, len(pairs), middle(alone, dice), middle(beside, dice), times)
            table.aim(
                f"{phase}: the others' p99 is at most {MOST_TIMES:g} times what it is without",
                times.value <= MOST_TIMES,
            )
    table.require("every socket was opened", opened)
    table.require("the others were told everything", seen.missing == 0)
    table.require(
        "those who are not read are told to go, for that reason",
        ended == {"closed": stuck, "otherwise": 0},
    )
    table.require("whoever comes back is told all that was missed", whole == back)
    table.require("what is kept is bounded", seen.most <= stuck * BOUND)
    table.note(
        f"kept by the process: at most {seen.most / 2**20:.1f} MiB more than before, of "
        f"{stuck * BOUND / 2**20:.0f} MiB that {stuck:,} sockets may cost; frames are shared"
    )
    table.note(f"came back and were told {after.offset - before.offset} publications: {whole}")
    table.note(f"the client had nothing to do in {statistics.median(seen.idle):.0%} of the time")
    return table


def _until_all_are_gone(
    servers: Sequence[Standing], stuck: int, at_once: int, dice: random.Random
) -> Seen:
    seen = Seen()
    by_name = {it.peer.name: it for it in servers}
    began, ponged = _resident(by_name[SOME]), time.monotonic()
    sockets = _state(by_name[SOME]).open
    gone = 0

    def measure(name: str) -> float:
        fanned = by_name[name].crowd.fan(1, at_once, LARGE_FRAME)
        seen.missing += fanned.missing
        seen.idle.append(fanned.idle)
        return fanned.nearly_ms[0]

    while gone < stuck and sum(map(len, seen.pairs.values())) < MOST_ROUNDS and not seen.missing:
        found, _ = in_turns((ALL, SOME), 1, measure, dice)
        state = _state(by_name[SOME])
        gone = state.closing + sockets - state.open
        phase = PHASES[2 if gone else 1 if state.full else 0]
        seen.pairs[phase].append((found[ALL][0], found[SOME][0]))
        seen.most = max(seen.most, _resident(by_name[SOME]) - began)
        if time.monotonic() > ponged + PONG_S:
            ponged = time.monotonic()
            by_name[SOME].crowd.say("pong")
    return seen


def _state(it: Standing) -> State:
    with socket.create_connection(("127.0.0.1", it.peer.orders), 10) as line:
        line.sendall(STATE)
        with line.makefile("rb") as answers:
            return msgspec.json.decode(answers.readline(), type=State)


def _resident(it: Standing) -> int:
    status = Path(f"/proc/{it.crowd.served.process.pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


def _come_back(it: Standing, many: int, before: State, after: State) -> int:
    """How many of those who were not read are told all since then, in its order."""
    file = it.crowd.served.folder / "back"
    assert it.peer.own_greetings is not None
    it.peer.own_greetings(it.crowd.served, many, file)
    greetings = file.read_text(encoding="utf-8").splitlines()[:many]
    wanted = list(range(before.offset + 1, after.offset + 1))
    return sum(_missed(it.peer.port, greeting, before) == wanted for greeting in greetings)


def _missed(port: int, greeting: str, since: State) -> list[int] | None:
    """The offsets that a socket is told when it comes back; None: it must start over."""
    ask = {
        "channel": LINE,
        "recoverable": True,
        "recover": True,
        "epoch": since.epoch,
        "offset": since.offset,
    }
    with connect(f"ws://127.0.0.1:{port}{PATH}", max_size=None, compression=None) as line:
        line.send(greeting.partition("\t")[0])
        line.send(msgspec.json.encode({"id": 2, "subscribe": ask}).decode())
        while True:
            for reply in line.recv(10).splitlines():
                found = msgspec.json.decode(reply)
                if found.get("id") == 2:
                    told = found["subscribe"]
                    kept = [one["offset"] for one in told.get("publications", ())]
                    return kept if told.get("recovered") else None
