"""Holds: their table, and every statement on them."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    select,
    text,
    update,
)

from matching.shelter.alias import Alias
from matching.shelter.values import (
    ALIVE,
    BudgetId,
    Hold,
    HoldId,
    HoldState,
    HotelId,
    KindId,
    NeedId,
)
from realtime.sql import Connection, Instant, by_bytes, locked, metadata

_ALIVE = text("ended IS NULL")

hold = Table(
    "shelter_hold",
    metadata,
    Column("hold", String, primary_key=True),
    Column("need", String, nullable=False, index=True),
    Column("hotel", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("first", Date, nullable=False),
    Column("nights", Integer, nullable=False),
    Column("state", String, nullable=False),
    #: Empty once they are forgotten.
    Column("alias", String, nullable=False),
    Column("word", String, nullable=False),
    Column("held", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("extended", Boolean, nullable=False),
    Column("price_cents", Integer, nullable=False),
    Column("budget", String),
    Column("approved", Boolean, nullable=False),
    Column("by", String, nullable=False),
    Column("ended", Instant),
    #: Why the hotel declined, in a word of ours.
    Column("reason", String),
    #: Wrong codes typed so far.
    Column("tries", Integer, nullable=False),
    #: The six figures she says at the desk and her household's shape, sealed under ``hold:<hold>``.
    Column("sealed", LargeBinary),
    Index("shelter_hold_hotel", "hotel", "state"),
    # One room for one need, whoever else is writing at the same moment.
    Index("shelter_hold_alive", "need", unique=True, sqlite_where=_ALIVE, postgresql_where=_ALIVE),
)


async def put(db: Connection, new: Hold, *, sealed: bytes) -> None:
    fixed = {
        "hold": new.hold,
        "need": new.need,
        "hotel": new.hotel,
        "kind": new.kind,
        "first": new.first,
        "alias": new.alias,
        "word": new.word,
        "held": new.held_at,
        "price_cents": new.price_cents,
        "tries": 0,
        "sealed": sealed,
    }
    await db.execute(hold.insert().values(**fixed, **_changing(new)))


async def save(db: Connection, changed: Hold, *, reason: str | None = None) -> None:
    values = _changing(changed) | ({} if reason is None else {"reason": reason})
    await db.execute(update(hold).where(hold.c.hold == changed.hold).values(**values))


async def find(db: Connection, name: HoldId) -> Hold | None:
    """One hold; in a transaction, nobody else changes it until the commit."""
    query = locked(db, select(hold).where(hold.c.hold == name))
    row = (await db.execute(query)).first()
    return None if row is None else as_hold(row)


async def alive_of(db: Connection, need: NeedId) -> Hold | None:
    query = select(hold).where(hold.c.need == need, hold.c.ended.is_(None))
    row = (await db.execute(query)).first()
    return None if row is None else as_hold(row)


async def of_need(db: Connection, need: NeedId) -> list[Hold]:
    """Every room that was held for a need, the oldest first."""
    query = select(hold).where(hold.c.need == need).order_by(hold.c.held, by_bytes(db, hold.c.hold))
    return [as_hold(row) for row in await db.execute(query)]


async def at_desk(db: Connection, hotel: HotelId) -> list[tuple[Hold, bytes | None]]:
    """What a hotel has to look after, the first nights first; with what is sealed of each."""
    query = (
        select(hold)
        .where(hold.c.hotel == hotel, hold.c.state.in_(sorted(ALIVE)))
        .order_by(hold.c.first, hold.c.held, by_bytes(db, hold.c.hold))
    )
    return [
        (as_hold(row), None if row.sealed is None else bytes(row.sealed))
        for row in await db.execute(query)
    ]


async def aliases(db: Connection, hotel: HotelId) -> list[Alias]:
    """Those that are in use in a hotel."""
    query = select(hold.c.alias, hold.c.word).where(
        hold.c.hotel == hotel, hold.c.state.in_(sorted(ALIVE))
    )
    return [Alias(row.alias, row.word) for row in await db.execute(query)]


async def sealed(db: Connection, name: HoldId) -> bytes | None:
    found = (await db.execute(select(hold.c.sealed).where(hold.c.hold == name))).scalar()
    return None if found is None else bytes(found)


async def add_try(db: Connection, name: HoldId) -> None:
    await db.execute(update(hold).where(hold.c.hold == name).values(tries=hold.c.tries + 1))


async def forget(db: Connection, name: HoldId) -> None:
    """All that was personal."""
    nothing = {"alias": "", "word": "", "sealed": None}
    await db.execute(update(hold).where(hold.c.hold == name).values(**nothing))


def _changing(of: Hold) -> dict[str, object]:
    return {
        "nights": of.nights,
        "state": of.state,
        "expires": of.expires_at,
        "extended": of.extended,
        "budget": of.budget,
        "approved": of.approved,
        "by": of.by,
        "ended": of.ended_at,
    }


def as_hold(row: Row[tuple[object, ...]]) -> Hold:
    return Hold(
        hold=HoldId(row.hold),
        need=NeedId(row.need),
        hotel=HotelId(row.hotel),
        kind=KindId(row.kind),
        first=row.first,
        nights=row.nights,
        state=HoldState(row.state),
        alias=row.alias,
        word=row.word,
        held_at=row.held,
        expires_at=row.expires,
        extended=row.extended,
        price_cents=row.price_cents,
        budget=None if row.budget is None else BudgetId(row.budget),
        approved=row.approved,
        by=row.by,
        ended_at=row.ended,
        tries=row.tries,
    )
