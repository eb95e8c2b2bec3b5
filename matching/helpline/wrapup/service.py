"""Forms become counts at once, and counts are told once their month is over."""

from datetime import datetime

from matching.helpline.directory.hours import PARIS
from matching.helpline.wrapup import store
from matching.helpline.wrapup.counts import told
from matching.helpline.wrapup.errors import MonthNotTold
from matching.helpline.wrapup.form import UNKNOWN, Form, counted
from matching.helpline.wrapup.messages import MonthCounts
from realtime.ledger import Reading, Transaction


class WrapUps:
    async def count(self, tx: Transaction, line: str, form: Form) -> None:
        """Keep what a form says of no one; neither the form nor whose chat it was is kept."""
        area = form.area or UNKNOWN
        await store.add(tx.db, line, _month(tx.now), area, counted(form))

    async def month(self, reading: Reading, line: str, month: str) -> MonthCounts:
        """A month that is over; a table that grows tells of each one that was added."""
        if month >= _month(reading.now):
            raise MonthNotTold
        return told(line, month, await store.of_month(reading.db, line, month))


def _month(now: datetime) -> str:
    return now.astimezone(PARIS).date().isoformat()[:7]
