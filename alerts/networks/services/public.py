"""A service alert as everybody reads it: a public CAP message, and a notice of GTFS-Realtime. Pure.

Neither says why, nor names the event that it was decided for.
"""

from alerts.cap.times import ours
from alerts.cap.values import Area, Info, Message, Named, Reference
from alerts.networks.hooks.restricted import LINE, STOP
from alerts.networks.services.sentences import (
    EVENT,
    LANGUAGES,
    OVER,
    SOURCE,
    headline,
    where,
)
from alerts.networks.services.values import ServiceAlert
from geo.transit.realtime import Notice
from geo.transit.values import LineId, NetworkId, StopId

_TAGS = {"fr": "fr-FR", "en": "en-GB"}


def as_message(it: ServiceAlert, *, sender: str) -> Message:
    """The message that stands now: the alert, or its end, which refers to it."""
    first = Reference(sender, f"{it.service}.1", ours(it.at))
    over = it.ended
    return Message(
        identifier=first.identifier if over is None else f"{it.service}.2",
        sender=sender,
        sent=first.sent if over is None else ours(over),
        status="Actual",
        kind="Alert" if over is None else "Cancel",
        scope="Public",
        references=() if over is None else (first,),
        infos=tuple(_info(it, language) for language in LANGUAGES),
    )


def _info(it: ServiceAlert, language: str) -> Info:
    codes = ((LINE, it.line), (STOP, it.stop))
    said = headline(it.text, language, line=it.line_name, stop=it.stop_name)
    return Info(
        language=_TAGS[language],
        categories=("Transport",),
        event=EVENT.in_(language),
        responses=("AllClear" if it.ended else "Monitor",),
        urgency="Past" if it.ended else "Expected",
        severity="Minor",
        certainty="Observed",
        effective=ours(it.at),
        onset=ours(it.at),
        expires=ours(it.until),
        sender_name=f"{it.network_name} / Entraide",
        headline=OVER.in_(language) + said if it.ended else said,
        description=SOURCE.in_(language),
        areas=(
            Area(
                description=where(
                    language, line=it.line_name, stop=it.stop_name, network=it.network_name
                ),
                geocodes=tuple(Named(name, value) for name, value in codes if value),
            ),
        ),
    )


def as_notice(it: ServiceAlert) -> Notice:
    return Notice(
        id=it.service,
        network=NetworkId(it.network),
        effect=it.effect,
        header={
            language: headline(it.text, language, line=it.line_name, stop=it.stop_name)
            for language in LANGUAGES
        },
        text={language: SOURCE.in_(language) for language in LANGUAGES},
        lines=(LineId(it.line),) if it.line else (),
        stops=(StopId(it.stop),) if it.stop else (),
        start=it.at,
        until=it.until,
    )
