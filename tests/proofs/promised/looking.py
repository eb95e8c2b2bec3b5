"""What is left after the kills: counted anew, row by row, and held against what was answered."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Row, func, select

from matching.shelter.holds.store import hold
from matching.shelter.inventory import reconciling
from matching.shelter.inventory.store import hold_night, kind, night
from matching.shelter.values import ALIVE, HoldState
from realtime.sql import Connection
from realtime.store import audit
from tests.support.sheltering import Shelter

#: What an answer told is over stays so.
OVER = {it.value for it in HoldState} - {it.value for it in ALIVE}


Rows = Sequence[Row[tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Left:
    drift: int
    balance: int
    holds: int
    alive: int
    #: What is not as it must be, each in a sentence: nothing.
    wrong: list[str]


async def left(place: Shelter, logs: list[Path]) -> Left:
    funds = place.funds
    assert funds is not None
    balance = await place.read(funds.balance)
    drift = await place.read(reconciling.drift)
    async with place.made.database.snapshot() as db:
        holds = (await db.execute(select(hold))).all()
        living = [it for it in holds if it.state in ALIVE]
        wrong = [*await _uncounted(db, living), *_alike(living)]
        wrong += _unkept({it.hold: it.state for it in holds}, answered(logs))
        repaired = select(func.count()).where(audit.c.action == "shelter.repair")
        if (await db.execute(repaired)).scalar_one():
            wrong.append("something had to be repaired")
    if await place.made.ledger.audit_break() is not None:
        wrong.append("the audit chain is broken")
    return Left(drift, balance, len(holds), len(living), wrong)


async def _uncounted(db: Connection, living: Rows) -> Iterator[str]:
    """Every night of every kind, counted from nothing but rows."""
    rows = Counter((it.kind, it.night) for it in await db.execute(select(hold_night)))
    usual = {it.kind: (it.usual, 0) for it in await db.execute(select(kind))}
    said = {(it.kind, it.night): (it.total, it.occupied) for it in await db.execute(select(night))}
    return _miscounted(rows, usual, said, living)


def _miscounted(
    rows: Counter[tuple[str, date]],
    usual: Mapping[str, tuple[int, int]],
    said: Mapping[tuple[str, date], tuple[int, int]],
    living: Rows,
) -> Iterator[str]:
    if rows != Counter(
        (it.kind, it.first + timedelta(days=day)) for it in living for day in range(it.nights)
    ):
        yield "rows are not the nights of the living"
    for where in rows.keys() | said.keys():
        total, occupied = said.get(where, usual[where[0]])
        if total - occupied - rows[where] < 0:
            yield f"{where}: {total} - {occupied} - {rows[where]}"


def _alike(living: Rows) -> Iterator[str]:
    for what in ("alias", "word"):
        names = [(it.hotel, getattr(it, what)) for it in living]
        if len(set(names)) < len(names):
            yield f"two have the same {what} in one hotel"
    if len({it.need for it in living}) < len(living):
        yield "two rooms for one need"


def _unkept(states: Mapping[str, str], said: list[tuple[str, str, str]]) -> Iterator[str]:
    """What was answered and is not so."""
    for verb, name, became in said:
        if not name:
            continue
        state = states.get(name, "lost")
        if state == "lost" or (became in OVER and state != became):
            yield f"{verb} {name}: was {became}, is {state}"


def answered(logs: list[Path]) -> list[tuple[str, str, str]]:
    """Every operation that a process was given an answer to."""
    lines = [line for log in logs if log.exists() for line in log.read_text().splitlines()]
    # The last line of one that was killed may be cut.
    whole = [line for line in lines if line.endswith("]")]
    return [(verb, name, became) for verb, name, became in map(json.loads, whole)]
