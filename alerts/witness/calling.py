"""The text message that is ready to be sent to a network's number. Pure; French, as it is for them.

A line, a direction, a car, a stop, a time and a kind: what 31177 asks for. Nobody's name or words.
"""

from datetime import datetime

from alerts.witness.values import Kind
from matching.helpers.quiet import PARIS

KINDS = {
    Kind.VERBAL: "violences verbales",
    Kind.PHYSICAL: "violences physiques",
    Kind.SEXUAL: "violences sexuelles",
    Kind.FOLLOWED: "une femme est suivie",
    Kind.OTHER: "une femme est en difficulté",
}


def text(
    kind: Kind,
    at: datetime,
    *,
    line: str = "",
    headsign: str = "",
    stop: str = "",
    ahead: str = "",
    car: str = "",
) -> str:
    """What is sent. ``ahead``: the next stop, where it is in none.

    >>> from datetime import UTC
    >>> text(Kind.VERBAL, datetime(2026, 11, 26, 20, 4, tzinfo=UTC), line="T1", headsign="Port",
    ...      ahead="Gare", car="3")
    '21h04, ligne T1 vers Port, avant Gare, voiture 3 : violences verbales.'
    """
    parts = [f"{at.astimezone(PARIS):%Hh%M}"]
    if line:
        parts.append(f"ligne {line} vers {headsign}" if headsign else f"ligne {line}")
    if stop:
        parts.append(f"arrêt {stop}")
    elif ahead:
        parts.append(f"avant {ahead}")
    if car:
        parts.append(f"voiture {car}")
    return f"{', '.join(parts)} : {KINDS[kind]}."
