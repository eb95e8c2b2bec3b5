"""An event as somebody who reported it may know it: her own word, and what came after it. Pure.

Whoever reports the same line may be the one she fears, beside her or at home. So nothing that he is
answered or told says that somebody else has reported, what, or where.
"""

from collections.abc import Sequence
from dataclasses import replace

from alerts.witness.machine import Parts
from alerts.witness.values import Call, Event, Outcome, Report, Standing, State


def hers(event: Event, report: Report, calls: Sequence[Call], parts: Parts) -> tuple[Event, Parts]:
    """The event, and who does what there, of those who were told since this report."""
    began = report.at <= event.opened_at
    since = [it for it in calls if began or it.asked_at > report.at]
    people = {it.person for it in since}
    seen_parts = Parts({role: it for role, it in parts.taken.items() if it.person in people})
    vouched = began or report.placed or report.standing is Standing.KNOWN
    known = replace(
        event,
        line=report.line,
        direction=report.direction,
        stop=report.stop,
        ahead=report.ahead,
        car=report.car,
        kind=report.kind,
        opened_at=report.at,
        until=min(event.until, report.until or event.until),
        confirmed=event.confirmed and vouched,
        asked=len(since),
        seen=sum(it.seen for it in since),
        came=len(seen_parts.taken),
    )
    if report.withdrawn:
        # Taken back: over for her, whatever others say.
        known = replace(known, state=State.CANCELLED, outcome=Outcome.CANCELLED)
    return known, seen_parts
