"""What a message from another node, a word on the disk and an offer cost as there are more of them.

A node listens to more and more rooms, beside a bare reader of the same; members of more and more
rooms speak, as many of them at each size; and around the places from where help is asked for, more
and more pages are open. Whatever has no floor may grow by a twentieth with each doubling.
"""

import asyncio
import math
import os
import random
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec
import uvloop

from tests.load import bench_dispatch, dispatch_world
from tests.load.bench_broker import COMMIT
from tests.load.bench_durable import SAY, House, timed
from tests.load.bench_durable import Size as Rooms
from tests.load.bench_hop import Run, Speaker
from tests.load.dispatch_phones import Found
from tests.load.hop_listener import Place, Take, as_orders
from tests.load.paired import in_turns, middle, slope
from tests.load.processes import Process, allow_sockets
from tests.proofs.table import Table
from tests.support.redis_servers import redis_alone

SIZES, REDUCED_SIZES, RUNS, REDUCED_RUNS = (625, 2_500, 10_000), (10, 40), 5, 2
#: Heard, and said, in each run.
MESSAGES, WORDS, REDUCED_MESSAGES, REDUCED_WORDS = 20_000, 1_000, 500, 20
#: Of a cost that has no floor, what a doubling may add.
MOST_MORE = 0.05
OURS, FLOOR = "ours", "bare"
#: People on duty elsewhere, and requests: so few, from so few places, that at the smallest size
#: nobody's day is spent and there are enough to ask for each.
ELSEWHERE, REQUESTS, RATE, PLACES = 20_000, 20, 2.0, 2


def main(seed: int, reduced: bool) -> Table:
    allow_sockets()
    sizes, dice = REDUCED_SIZES if reduced else SIZES, random.Random(seed)
    table = Table(
        f"As rooms and pages become more: {', '.join(f'{it:,}' for it in sizes)}",
        ("what", "server", *(f"{it:,}" for it in sizes), "a doubling adds"),
    )
    heard, again = _heard(sizes, dice, reduced)
    _add(table, "heard from another node, µs a message", heard, sizes, dice)
    said = {OURS: _said(sizes, reduced)}
    _add(table, f"{SAY} on SQLite, µs", said, sizes, dice)
    if not reduced:
        # A million are dispatched among by `bench dispatch`, which has a reduced run of its own.
        offered = {OURS: [[_offered(it, seed)] for it in sizes]}
        _add(table, "an offer to somebody near or far, µs", offered, sizes, dice)
        table.note("offers: one run at each size, so no interval of its slope")
    table.note("a doubling adds: the slope of a line of least squares, and what holds 95 of 100")
    table.note(f"runs done again because the host took the processors: {again}")
    return table


def _heard(
    sizes: Sequence[int], dice: random.Random, reduced: bool
) -> tuple[dict[str, list[list[float]]], int]:
    """By reader, at each size, what each run cost a message: all of them listen meanwhile."""
    cores = sorted(os.sched_getaffinity(0))
    alone = len(cores) > 1
    messages = REDUCED_MESSAGES if reduced else MESSAGES
    with ExitStack() as stack:
        redis = stack.enter_context(redis_alone())
        rooms: dict[str, list[str]] = {}
        listeners: dict[str, Process] = {}
        for kind in (OURS, FLOOR):
            for size in sizes:
                name = f"{kind} {size}"
                rooms[name] = [f"{kind}-{size}:{it}" for it in range(size)]
                place = Place(
                    "127.0.0.1", redis.port, [f"entraide:channel:{it}" for it in rooms[name]]
                )
                core = cores[1] if alone else None
                orders = as_orders(kind, core, redis.url, rooms[name], [place])
                listeners[name] = stack.enter_context(Process("tests.load.hop_listener", orders))
        for listener in listeners.values():
            listener.answer()
        runner = stack.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))
        if alone:
            os.sched_setaffinity(0, {cores[0]})
            stack.callback(os.sched_setaffinity, 0, set(cores))
        speaker = Speaker(redis.url)
        runner.run(speaker.open())
        stack.callback(lambda: runner.run(speaker.close()))

        def measure(name: str) -> float:
            listener = listeners[name]
            listener.say(msgspec.json.encode(Take(messages, timed=False)).decode())
            listener.answer()
            runner.run(speaker.say(rooms[name], messages, COMMIT))
            return msgspec.convert(listener.answer(), Run).cpu_us

        for name in listeners:
            measure(name)
        found, again = in_turns(tuple(rooms), REDUCED_RUNS if reduced else RUNS, measure, dice)
    by_kind = {kind: [found[f"{kind} {it}"] for it in sizes] for kind in (FLOOR, OURS)}
    return by_kind, again


def _said(sizes: Sequence[int], reduced: bool) -> list[list[float]]:
    """At each size, what a word cost in each run: rooms are opened between them."""
    words, runs = (REDUCED_WORDS, REDUCED_RUNS) if reduced else (WORDS, RUNS)
    costs: list[list[float]] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="entraide-bench-")))
        runner = stack.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))
        house = runner.run(House.open(folder, "", Rooms(rooms=0, runs=0, each=0, each_alone=0)))
        stack.callback(lambda: runner.run(house.close()))
        for before, size in zip((0, *sizes), sizes, strict=False):
            runner.run(house.more(size - before))
            runner.run(house.some_say(words))
            speak = lambda: runner.run(house.some_say(words))  # noqa: E731
            costs.append([timed(0, words, speak).own_us for _ in range(runs)])
    return costs


def _offered(sockets: int, seed: int) -> float:
    """Processor of the server for each offer, in microseconds: all that a request takes."""
    size = dispatch_world.Size(
        helpers=ELSEWHERE + sockets,
        sockets=sockets,
        places=PLACES,
        answered=0,
        requests=REQUESTS,
        rate=RATE,
    )
    with tempfile.TemporaryDirectory(prefix="entraide-bench-") as folder:
        told = bench_dispatch.played(size, seed, folder)
    offers = sum(msgspec.convert(told["found"], Found).offers.values())
    return msgspec.convert(told["spent_s"], float) / offers * 1e6


def _add(
    table: Table,
    what: str,
    costs: Mapping[str, Sequence[Sequence[float]]],
    sizes: Sequence[int],
    dice: random.Random,
) -> None:
    """A row for each server, and what ours may add with each doubling."""
    doublings = [math.log2(it) for it in sizes]
    slopes = {
        name: [slope(doublings, run) for run in zip(*each, strict=True)]
        for name, each in costs.items()
    }
    for name, each in costs.items():
        at_size = [statistics.median(it) for it in each]
        table.add(what, name, *at_size, middle(slopes[name], dice))
    if FLOOR in costs:
        more = middle(
            [mine - its for mine, its in zip(slopes[OURS], slopes[FLOOR], strict=True)], dice
        )
        table.aim(
            f"{what}: a doubling adds no more than to the floor ({more} more)", more.value <= 0
        )
    else:
        share = middle([it / statistics.median(costs[OURS][0]) for it in slopes[OURS]], dice)
        table.aim(
            f"{what}: a doubling adds at most {MOST_MORE:.0%} of what it costs at {sizes[0]:,} "
            f"({share} of it)",
            share.value <= MOST_MORE,
        )
