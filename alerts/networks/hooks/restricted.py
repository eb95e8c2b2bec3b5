"""An event as a CAP message for one network: restricted, an exercise when it is one. Pure.

The place is a line, a direction, a stop, a car: a position never goes out.
"""

from datetime import datetime

from alerts.cap.times import ours
from alerts.cap.values import (
    Area,
    Certainty,
    Info,
    Message,
    MessageKind,
    Named,
    Reference,
    Response,
    Severity,
)
from alerts.networks.hooks.words import FRENCH, LANGUAGES, Words
from alerts.networks.values import Event, Kind

#: Whose names of lines and stops these are: the network's own, after its slug.
LINE, STOP = "entraide:transit:line", "entraide:transit:stop"
KIND, CAR = "entraide:witness:kind", "entraide:witness:car"
#: It need not be acted upon any more, and should not have been said at all.
_WITHDRAWN = frozenset({"cancelled", "false_alarm"})
_SEVERITY: dict[Kind, Severity] = {
    "verbal": "Moderate",
    "followed": "Moderate",
    "other": "Unknown",
    "physical": "Severe",
    "sexual": "Severe",
}


def as_message(
    event: Event,
    *,
    name: str,
    sender: str,
    at: datetime,
    network_name: str,
    before: Reference | None,
) -> Message:
    """``name``: this message's own; ``before``: the one about this event that it follows."""
    return Message(
        identifier=name,
        sender=sender,
        sent=ours(at),
        status="Exercise" if event.drill else "Actual",
        kind=_kind(event, before),
        scope="Restricted",
        restriction=FRENCH.restriction.format(network=network_name),
        note=FRENCH.exercise.rstrip(" \u00a0:") if event.drill else None,
        references=() if before is None else (before,),
        infos=tuple(_info(event, words, at) for words in LANGUAGES),
    )


def _kind(event: Event, before: Reference | None) -> MessageKind:
    if before is None:
        return "Alert"
    return "Cancel" if event.outcome in _WITHDRAWN else "Update"


def _info(event: Event, words: Words, at: datetime) -> Info:
    said = words.kinds[event.kind]
    exercise = words.exercise if event.drill else ""
    over = words.over if event.outcome else ""
    where = _where(event, words)
    return Info(
        language=words.language,
        categories=("Safety", "Security"),
        event=said,
        responses=(_response(event),),
        urgency="Past" if event.outcome else "Immediate",
        severity=_SEVERITY[event.kind],
        certainty=_certainty(event),
        event_codes=(Named(KIND, event.kind),),
        effective=ours(at),
        onset=ours(event.began),
        # What is over is told for as long as it might have lasted.
        expires=ours(max(event.until, at)),
        sender_name="Entraide",
        headline=f"{exercise}{over}{said}{words.comma}{where}",
        description=_described(event, words),
        instruction=None if event.outcome else words.instruction,
        parameters=(Named(CAR, event.car),) if event.car else (),
        areas=(Area(description=where, geocodes=_codes(event)),),
    )


def _response(event: Event) -> Response:
    if event.outcome:
        return "AllClear"
    return "Execute" if event.confirmed else "Assess"


def _certainty(event: Event) -> Certainty:
    return "Observed" if event.confirmed else "Possible"


def _where(event: Event, words: Words) -> str:
    line = event.line_name or event.network
    if event.headsign:
        line = words.direction.format(line=line, headsign=event.headsign)
    parts = [line]
    if event.stop_name:
        parts.append(words.stop.format(stop=event.stop_name))
    if event.car:
        parts.append(words.car.format(car=event.car))
    return words.comma.join(parts)


def _described(event: Event, words: Words) -> str:
    if event.outcome:
        return words.outcomes[event.outcome]
    began = words.began.format(hour=f"{ours(event.began):%H:%M}")
    return f"{began} {words.confirmed if event.confirmed else words.unconfirmed}"


def _codes(event: Event) -> tuple[Named, ...]:
    found = ((LINE, event.line), (STOP, event.stop))
    return tuple(Named(name, value) for name, value in found if value)
