"""Hotels asked in waves: their tables, and every statement on them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    select,
)

from matching.shelter.asking.machine import Ask, AskState, Phase, Round
from matching.shelter.values import AskId, HotelId, KindId, NeedId
from realtime.sql import Connection, Instant, by_bytes, locked, metadata, upsert, upsert_all

wave = Table(
    "shelter_wave",
    metadata,
    Column("need", String, primary_key=True),
    Column("phase", String, nullable=False),
    Column("began", Instant, nullable=False),
    Column("wave", Integer, nullable=False),
    Column("looked", Instant),
    Column("dry", Boolean, nullable=False),
    #: In whose name hotels are asked.
    Column("by", String, nullable=False),
    #: What is looked for, sealed under ``need:<need>``; NULL once it is over.
    Column("sealed", LargeBinary),
)

ask = Table(
    "shelter_ask",
    metadata,
    Column("ask", String, primary_key=True),
    Column("need", String, nullable=False, index=True),
    Column("hotel", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("asked", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Index("shelter_ask_hotel", "hotel", "state"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A round, and what the table keeps beside it."""

    round: Round
    by: str
    sealed: bytes | None


async def find(db: Connection, need: NeedId) -> Kept | None:
    """A round; in a transaction, nobody else changes it until the commit."""
    row = (await db.execute(locked(db, select(wave).where(wave.c.need == need)))).first()
    if row is None:
        return None
    query = select(ask).where(ask.c.need == need).order_by(ask.c.asked, by_bytes(db, ask.c.ask))
    found = Round(
        need=need,
        phase=Phase(row.phase),
        began_at=row.began,
        wave=row.wave,
        looked_at=row.looked,
        dry=row.dry,
        asks=tuple(_ask(it) for it in await db.execute(query)),
    )
    return Kept(found, row.by, None if row.sealed is None else bytes(row.sealed))


async def save(db: Connection, it: Kept) -> None:
    row = {
        "need": it.round.need,
        "phase": it.round.phase,
        "began": it.round.began_at,
        "wave": it.round.wave,
        "looked": it.round.looked_at,
        "dry": it.round.dry,
        "by": it.by,
        "sealed": it.sealed,
    }
    await db.execute(upsert(wave, row, key=["need"]))


async def save_asks(db: Connection, need: NeedId, changed: Sequence[Ask]) -> None:
    rows = [
        {
            "ask": it.ask,
            "need": need,
            "hotel": it.hotel,
            "kind": it.kind,
            "state": it.state.value,
            "asked": it.asked_at,
            "until": it.until,
        }
        for it in changed
    ]
    if rows:
        await db.execute(upsert_all(ask, list(rows[0]), key=["ask"]), rows)


async def need_of(db: Connection, name: AskId, hotel: HotelId) -> NeedId | None:
    """Whom a hotel was asked for, without locking anything."""
    query = select(ask.c.need).where(ask.c.ask == name, ask.c.hotel == hotel)
    found = (await db.execute(query)).scalar()
    return None if found is None else NeedId(found)


async def open_at(db: Connection, hotel: HotelId) -> list[tuple[NeedId, Ask, bytes | None]]:
    """What a hotel is asked now, the oldest first, with what is sealed of it."""
    query = (
        select(ask, wave.c.sealed)
        .join(wave, wave.c.need == ask.c.need)
        .where(ask.c.hotel == hotel, ask.c.state == AskState.OPEN)
        .order_by(ask.c.asked, by_bytes(db, ask.c.ask))
    )
    return [
        (NeedId(row.need), _ask(row), None if row.sealed is None else bytes(row.sealed))
        for row in await db.execute(query)
    ]


def _ask(row: Row[tuple[object, ...]]) -> Ask:
    return Ask(
        ask=AskId(row.ask),
        hotel=HotelId(row.hotel),
        kind=KindId(row.kind),
        state=AskState(row.state),
        asked_at=row.asked,
        until=row.until,
    )
