"""What is left, read after the last restart: by commands as people would, and in the tables.

Commands say what people can see; no command tells the audit chain or how streams are numbered.
"""

import asyncio
import contextlib
import json
import sqlite3
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import asyncpg  # type: ignore[import-untyped]

from realtime import audit as chain
from tests.adversity.history.lines import Entry, Found, Line, Noted, Operation, Phase, What
from tests.proofs.engines.listening import spoken

#: What a row holds is known by its question.
Rows = list[tuple[Any, ...]]
AT_ONCE = 8
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

AUDIT = "SELECT number, at, actor, action, thing, link FROM audit ORDER BY number"
LOG = "SELECT channel, position, at, body FROM publication ORDER BY channel, position"
HALVES = {
    "an alert without a search": (
        "SELECT alert FROM alert WHERE alert NOT IN (SELECT alert FROM incident)"
    ),
    "a search without an alert": (
        "SELECT alert FROM incident WHERE alert NOT IN (SELECT alert FROM alert)"
    ),
    "an alert without a room": "SELECT alert FROM alert WHERE room NOT IN (SELECT room FROM room)",
    "an alert without a line in the audit chain": (
        "SELECT alert FROM alert WHERE alert NOT IN"
        " (SELECT thing FROM audit WHERE action = 'help.raise')"
    ),
    "a stream that is not where its publications end": (
        "SELECT stream.channel FROM stream JOIN"
        " (SELECT channel, max(position) AS last FROM publication GROUP BY channel) AS said"
        " ON said.channel = stream.channel WHERE said.last <> stream.top"
    ),
}


async def ask_tables(url: str, *questions: str) -> list[Rows]:
    """Answers of one database, by its URL, from outside the program."""
    if urlsplit(url).scheme == "sqlite":
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
            return [db.execute(question).fetchall() for question in questions]
    connection = await asyncpg.connect(url)
    try:
        return [[tuple(row) for row in await connection.fetch(it)] for it in questions]
    finally:
        await connection.close()


async def read_back(front: str, database: str, history: Iterable[Line]) -> Found:
    """Ask the front door for each alert and room in the history, then the tables."""
    raised = {
        it.alert: it
        for it in history
        if isinstance(it, Operation) and (it.what, it.phase) == (What.RAISE, Phase.OK)
    }
    states: dict[str, str] = {}
    rooms: dict[str, list[str]] = {}
    told: dict[tuple[str, int], str] = {}
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(web: aiohttp.ClientSession, it: Operation) -> None:
        async with turn:
            headers = {"Authorization": f"Bearer {it.token}"}
            state = await _asked(web, "help/state", {"alert": it.alert}, headers)
            if state is not None:
                states[it.alert] = str(state["state"])
            room = await _asked(web, "room/state", {"room": it.room}, headers)
            if room is not None:
                rooms[it.room] = [said["id"] for said in room["messages"]]
                told.update({(it.room, said["offset"]): said["id"] for said in room["messages"]})

    async with aiohttp.ClientSession(front) as web:
        await asyncio.gather(*(one(web, it) for it in raised.values()))
    audit, log, *halves = await ask_tables(database, AUDIT, LOG, *HALVES.values())
    return Found(
        at=time.time(),
        states=states,
        rooms=rooms,
        audit=[Noted(it[0], it[1] / 1000, *it[2:5]) for it in audit],
        audit_break=_first_break(audit),
        log=_log(log, told),
        halves=[
            f"{what}: {len(rows)}, such as {rows[0][0]}"
            for what, rows in zip(HALVES, halves, strict=True)
            if rows
        ],
    )


async def _asked(
    web: aiohttp.ClientSession, command: str, body: dict[str, str], headers: dict[str, str]
) -> dict[str, Any] | None:
    """An answer; None when there is no such thing. A busy server is asked again."""
    for _ in range(100):
        async with web.post(f"/api/{command}", json=body, headers=headers) as got:
            if got.status == 200:
                answer: dict[str, Any] = await got.json()
                return answer
            if got.status < 500 and got.status != 429:
                return None
        await asyncio.sleep(0.2)
    raise TimeoutError(command)


def _first_break(rows: Rows) -> int | None:
    """The first line of the chain that does not follow from the one before."""
    return chain.Chain().first_break(
        chain.Line(
            number=number,
            at=BEGINNING + timedelta(milliseconds=at),
            actor=actor,
            action=action,
            thing=thing,
            link=bytes(link),
        )
        for number, at, actor, action, thing, link in rows
    )


def _log(rows: Rows, told: dict[tuple[str, int], str]) -> dict[str, list[Entry]]:
    log: dict[str, list[Entry]] = {}
    for channel, position, at, body in rows:
        if channel.startswith("me:"):
            said = spoken(json.loads(bytes(body)))
        else:
            said = told.get((channel.removeprefix("room:"), position), "")
        log.setdefault(channel, []).append(Entry(position, said, at / 1000))
    return log
