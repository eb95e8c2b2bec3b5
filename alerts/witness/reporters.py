"""What comes of it, told to those who reported it: to each what changes for her, and only then."""

from alerts.witness import own
from alerts.witness.calls import store as calls
from alerts.witness.machine import Parts
from alerts.witness.reports import store as reports
from alerts.witness.saying import Saying
from alerts.witness.values import Event
from realtime.ledger import Transaction

#: Accounts that have reported one event and are told how it goes.
TOLD_MOST = 1_000


class Reporters:
    def __init__(self, saying: Saying) -> None:
        self._saying = saying

    async def tell(
        self, tx: Transaction, event: Event, now: Event, before: Parts, parts: Parts
    ) -> None:
        """``event``, ``before``: as it was."""
        told = await calls.of_event(tx.db, event.event)
        for report in await reports.of_event(tx.db, event.event, TOLD_MOST):
            was, _ = own.hers(event, report, told, before)
            known, _ = own.hers(now, report, told, parts)
            if _goes(was) != _goes(known):
                self._saying.own(tx, known, report.person)


def _goes(event: Event) -> tuple[object, ...]:
    return event.state, event.confirmed, event.came, event.outcome
