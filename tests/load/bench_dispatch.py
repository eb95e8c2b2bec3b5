"""From ``help.raise`` to the first offer on a socket, with a million helpers on duty over France.

Ten thousand of them have their page open, in a process of their own on another core, around the
places from where fifty requests a second come; a search passes over those whose page is closed.
Beside it, in the same run: what the disk takes for a page, and a question to the same map. First,
some requests are answered by people, so that what is measured is seen to bring two.
"""

import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from matching.dispatch.rules import WANTED
from tests.load.dispatch_phones import Found
from tests.load.dispatch_world import Size
from tests.load.processes import Process, allow_sockets
from tests.load.quantiles import milliseconds, quantile
from tests.proofs.table import Table

#: So many that nobody's day is spent: else a search for who may be called goes on over France.
FULL = Size(helpers=1_000_000, sockets=10_000, places=40, answered=20, requests=500, rate=50.0)
REDUCED = Size(helpers=5_000, sockets=200, places=1, answered=4, requests=10, rate=5.0)
#: Beside the disk and the nearest; and how many times all three together.
BESIDE_S, MOST_TIMES = 1e-3, 3.0


def main(seed: int, reduced: bool) -> Table:
    size = REDUCED if reduced else FULL
    with tempfile.TemporaryDirectory(prefix="entraide-bench-") as folder:
        return measure(size, seed, folder)


def measure(size: Size, seed: int, folder: str) -> Table:
    return _told(size, played(size, seed, folder))


def played(size: Size, seed: int, folder: str) -> dict[str, object]:
    """What both processes say of the run."""
    allow_sockets()
    cores = sorted(os.sched_getaffinity(0))
    alone = len(cores) > 1
    orders: dict[str, object] = {
        "data_dir": folder,
        "seed": seed,
        "secret": os.urandom(16).hex(),
        "size": size,
    }
    with Process(
        "tests.load.dispatch_server", {**orders, "core": cores[0] if alone else None}
    ) as server:
        ready = server.answer()
        theirs = {**orders, "port": ready["port"], "core": cores[1] if alone else None}
        with Process("tests.load.dispatch_clients", theirs) as clients:
            while "connected" not in (told := clients.answer()):
                first, beyond = msgspec.convert(told["tickets"], tuple[int, int])
                server.say(f"tickets {first} {beyond}")
                clients.say(json.dumps(server.answer()["tickets"]))
            clients.answer()
            server.say("begin")
            clients.say("go")
            seen = clients.answer()
            server.say("stop")
            counted = server.answer()
    return {**ready, **told, **seen, **counted}


def _told(size: Size, all_: Mapping[str, object]) -> Table:
    found = msgspec.convert(all_["found"], Found)
    loaded = msgspec.convert(all_["under_load"], list[str])
    disk, near = found.syncs_s, msgspec.convert(all_["nearest_s"], list[float])
    table = Table(
        f"Dispatch: {size.requests:,} requests, {size.rate:g} a second, {size.helpers:,} helpers",
        ("what", "p50", "p99", "of"),
    )
    first = _since(found, found.first, loaded)
    _times(table, "command → first offer on a socket", first)
    _times(table, "command → recorded, as its phone sees it", _since(found, found.recorded, loaded))
    _times(table, "the disk: 4 KiB and fdatasync, meanwhile", disk)
    _times(table, "the nearest 50 who may come, on the same map", near)
    bound = MOST_TIMES * (quantile(disk, 0.99) + quantile(near, 0.99) + BESIDE_S)
    table.add(f"{MOST_TIMES:g} × (disk + nearest + 1 ms)", "", milliseconds(bound), "")
    for ring in ("near", "remote"):
        offers = found.offers.get(ring, 0)
        table.add(f"{ring} offers a request", offers / (size.requests + size.answered), "", offers)
    each_s = _number(all_, "spent_s") / size.requests
    table.add("processor of the server a request", milliseconds(each_s), "", size.requests)
    enough = sum(many >= WANTED for many in found.accepted)
    table.add("answered requests to which two came", f"{enough} of {size.answered}", "", "")
    table.require("two came to every request that was answered", enough == size.answered)
    table.require("every request was recorded", len(loaded) == size.requests)
    table.require("every request has an offer on a socket", len(first) == size.requests)
    table.require("no task failed", all_["task_failures"] == 0)
    table.aim(
        f"first offer, p99: {MOST_TIMES:g} × (fsync p99 + nearest p99 + 1 ms)",
        quantile(first, 0.99) <= bound,
    )
    table.note(
        f"{size.sockets:,} pages open around {size.places} places; the others were placed in "
        f"{_number(all_, 'placed_s'):.0f} s; sockets were taken in "
        f"{_number(all_, 'connected_s'):.0f} s. A core has time for {1 / each_s:.0f} requests a "
        "second, offers made until the last first one included: those who may call wait. Under "
        "load nobody answers: what phones say then is another measurement (desks, rooms)."
    )
    table.note(
        f"Server: {_number(all_, 'busy'):.0%} of a core, {_number(all_, 'memory_mib'):,.0f} MiB; "
        f"load of this machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores."
    )
    if found.refused:
        table.note(f"Refused: {dict(sorted(found.refused.items()))}")
    return table


def _since(found: Found, moments: Mapping[str, float], alerts: Iterable[str]) -> list[float]:
    return [moments[alert] - found.sent[alert] for alert in alerts if alert in moments]


def _times(table: Table, what: str, seconds: Sequence[float]) -> None:
    table.add(
        what,
        milliseconds(quantile(seconds, 0.5)),
        milliseconds(quantile(seconds, 0.99)),
        len(seconds),
    )


def _number(answer: Mapping[str, object], name: str) -> float:
    value = answer[name]
    assert isinstance(value, int | float)
    return value
