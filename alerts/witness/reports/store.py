"""Reports: their table, and every statement on it."""

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
    UniqueConstraint,
    case,
    delete,
    select,
)

from alerts.witness.store import event, event_of
from alerts.witness.values import As, Event, EventId, Kind, Report, ReportId, Standing, State
from geo.transit.values import LineId, StopId
from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, metadata, upsert

report = Table(
    "witness_report",
    metadata,
    Column("report", String, primary_key=True),
    Column("event", String, nullable=False),
    Column("person", String, nullable=False),
    Column("role", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("standing", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("car", String, nullable=False),
    Column("line", String),
    Column("direction", Integer),
    Column("stop", String),
    Column("ahead", String),
    Column("until", Instant),
    Column("placed", Boolean, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    #: For operators, sealed under the event's key.
    Column("note", LargeBinary),
    #: Where this phone was; sealed under the same.
    Column("place", LargeBinary),
    # One word of each person about one event, whoever else is writing at the same moment.
    UniqueConstraint("event", "person"),
    Index("witness_report_person", "person", "at"),
)


async def put(db: Connection, new: Report, **sealed: bytes | None) -> None:
    """Keep a report, or what the same person says anew of the same event.

    ``sealed``: its ``note`` and its ``place``; what is not given stays.
    """
    await db.execute(upsert(report, _values(new) | sealed, key=["report"]))


async def sealed_place(db: Connection, name: ReportId) -> bytes | None:
    found = (await db.execute(select(report.c.place).where(report.c.report == name))).scalar()
    return None if found is None else bytes(found)


async def of_event(db: Connection, name: EventId, limit: int) -> list[Report]:
    """In the order in which they came. Where there are more, those that tell the most.

    However many say it by word alone, whoever is known or is there is among them.
    """
    known = case({Standing.KNOWN: 0, Standing.NEW: 1}, value=report.c.standing, else_=2)
    telling = (report.c.withdrawn, known, report.c.placed.desc(), report.c.at, report.c.report)
    query = select(report).where(report.c.event == name).order_by(*telling).limit(limit)
    found = [_report(row) for row in await db.execute(query)]
    return sorted(found, key=lambda it: (it.at, it.report))


async def notes_of(db: Connection, name: EventId, limit: int) -> dict[ReportId, bytes]:
    """The sealed notes."""
    query = (
        select(report.c.report, report.c.note)
        .where(report.c.event == name, report.c.note.is_not(None))
        .order_by(report.c.at)
        .limit(limit)
    )
    return {ReportId(row.report): bytes(row.note) for row in await db.execute(query)}


async def by_person(
    db: Connection, name: EventId, person: PersonId
) -> tuple[Report, bytes | None] | None:
    query = select(report).where(report.c.event == name, report.c.person == person)
    row = (await db.execute(query)).first()
    return None if row is None else (_report(row), row.note and bytes(row.note))


async def since(
    db: Connection, person: PersonId, since: datetime, limit: int
) -> list[tuple[Report, Event]]:
    """What somebody has reported since then and is still kept, the newest first."""
    query = (
        select(report)
        .where(report.c.person == person, report.c.at >= since)
        .order_by(report.c.at.desc(), report.c.report)
        .limit(limit)
    )
    found = [_report(row) for row in await db.execute(query)]
    names = sorted({it.event for it in found})
    rows = await db.execute(select(event).where(event.c.event.in_(names)))
    events = {row.event: event_of(row) for row in rows}
    return [(it, events[it.event]) for it in found if it.event in events]


async def reporters_of(db: Connection, name: EventId) -> list[PersonId]:
    query = select(report.c.person).where(report.c.event == name).order_by(report.c.person)
    return [PersonId(it) for it in (await db.execute(query)).scalars()]


async def people_in(db: Connection, limit: int) -> list[PersonId]:
    """Who has reported what is open."""
    query = (
        select(report.c.person)
        .join(event, event.c.event == report.c.event)
        .where(event.c.state == State.OPEN)
        .limit(limit)
    )
    return [PersonId(it) for it in (await db.execute(query)).scalars()]


async def drop(db: Connection, name: EventId) -> None:
    await db.execute(delete(report).where(report.c.event == name))


def _values(of: Report) -> dict[str, object]:
    return {
        "report": of.report,
        "event": of.event,
        "person": of.person,
        "role": of.role,
        "kind": of.kind,
        "at": of.at,
        "standing": of.standing,
        "origin": of.origin,
        "car": of.car,
        "line": of.line,
        "direction": of.direction,
        "stop": of.stop,
        "ahead": of.ahead,
        "until": of.until,
        "placed": of.placed,
        "withdrawn": of.withdrawn,
    }


def _report(row: Row[tuple[object, ...]]) -> Report:
    return Report(
        report=ReportId(row.report),
        event=EventId(row.event),
        person=PersonId(row.person),
        role=As(row.role),
        kind=Kind(row.kind),
        at=row.at,
        standing=Standing(row.standing),
        origin=row.origin,
        car=row.car,
        line=row.line and LineId(row.line),
        direction=row.direction,
        stop=row.stop and StopId(row.stop),
        ahead=row.ahead and StopId(row.ahead),
        until=row.until,
        placed=row.placed,
        withdrawn=row.withdrawn,
    )
