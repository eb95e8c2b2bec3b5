"""Requests for help and who accepted them: their tables, and every statement on them."""

from collections.abc import Collection
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
    bindparam,
    func,
    select,
    text,
    update,
)

from alerts.escalation import Rung
from alerts.help.machine import AlertState
from alerts.help.values import Alert, Companion
from geo.cells import Cell
from matching.dispatch.incident import AlertId, Counts, Kind, Mode
from realtime.kernel.ids import PersonId
from realtime.sql import (
    Connection,
    Instant,
    Often,
    by_bytes,
    locking,
    may_lock,
    metadata,
    upsert,
)

_OPEN = text("ended IS NULL")

alert = Table(
    "alert",
    metadata,
    Column("alert", String, primary_key=True),
    Column("raiser", String, nullable=False),
    Column("mode", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("raised", Instant, nullable=False),
    Column("ended", Instant),
    Column("room", String, nullable=False),
    Column("shown", String, nullable=False),
    Column("delivered", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("on_scene", Integer, nullable=False),
    Column("escalation", String),
    #: Where she is and what she wrote, sealed; NULL once shredded.
    Column("place", LargeBinary),
    Column("note", LargeBinary),
    # One open request each, whoever else is writing at the same moment.
    Index("alert_open", "raiser", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("alert_raised", "ended", "raised"),
    Index("alert_raiser", "raiser", "raised"),
)

companion = Table(
    "alert_companion",
    metadata,
    Column("alert", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("seat", String, nullable=False),
    Column("released", Boolean, nullable=False),
)


_PUT = Often(alert.insert())
_THIS = select(alert).where(alert.c.alert == bindparam("its_alert"))
_FIND, _HOLD = Often(_THIS), Often(locking(_THIS))
_OPEN_OF = Often(
    select(alert).where(alert.c.raiser == bindparam("its_raiser"), alert.c.ended.is_(None))
)
_RAISED = Often(
    select(func.count().label("times")).where(
        alert.c.raiser == bindparam("its_raiser"), alert.c.raised >= bindparam("since")
    )
)


async def put(db: Connection, new: Alert, *, place: bytes, note: bytes | None) -> None:
    fixed = {
        "alert": new.alert,
        "raiser": new.raiser,
        "mode": new.mode,
        "kind": new.kind,
        "raised": new.raised_at,
        "room": new.room,
        "shown": new.shown,
        "place": place,
        "note": note,
    }
    await _PUT.each(db, [{**fixed, **_changing(new)}])


async def save(db: Connection, changed: Alert) -> None:
    await db.execute(
        update(alert).where(alert.c.alert == changed.alert).values(**_changing(changed))
    )


async def add_heard(db: Connection, name: AlertId, *, delivered: int, seen: int) -> Alert | None:
    """Count deliveries without reading the offers, in one statement; answer what it became."""
    query = (
        update(alert)
        .where(alert.c.alert == name)
        .values(delivered=alert.c.delivered + delivered, seen=alert.c.seen + seen)
        .returning(alert)
    )
    row = (await db.execute(query)).first()
    return None if row is None else _alert(row)


async def find(db: Connection, name: AlertId) -> Alert | None:
    """One request; in a transaction, nobody else changes it until the commit."""
    row = await (_HOLD if may_lock(db) else _FIND).first(db, {"its_alert": name})
    return None if row is None else _alert(row)


async def find_all(db: Connection, names: Collection[AlertId]) -> list[Alert]:
    query = select(alert).where(alert.c.alert.in_(names)).order_by(alert.c.raised, alert.c.alert)
    return [_alert(row) for row in await db.execute(query)]


async def open_of(db: Connection, raiser: PersonId) -> Alert | None:
    row = await _OPEN_OF.first(db, {"its_raiser": raiser})
    return None if row is None else _alert(row)


async def count_raised(db: Connection, raiser: PersonId, since: datetime) -> int:
    """Requests of one person since then, whatever became of them."""
    row = await _RAISED.first(db, {"its_raiser": raiser, "since": since})
    return int(row.times)


async def open_alerts(db: Connection, limit: int) -> list[Alert]:
    """The requests nobody has ended, the oldest first."""
    query = (
        select(alert)
        .where(alert.c.ended.is_(None))
        .order_by(alert.c.raised, alert.c.alert)
        .limit(limit)
    )
    return [_alert(row) for row in await db.execute(query)]


async def people_in(db: Connection, limit: int) -> list[PersonId]:
    """Those who have asked for help and those who go to them, of the oldest open requests."""
    still = alert.c.ended.is_(None)
    asked = select(alert.c.raiser).where(still).order_by(alert.c.raised).limit(limit)
    going = (
        select(companion.c.person)
        .join(alert, alert.c.alert == companion.c.alert)
        .where(still)
        .limit(limit)
    )
    found = [*(await db.execute(asked)).scalars(), *(await db.execute(going)).scalars()]
    return [PersonId(it) for it in dict.fromkeys(found)]


async def count_open(db: Connection) -> int:
    query = select(func.count()).select_from(alert).where(alert.c.ended.is_(None))
    return int((await db.execute(query)).scalar_one())


async def sealed(db: Connection, name: AlertId) -> tuple[bytes | None, bytes | None]:
    """The sealed place and note."""
    query = select(alert.c.place, alert.c.note).where(alert.c.alert == name)
    row = (await db.execute(query)).first()
    if row is None:
        return None, None
    return row.place and bytes(row.place), row.note and bytes(row.note)


async def forget_place(db: Connection, name: AlertId, shown: Cell) -> None:
    await db.execute(
        update(alert).where(alert.c.alert == name).values(place=None, note=None, shown=shown)
    )


async def put_companion(db: Connection, name: AlertId, new: Companion) -> None:
    row = {
        "alert": name,
        "person": new.person,
        "seat": new.seat,
        "released": new.released,
    }
    await db.execute(upsert(companion, row, key=["alert", "person"]))


async def companions(db: Connection, name: AlertId) -> dict[PersonId, Companion]:
    """Everybody who has accepted once; some may have turned back."""
    query = (
        select(companion).where(companion.c.alert == name).order_by(by_bytes(db, companion.c.seat))
    )
    return {
        PersonId(row.person): Companion(PersonId(row.person), row.seat, row.released)
        for row in await db.execute(query)
    }


async def find_companion(db: Connection, name: AlertId, person: PersonId) -> Companion | None:
    query = select(companion).where(companion.c.alert == name, companion.c.person == person)
    row = (await db.execute(query)).first()
    return None if row is None else Companion(person, row.seat, row.released)


def _changing(of: Alert) -> dict[str, object]:
    return {
        "state": of.state,
        "ended": of.ended_at,
        "delivered": of.counts.delivered,
        "seen": of.counts.seen,
        "accepted": of.counts.accepted,
        "on_scene": of.counts.on_scene,
        "escalation": of.escalation,
    }


def _alert(row: Row[tuple[object, ...]]) -> Alert:
    return Alert(
        alert=AlertId(row.alert),
        raiser=PersonId(row.raiser),
        mode=Mode(row.mode),
        kind=Kind(row.kind),
        state=AlertState(row.state),
        raised_at=row.raised,
        room=row.room,
        shown=Cell(row.shown),
        counts=Counts(
            delivered=row.delivered,
            seen=row.seen,
            accepted=row.accepted,
            on_scene=row.on_scene,
        ),
        escalation=None if row.escalation is None else Rung(row.escalation),
        ended_at=row.ended,
    )
