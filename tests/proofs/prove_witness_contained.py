"""Fifty accounts that lie together disturb five people; whoever is truly there is recorded.

A real server. Fifty sessions from fifty addresses report in one tram, in many cars; claim other
lines by hand; say the same of each other's events; try to confirm, claim and judge them. Vetted
people ride every line with their pages open. Meanwhile true victims report in that same tram, each
a session that nobody knows either. Beside it, what comes of places that are invented on all lines.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random
from time import monotonic
from typing import cast

import aiohttp

from tests.load.processes import Process, allow_sockets
from tests.load.quantiles import quantile
from tests.load.two_cores import play
from tests.proofs.table import Table
from tests.support.transport import line_id, trail
from web.demo.api import Api, Json, Refused, client_id, text
from web.demo.line import Line, LineDown

VEHICLES, RIDERS, APART_M = 2, 7, 2_400
#: Where the tram of the first vehicle is.
METRES = 1_000
MOST, MOST_INVENTED = 5, 20
PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Size:
    sybils: int
    #: What each of them does, at random.
    deeds: int
    victims: int
    #: Seconds over which the victims come.
    lasts_s: float
    #: Lines with two trams each, seven vetted people in each.
    lines: int = 8
    #: How soon each true victim must be recorded.
    within_s: float = 1.0


FULL = Size(sybils=50, deeds=40, victims=100, lasts_s=40.0)
#: Reduced, others use the processors: none is held to a second.
REDUCED = Size(sybils=50, deeds=4, victims=10, lasts_s=4.0, lines=3, within_s=PATIENCE_S)


@dataclass
class Seen:
    #: Who was told, by rider; how often.
    told: Counter[int] = field(default_factory=Counter)
    #: Alerts that the fifty know of.
    alerts: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    victims: list[float] = field(default_factory=list)
    recorded: int = 0
    on_board: int = 0
    disturbed: int = 0
    after_confirming: int = 0


def main(seed: int, reduced: bool) -> Table:
    allow_sockets()
    size = REDUCED if reduced else FULL
    table = Table(
        f"Witnesses: {size.sybils} accounts that lie together,"
        f" {size.lines * VEHICLES * RIDERS} people with open pages on {size.lines} lines",
        ("what", "people disturbed", "reports of theirs recorded", "refused"),
    )
    seen = _run(seed, size, invented=False)
    _add(table, "in one tram, other lines by hand, confirming each other", seen)
    alone = replace(size, deeds=4, victims=0, lasts_s=0.0)
    invented = _run(seed, alone, invented=True)
    _add(table, "with invented places on every line", invented)
    planted = _run(
        seed, replace(size, deeds=4, victims=0, lasts_s=0.0), invented=False, planted=True
    )
    _add(table, "planted: each line has a budget of its own and nothing else", planted)
    table.require(f"at most {MOST} people are disturbed in all", 0 < seen.disturbed <= MOST)
    table.require(
        f"at most {MOST_INVENTED} with invented places, in the whole network",
        invented.disturbed <= MOST_INVENTED,
    )
    table.require(
        f"{seen.recorded} of {size.victims} true victims are recorded, each within"
        f" {size.within_s:g} s (slowest {max(seen.victims):.3f} s)",
        seen.recorded == size.victims and max(seen.victims) <= size.within_s,
    )
    table.require("operators see the event in which they are", seen.on_board == size.victims)
    table.require("once an operator has confirmed it, more are told", seen.after_confirming > MOST)
    table.require("caught: budgets by line alone", planted.disturbed > MOST)
    table.note(
        f"True victims: p50 {quantile(seen.victims, 0.5) * 1_000:.0f} ms, p99"
        f" {quantile(seen.victims, 0.99) * 1_000:.0f} ms. What the fifty were answered:"
        f" {dict(seen.answers.most_common())}."
    )
    return table


def _add(table: Table, what: str, seen: Seen) -> None:
    refused = sum(many for name, many in seen.answers.items() if name != "recorded")
    table.add(what, seen.disturbed, seen.answers["recorded"], refused)


def _run(seed: int, size: Size, *, invented: bool, planted: bool = False) -> Seen:
    orders = {
        "lines": size.lines,
        "vehicles": VEHICLES,
        "apart_m": APART_M,
        "riders": RIDERS,
        "planted": planted,
    }
    seen, _ = play("tests.load.witness_server", orders, partial(_play, size, seed, invented))
    return seen


async def _play(
    size: Size, seed: int, invented: bool, ready: Json, server: Process, folder: Path
) -> Seen:
    seen, random = Seen(), Random(seed)
    base = f"http://127.0.0.1:{ready['port']}"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        api = Api(http, base)
        tokens = cast("list[str]", ready["riders"])
        riders = [_Rider(api, it, number, seen, random) for number, it in enumerate(tokens)]
        running = [asyncio.create_task(it.line.run()) for it in riders]
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*(it.here.wait() for it in riders))
        server.say("begin")
        [operator] = cast("list[str]", ready["operators"])
        sybils = [
            _Sybil(base, it, seen, Random(f"{seed} {it}"), lines=size.lines, invented=invented)
            for it in range(size.sybils)
        ]
        under_way = [asyncio.create_task(it.run(size.deeds, size.lasts_s)) for it in sybils]
        alerts = await _victims(api, size, seen, random)
        await asyncio.gather(*under_way)
        # The waves that are still to come.
        await asyncio.sleep(0.5 if size.lasts_s < 5 else 25.0)
        seen.disturbed = len(seen.told)
        if alerts:
            await _confirmed(api, operator, alerts, seen)
        for it in running:
            it.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    return seen


class _Rider:
    def __init__(self, api: Api, token: str, number: int, seen: Seen, random: Random) -> None:
        self._number = number
        self._seen = seen
        self.here = asyncio.Event()
        self.line = Line(api, token, heard=self._heard, opened=self._opened, random=random)

    async def _opened(self, whole: bool) -> None:
        self.here.set()

    def _heard(self, channel: str, data: Json) -> None:
        if data.get("type") == "witness":
            self._seen.told[self._number] += 1


class _Sybil:
    """One of the fifty: a session and an address of its own."""

    def __init__(
        self, base: str, number: int, seen: Seen, random: Random, *, lines: int, invented: bool
    ) -> None:
        self._base = base
        self._address = (f"127.0.1.{number + 1}", 0)
        self._seen = seen
        self._random = random
        self._invented = invented
        self._lines = lines
        self._mine: list[str] = []

    async def run(self, deeds: int, lasts_s: float) -> None:
        connector = aiohttp.TCPConnector(local_addr=self._address)
        async with aiohttp.ClientSession(connector=connector) as http:
            api = Api(http, self._base)
            token = text(await api.call("session", {}), "token")
            for _ in range(deeds):
                await asyncio.sleep(self._random.uniform(0, 2 * lasts_s / deeds))
                await self._deed(api, token)

    async def _deed(self, api: Api, token: str) -> None:
        try:
            answer = await api.call(*self._chosen(), token=token)
        except (Refused, LineDown) as refused:
            self._seen.answers[str(refused)] += 1
            return
        self._seen.answers[str(answer.get("state", "done"))] += 1
        if "report" in answer:
            self._mine.append(text(answer, "alert"))
            self._seen.alerts.append(text(answer, "alert"))

    def _chosen(self) -> tuple[str, Json]:
        dice, random = self._random.random(), self._random
        if self._invented or dice < 0.6 or not self._seen.alerts:
            return "witness.report", self._said(dice)
        # Say it of each other: confirm, take part, judge.
        alert = random.choice(self._seen.alerts)
        deeds: list[tuple[str, Json]] = [
            ("witness.confirm", {"alert": alert, "seen": True}),
            ("witness.claim", {"alert": alert, "role": "sit"}),
            ("witness.judge", {"alert": alert, "verdict": "confirmed"}),
            ("witness.update", {"alert": alert, "kind": "sexual", "car": "9"}),
        ]
        return random.choice(deeds)

    def _said(self, dice: float) -> Json:
        random = self._random
        line = line_id(0)
        asked: Json = {"direction": 0, "trail": trail(METRES, line=line)}
        if self._invented:
            line = line_id(random.randrange(self._lines))
            asked["trail"] = trail(METRES + APART_M * random.randrange(VEHICLES), line=line)
        elif dice > 0.3:
            line, asked = line_id(random.randrange(self._lines)), {"direction": random.randrange(2)}
        return {
            "id": client_id(random),
            "as": random.choice(["victim", "witness"]),
            "kind": random.choice(["verbal", "physical", "sexual", "followed", "other"]),
            "line": line,
            "car": random.choice(["", "", str(random.randrange(8))]),
            **asked,
        }


async def _victims(api: Api, size: Size, seen: Seen, random: Random) -> list[str]:
    """They come one after the other, each a session of its own, in the tram of the fifty."""
    alerts: list[str] = []
    began = monotonic()
    for number in range(size.victims):
        await asyncio.sleep(max(0.0, began + number * size.lasts_s / size.victims - monotonic()))
        token = text(await api.call("session", {}), "token")
        asked: Json = {
            "id": client_id(random),
            "as": "victim",
            "kind": "sexual",
            "line": line_id(0),
            "direction": 0,
            "trail": trail(METRES, line=line_id(0)),
        }
        sent = monotonic()
        try:
            answer = await api.call("witness.report", asked, token=token)
        except Refused:
            continue
        seen.victims.append(monotonic() - sent)
        seen.recorded += answer.get("state") == "recorded"
        own = await api.call("me.state", {}, token=token)
        reports = cast("dict[str, list[Json]]", own["witness"])["reports"]
        if [it["report"] for it in reports] != [answer["report"]]:
            seen.recorded -= 1
        alerts.append(text(answer, "alert"))
    return alerts


async def _confirmed(api: Api, operator: str, alerts: Sequence[str], seen: Seen) -> None:
    board = await api.call("witness.board", {}, token=operator)
    listed = {str(it["alert"]) for it in cast("list[Json]", board["events"])}
    seen.on_board = sum(it in listed for it in alerts)
    await api.call("witness.judge", {"alert": alerts[-1], "verdict": "confirmed"}, token=operator)
    await asyncio.sleep(1.5)
    seen.after_confirming = len(seen.told)
