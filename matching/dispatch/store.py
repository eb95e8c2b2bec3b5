"""Searches and offers: their tables, and every statement on them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import (
    BindParameter,
    Boolean,
    Column,
    Index,
    Integer,
    Row,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)

from geo.cells import Cell
from matching.dispatch.incident import (
    GOING,
    OPEN,
    AlertId,
    Incident,
    Kind,
    Mode,
    Offer,
    OfferId,
    OfferState,
    Ring,
)
from matching.dispatch.rules import OPEN_FOR
from matching.helpers.eligibility import Load
from realtime.kernel.ids import PersonId
from realtime.sql import (
    Connection,
    Instant,
    Often,
    among,
    locked,
    locking,
    may_lock,
    metadata,
)

incident = Table(
    "incident",
    metadata,
    Column("alert", String, primary_key=True),
    Column("raiser", String, nullable=False),
    Column("mode", String, nullable=False),
    Column("kind", String, nullable=False),
    #: Res 9 until the place is shredded, a neighbourhood afterwards.
    Column("cell", String, nullable=False),
    Column("shown", String, nullable=False),
    Column("room", String, nullable=False),
    Column("opened", Instant, nullable=False),
    Column("ring", Integer, nullable=False),
    Column("widen", Instant, nullable=False),
    Column("ended", Boolean, nullable=False),
    Index("incident_raiser", "raiser", "ended"),
)

offer = Table(
    "offer",
    metadata,
    Column("offer", String, primary_key=True),
    Column("alert", String, nullable=False),
    Column("helper", String, nullable=False),
    Column("ring", String, nullable=False),
    Column("state", String, nullable=False),
    Column("asked", Instant, nullable=False),
    Column("told", Instant),
    Column("barred", Boolean, nullable=False),
    Column("received", Boolean, nullable=False),
    Column("seen", Boolean, nullable=False),
    UniqueConstraint("alert", "helper"),
    Index("offer_helper", "helper", "asked"),
)


_PUT, _ADD_OFFER = Often(incident.insert()), Often(offer.insert())
#: As columns of ``_LOADED``: none of the rings, but what else keeps somebody.
_GOING, _IN_NEED = "going", "in need"
#: Nobody is going longer: an alert ends, and with it its offers; a house may have stood still.
GOING_MOST = 6 * OPEN_FOR
# What some people are doing for others than this alert: one statement, as it is said at each step.
_LOADED = Often(
    union_all(
        select(
            offer.c.helper.label("person"),
            offer.c.ring.label("what"),
            func.count().label("times"),
        )
        .where(
            among(offer.c.helper, "people"),
            offer.c.asked >= bindparam("since", type_=Instant()),
            offer.c.alert != bindparam("but", type_=String()),
            # Withdrawn before anyone looked, it has cost nothing: else one hand that raises and
            # cancels would spend the day of everyone around.
            or_(offer.c.seen.is_(True), offer.c.state != OfferState.CANCELLED),
        )
        .group_by(offer.c.helper, offer.c.ring),
        select(offer.c.helper, literal(_GOING, String()), literal(1, Integer())).where(
            among(offer.c.helper, "people"),
            or_(*(offer.c.state == it for it in sorted(GOING))),
            # Or all that they were ever asked is gone through.
            offer.c.asked >= bindparam("earliest", type_=Instant()),
            offer.c.alert != bindparam("but", type_=String()),
        ),
        select(incident.c.raiser, literal(_IN_NEED, String()), literal(1, Integer())).where(
            among(incident.c.raiser, "people"), incident.c.ended.is_(False)
        ),
    )
)
_THIS = select(incident).where(incident.c.alert == bindparam("its_alert"))
_ITS_OFFERS = (
    select(offer)
    .where(offer.c.alert == bindparam("its_alert"))
    .order_by(offer.c.asked, offer.c.offer)
)
_FIND, _OFFERS = Often(_THIS), Often(_ITS_OFFERS)
# At each greeting of a helper's phone.
_LIVE = Often(
    select(offer)
    .where(
        offer.c.helper == bindparam("its_helper"),
        or_(*(offer.c.state == it for it in sorted(OPEN | GOING))),
        # Or all that she was ever asked is gone through.
        offer.c.asked >= bindparam("earliest", type_=Instant()),
    )
    .order_by(offer.c.asked, offer.c.offer)
)
_SEARCHES = Often(select(incident).where(among(incident.c.alert, "alerts")))
_HOLD, _HOLD_OFFERS = Often(locking(_THIS)), Often(locking(_ITS_OFFERS))


async def put(db: Connection, new: Incident) -> None:
    row = {
        "alert": new.alert,
        "raiser": new.raiser,
        "mode": new.mode,
        "kind": new.kind,
        "cell": new.cell,
        "shown": new.shown,
        "room": new.room,
        "opened": new.opened_at,
        "ring": new.ring,
        "widen": new.widen_at,
        "ended": new.ended,
    }
    await _PUT.each(db, [row])


async def find(db: Connection, alert: AlertId) -> Incident | None:
    """A search with all its offers; in a transaction, nobody else changes them until the commit."""
    held = may_lock(db)
    named = {"its_alert": alert}
    row = await (_HOLD if held else _FIND).first(db, named)
    if row is None:
        return None
    made = await (_HOLD_OFFERS if held else _OFFERS).rows(db, named)
    return replace(_incident(row), offers=tuple(_offer(it) for it in made))


async def find_offer(
    db: Connection, name: OfferId, helper: PersonId
) -> tuple[AlertId, Offer] | None:
    """One offer, if it was made to this helper; in a transaction, nobody else changes it."""
    query = locked(db, select(offer).where(offer.c.offer == name, offer.c.helper == helper))
    row = (await db.execute(query)).first()
    return None if row is None else (AlertId(row.alert), _offer(row))


async def alert_of(db: Connection, name: OfferId, helper: PersonId) -> AlertId | None:
    """What an offer made to this helper is about: that never changes, so nothing is locked."""
    query = select(offer.c.alert).where(offer.c.offer == name, offer.c.helper == helper)
    found: str | None = (await db.execute(query)).scalar()
    return None if found is None else AlertId(found)


async def offer_to(db: Connection, alert: AlertId, helper: PersonId) -> Offer | None:
    query = select(offer).where(offer.c.alert == alert, offer.c.helper == helper)
    row = (await db.execute(query)).first()
    return None if row is None else _offer(row)


async def live_offers(
    db: Connection, helper: PersonId, *, now: datetime
) -> list[tuple[Incident, Offer]]:
    """What a helper is asked, or has accepted, with the searches (without their other offers)."""
    named = {"its_helper": helper, "earliest": now - GOING_MOST}
    offers = [(row.alert, _offer(row)) for row in await _LIVE.rows(db, named)]
    if not offers:
        return []
    rows = await _SEARCHES.rows(db, {"alerts": [alert for alert, _ in offers]})
    incidents = {row.alert: _incident(row) for row in rows}
    return [(incidents[alert], found) for alert, found in offers]


async def add_offers(db: Connection, alert: AlertId, offers: Sequence[Offer]) -> None:
    rows = [{"alert": alert, "helper": it.helper, **_values(it)} for it in offers]
    await _ADD_OFFER.each(db, rows)


async def save_offers(db: Connection, offers: Iterable[Offer]) -> None:
    """Write offers back. What identifies them does not change."""
    rows = [{f"new_{name}": value for name, value in _values(it).items()} for it in offers]
    changed: dict[str, BindParameter[object]] = {
        name: bindparam(f"new_{name}") for name in _CHANGEABLE
    }
    same = offer.c.offer == bindparam("new_offer")
    await db.execute(update(offer).where(same).values(changed), rows)


async def save_progress(db: Connection, changed: Incident) -> None:
    await db.execute(
        update(incident)
        .where(incident.c.alert == changed.alert)
        .values(ring=changed.ring, widen=changed.widen_at, ended=changed.ended)
    )


async def coarsen(db: Connection, alert: AlertId, cell: Cell) -> None:
    """Keep no more than a neighbourhood of where it was."""
    await db.execute(
        update(incident).where(incident.c.alert == alert).values(cell=cell, shown=cell)
    )


async def load_of(
    db: Connection, people: Sequence[PersonId], *, since: datetime, but: AlertId
) -> Load:
    """What these people are doing for other alerts, and how often they were asked today."""
    found: dict[str, dict[PersonId, int]] = {
        Ring.NEAR: {},
        Ring.REMOTE: {},
        _GOING: {},
        _IN_NEED: {},
    }
    moments = {"since": since, "earliest": since - GOING_MOST}
    for row in await _LOADED.rows(db, {"people": people, "but": but, **moments}):
        found[row.what][PersonId(row.person)] = row.times
    return Load(
        near_today=found[Ring.NEAR],
        remote_today=found[Ring.REMOTE],
        busy=frozenset(found[_GOING]),
        in_need=frozenset(found[_IN_NEED]),
    )


_CHANGEABLE = ("ring", "state", "asked", "told", "barred", "received", "seen")


def _values(of: Offer) -> dict[str, object]:
    return {
        "offer": of.id,
        "ring": of.ring,
        "state": of.state,
        "asked": of.asked_at,
        "told": of.told_at,
        "barred": of.barred,
        "received": of.received,
        "seen": of.seen,
    }


def _incident(row: Row[tuple[object, ...]]) -> Incident:
    return Incident(
        alert=AlertId(row.alert),
        raiser=PersonId(row.raiser),
        mode=Mode(row.mode),
        kind=Kind(row.kind),
        cell=Cell(row.cell),
        shown=Cell(row.shown),
        room=row.room,
        opened_at=row.opened,
        ring=row.ring,
        widen_at=row.widen,
        ended=row.ended,
    )


def _offer(row: Row[tuple[object, ...]]) -> Offer:
    return Offer(
        id=OfferId(row.offer),
        helper=PersonId(row.helper),
        ring=Ring(row.ring),
        state=OfferState(row.state),
        asked_at=row.asked,
        told_at=row.told,
        barred=row.barred,
        received=row.received,
        seen=row.seen,
    )
