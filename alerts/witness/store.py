"""Events: their table, and every statement on it."""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    delete,
    func,
    or_,
    select,
    update,
)

from alerts.witness.values import Event, EventId, Kind, Outcome, Standing, State
from geo.transit.values import LineId, StopId
from realtime.sql import Connection, Instant, locked, metadata

event = Table(
    "witness_event",
    metadata,
    Column("event", String, primary_key=True),
    Column("network", String, nullable=False),
    Column("line", String),
    Column("direction", Integer),
    #: By what other reports of it are looked for.
    Column("ground", String, nullable=False),
    Column("stop", String),
    Column("ahead", String),
    Column("car", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("opened", Instant, nullable=False),
    Column("last", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("standing", String, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("placed", Boolean, nullable=False),
    Column("drill", Boolean, nullable=False),
    Column("withheld", Boolean, nullable=False),
    Column("wave", Integer, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("delivered", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("came", Integer, nullable=False),
    Column("unseen", Integer, nullable=False),
    Column("reports", Integer, nullable=False),
    Column("victims", Integer, nullable=False),
    Column("first_claim", Instant),
    Column("outcome", String),
    Column("ended", Instant),
    #: Where it was last known to be, sealed; NULL once shredded, or where nobody knows.
    Column("place", LargeBinary),
    Index("witness_event_ground", "ground", "state"),
    Index("witness_event_state", "state", "opened"),
)


async def put(db: Connection, new: Event, place: bytes | None) -> None:
    await db.execute(event.insert().values(place=place, **_values(new)))


async def save(db: Connection, changed: Event) -> None:
    values = _values(changed)
    del values["event"]
    # Counted in statements of their own, which may run beside this one.
    for counted in ("delivered", "seen"):
        del values[counted]
    await db.execute(update(event).where(event.c.event == changed.event).values(**values))


async def place_it(db: Connection, name: EventId, place: bytes | None) -> None:
    await db.execute(update(event).where(event.c.event == name).values(place=place))


async def add_heard(db: Connection, name: EventId, *, delivered: int, seen: int) -> None:
    """A phone has it, or a person has looked."""
    await db.execute(
        update(event)
        .where(event.c.event == name)
        .values(delivered=event.c.delivered + delivered, seen=event.c.seen + seen)
    )


async def find(db: Connection, name: EventId) -> Event | None:
    """One event; in a transaction, nobody else changes it until the commit."""
    row = (await db.execute(locked(db, select(event).where(event.c.event == name)))).first()
    return None if row is None else event_of(row)


async def look(db: Connection, name: EventId) -> Event | None:
    """One event as it is, locking nothing."""
    row = (await db.execute(select(event).where(event.c.event == name))).first()
    return None if row is None else event_of(row)


async def open_around(
    db: Connection, ground: str, stop: StopId | None, since: datetime, limit: int
) -> list[tuple[Event, bytes | None]]:
    """Open events of that ground or stop, reported since then, with their sealed places."""
    here = event.c.ground == ground
    if stop is not None:
        here = or_(here, event.c.stop == stop)
    query = (
        select(event)
        .where(here, event.c.state == State.OPEN, event.c.last >= since)
        .order_by(event.c.last.desc(), event.c.event)
        .limit(limit)
    )
    rows = (await db.execute(locked(db, query))).all()
    return [(event_of(row), row.place and bytes(row.place)) for row in rows]


async def sealed_place(db: Connection, name: EventId) -> bytes | None:
    found = (await db.execute(select(event.c.place).where(event.c.event == name))).scalar()
    return None if found is None else bytes(found)


async def open_events(db: Connection, limit: int) -> list[Event]:
    """What nobody has ended, the oldest first."""
    query = (
        select(event)
        .where(event.c.state == State.OPEN)
        .order_by(event.c.opened, event.c.event)
        .limit(limit)
    )
    return [event_of(row) for row in await db.execute(query)]


async def count_open(db: Connection) -> tuple[int, int]:
    """How many are open, and how many of them nobody has confirmed."""
    query = select(event.c.confirmed, func.count()).where(event.c.state == State.OPEN)
    found = {row[0]: row[1] for row in await db.execute(query.group_by(event.c.confirmed))}
    return sum(found.values()), found.get(False, 0)


async def drop(db: Connection, name: EventId) -> None:
    """Nothing is left of it here."""
    await db.execute(delete(event).where(event.c.event == name))


def _values(of: Event) -> dict[str, object]:
    return {
        "event": of.event,
        "network": of.network,
        "line": of.line,
        "direction": of.direction,
        "ground": of.ground,
        "stop": of.stop,
        "ahead": of.ahead,
        "car": of.car,
        "kind": of.kind,
        "state": of.state,
        "opened": of.opened_at,
        "last": of.last_at,
        "until": of.until,
        "standing": of.standing,
        "confirmed": of.confirmed,
        "placed": of.placed,
        "drill": of.drill,
        "withheld": of.withheld,
        "wave": of.wave,
        "asked": of.asked,
        "delivered": of.delivered,
        "seen": of.seen,
        "came": of.came,
        "unseen": of.unseen,
        "reports": of.reports,
        "victims": of.victims,
        "first_claim": of.first_claim_at,
        "outcome": of.outcome,
        "ended": of.ended_at,
    }


def event_of(row: Row[tuple[object, ...]]) -> Event:
    return Event(
        event=EventId(row.event),
        network=row.network,
        line=row.line and LineId(row.line),
        direction=row.direction,
        ground=row.ground,
        stop=row.stop and StopId(row.stop),
        ahead=row.ahead and StopId(row.ahead),
        car=row.car,
        kind=Kind(row.kind),
        state=State(row.state),
        opened_at=row.opened,
        last_at=row.last,
        until=row.until,
        standing=Standing(row.standing),
        confirmed=row.confirmed,
        placed=row.placed,
        drill=row.drill,
        withheld=row.withheld,
        wave=row.wave,
        asked=row.asked,
        delivered=row.delivered,
        seen=row.seen,
        came=row.came,
        unseen=row.unseen,
        reports=row.reports,
        victims=row.victims,
        first_claim_at=row.first_claim,
        outcome=None if row.outcome is None else Outcome(row.outcome),
        ended_at=row.ended,
    )
