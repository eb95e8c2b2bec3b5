"""What clients were promised, held against what the server has after its last restart. Pure.

Each operation is written down before it is asked (``invoke``) and when it was answered (``ok``).
One that was never answered may have happened once, or not at all; never twice.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of a client's log."""

    what: str  # raise, cancel, say
    outcome: str  # invoke, ok
    id: str
    alert: str = ""
    room: str = ""
    #: Hers, to ask with after the last restart.
    token: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What the server has, read after the last restart."""

    #: State of each alert that was asked about; missing: unknown to the server.
    states: Mapping[str, str]
    #: Ids of the messages of each room, in order.
    messages: Mapping[str, list[str]]
    #: How often the audit chain says each thing of each alert.
    audit: Counter[tuple[str, str]]
    #: Alerts in all.
    alerts: int


def problems(events: Iterable[Event], found: Found) -> list[str]:
    """Every broken promise, in a sentence; none is what we want."""
    history = list(events)
    return [
        *_alert_problems(history, found),
        *(
            f"{action} took effect {times} times on {alert}"
            for (action, alert), times in found.audit.items()
            if times != 1
        ),
        *_room_problems(history, found),
    ]


def _alert_problems(history: list[Event], found: Found) -> list[str]:
    raised = {it.id: it.alert for it in history if (it.what, it.outcome) == ("raise", "ok")}
    asked = {it.id for it in history if it.what == "raise"}
    cancelled = {it.alert for it in history if (it.what, it.outcome) == ("cancel", "ok")}
    cancelling = {it.alert for it in history if it.what == "cancel"}
    wrong: list[str] = []
    if len(set(raised.values())) != len(raised):
        wrong.append("two requests were answered with the same alert")
    for alert in raised.values():
        state = found.states.get(alert)
        if state is None:
            wrong.append(f"an acknowledged alert is gone: {alert}")
        elif alert in cancelled and state != "cancelled":
            wrong.append(f"an acknowledged cancellation is undone: {alert} is {state}")
        elif alert not in cancelling and state == "cancelled":
            wrong.append(f"nobody cancelled {alert}")
    if not len(raised) <= found.alerts <= len(asked):
        wrong.append(f"{found.alerts} alerts for {len(raised)} acknowledged of {len(asked)} asked")
    return wrong


def _room_problems(history: list[Event], found: Found) -> list[str]:
    wrong: list[str] = []
    said: dict[str, list[str]] = {}
    asked: dict[str, list[str]] = {}
    for event in history:
        if event.what == "say":
            book = said if event.outcome == "ok" else asked
            book.setdefault(event.room, []).append(event.id)
    for room, ids in said.items():
        there = found.messages.get(room, [])
        if len(set(there)) != len(there):
            wrong.append(f"a message stands twice in {room}")
        if [it for it in there if it in set(ids)] != ids:
            wrong.append(f"acknowledged messages are missing or out of order in {room}")
        if not set(there) <= set(asked.get(room, [])):
            wrong.append(f"{room} holds a message that nobody sent")
    return wrong
