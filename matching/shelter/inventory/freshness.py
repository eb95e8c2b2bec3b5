"""How old what a desk said is, in three words. Pure."""

from datetime import datetime
from enum import StrEnum

from matching.shelter.rules import AGING_FOR, FRESH_FOR


class Freshness(StrEnum):
    FRESH = "fresh"
    AGING = "aging"
    #: Or never said.
    STALE = "stale"


def freshness(spoken_at: datetime | None, now: datetime) -> Freshness:
    if spoken_at is None or now - spoken_at >= AGING_FOR:
        return Freshness.STALE
    return Freshness.FRESH if now - spoken_at < FRESH_FOR else Freshness.AGING
