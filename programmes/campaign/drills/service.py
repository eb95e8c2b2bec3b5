"""Exercises as use cases: planned, begun, measured when they are over, told by month.

An exercise is a report of witnesses that says so everywhere; ``Witnesses`` makes it and knows what
became of it. What is kept here is how many people it reached and how fast, never whom.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from programmes.campaign.days import month_later, month_of
from programmes.campaign.drills import store
from programmes.campaign.drills.people import People, people, usual_s
from programmes.campaign.drills.store import Kept
from programmes.campaign.errors import DrillTime, DrillTooSoon, TooManyDrills, UnknownPlace
from programmes.campaign.lines import Lines
from programmes.campaign.messages import Drilled, Drills, DrillView, MonthView, Part
from programmes.campaign.ports import Witnesses
from programmes.campaign.rules import (
    DRILL_AGAIN,
    DRILL_AHEAD,
    DRILL_MEASURED,
    DRILL_MONTHS,
    MOST_DRILLS,
    SMALL,
)
from programmes.campaign.values import Drill
from realtime.kernel.errors import AppError, NotFound
from realtime.ledger import Reading, Transaction
from realtime.store import Task
from realtime.tasks import Tasks

#: Tasks; their key is the exercise.
BEGIN, MEASURE = "campaign.drill", "campaign.measure"
_NOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    line: str
    direction: int
    #: None: now.
    at: datetime | None = None
    monthly: bool = False


class Drilling:
    def __init__(self, lines: Lines, witnesses: Witnesses) -> None:
        self._lines = lines
        self._witnesses = witnesses

    def register(self, tasks: Tasks) -> None:
        tasks.handle(BEGIN, self._due)
        tasks.handle(MEASURE, self._over)

    async def drill(self, tx: Transaction, wanted: Wanted, *, actor: str) -> Drilled:
        """Begin an exercise, or plan it."""
        at = wanted.at or tx.now
        if not tx.now - _NOW <= at <= tx.now + DRILL_AHEAD:
            raise DrillTime
        line = self._lines.line(wanted.line, wanted.direction)
        if line is None:
            raise UnknownPlace
        if await store.near(
            tx.db, wanted.line, wanted.direction, at - DRILL_AGAIN, at + DRILL_AGAIN
        ):
            raise DrillTooSoon
        if await store.planned(tx.db) >= MOST_DRILLS:
            raise TooManyDrills
        kept = Kept(
            drill=tx.ids(),
            line=wanted.line,
            direction=wanted.direction,
            line_name=line.name,
            by=actor,
            at=at,
            monthly=wanted.monthly,
            alert=None,
            measured=None,
        )
        tx.record(actor, "campaign.drill", kept.drill)
        if at > tx.now:
            await self._plan(tx, kept)
        else:
            kept = await self._begin(tx, kept)
        return Drilled(drill=kept.drill, at=kept.at, alert=kept.alert)

    async def cancel(self, tx: Transaction, name: str, *, actor: str) -> None:
        """Not this one, nor those that would follow it; what has begun goes on."""
        found = await store.find(tx.db, name)
        if found is None or (found.alert is not None and not found.monthly):
            raise NotFound
        if found.alert is None:
            await store.drop(tx.db, name)
            tx.unschedule(BEGIN, name)
        tx.record(actor, "campaign.undrill", name)

    async def told(self, reading: Reading) -> Drills:
        since = reading.now - timedelta(days=31 * DRILL_MONTHS)
        kept = await store.since(reading.db, since)
        told = {month: people(_drills(found)) for month, found in _by_month(kept).items()}
        return Drills(
            drills=[
                await self._view(reading, it, told.get(month_of(it.at), {}).get(it.drill))
                for it in kept
            ],
            months=[
                _month(month, found, told[month][""]) for month, found in _by_month(kept).items()
            ],
            small=SMALL,
        )

    async def _plan(self, tx: Transaction, kept: Kept) -> None:
        await store.put(tx.db, kept, now=tx.now)
        tx.schedule(BEGIN, kept.drill, due=kept.at)

    async def _begin(self, tx: Transaction, kept: Kept) -> Kept:
        alert = await self._witnesses.drill(tx, kept.line, kept.direction, actor=kept.by)
        begun = kept._replace(alert=alert, at=tx.now)
        await store.put(tx.db, begun, now=tx.now)
        tx.schedule(MEASURE, begun.drill, due=tx.now + DRILL_MEASURED)
        return begun

    async def _due(self, tx: Transaction, task: Task, prepared: None) -> None:
        kept = await store.find(tx.db, task.key)
        if kept is None or kept.alert is not None:
            return
        try:
            await self._begin(tx, kept)
        except AppError:
            # The line is gone, or has an exercise already: there is none this time.
            await store.drop(tx.db, kept.drill)
        if kept.monthly:
            later = kept._replace(drill=tx.ids(), at=month_later(kept.at), alert=None)
            await self._plan(tx, later)

    async def _over(self, tx: Transaction, task: Task, prepared: None) -> None:
        kept = await store.find(tx.db, task.key)
        if kept is None or kept.alert is None or kept.measured is not None:
            return
        found = await self._witnesses.drilled(tx, kept.alert)
        if found is not None:
            await store.put(tx.db, kept._replace(measured=found), now=tx.now)

    async def _view(self, reading: Reading, of: Kept, told: People | None) -> DrillView:
        state, known = "over", of.measured
        if of.alert is None:
            state = "planned"
        elif known is None:
            state = "running"
            # Only how fast: counts that grow could be subtracted from each other.
            known = await self._witnesses.drilled(reading, of.alert)
        return DrillView(
            drill=of.drill,
            line=of.line,
            direction=of.direction,
            line_name=of.line_name,
            at=of.at,
            monthly=of.monthly,
            state=state,
            people=None if told is None else _part(told),
            first_claim_s=known.first_claim_s if known else None,
            alert=of.alert,
        )


def _part(of: People) -> Part:
    return Part(delivered=of.delivered, seen=of.seen, claimed=of.claimed)


def _by_month(kept: Sequence[Kept]) -> dict[str, list[Kept]]:
    """Exercises that are over, the newest month first."""
    found: dict[str, list[Kept]] = {}
    for it in kept:
        if it.measured is not None:
            found.setdefault(month_of(it.at), []).append(it)
    return found


def _drills(kept: Sequence[Kept]) -> dict[str, Drill]:
    return {it.drill: it.measured for it in kept if it.measured is not None}


def _month(month: str, kept: Sequence[Kept], told: People) -> MonthView:
    drills = list(_drills(kept).values())
    return MonthView(
        month=month,
        drills=len(drills),
        answered=sum(it.first_claim_s is not None for it in drills),
        people=_part(told),
        first_claim_s=usual_s(drills),
    )
