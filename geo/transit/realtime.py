"""GTFS-Realtime: bytes of a network's feed to values, and a feed of service alerts written.

What comes is another server's: its size is bounded, and whatever is wrong in it is counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from geo.transit.values import LineId, NetworkId, StopId, Vehicle


class Refusal(StrEnum):
    #: The whole feed: not protobuf, too large, of another version.
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    #: One entity of it.
    NO_ID = "no_id"
    NO_TRIP = "no_trip"
    NO_LINE = "no_line"
    NO_PLACE = "no_place"
    NO_TEXT = "no_text"
    BAD_TEXT = "bad_text"
    BAD_TIME = "bad_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A service alert: what happens on a line or at a stop, for everybody."""

    id: str
    network: NetworkId
    #: GTFS-Realtime's Effect, in its own words: "DETOUR", "SIGNIFICANT_DELAYS"…
    effect: str
    #: Sentences by language.
    header: Mapping[str, str]
    text: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[LineId, ...] = ()
    stops: tuple[StopId, ...] = ()
    start: datetime | None = None
    until: datetime | None = None


Refusals = dict[Refusal, int]


def vehicles(data: bytes, network: NetworkId, now: datetime) -> tuple[list[Vehicle], Refusals]:
    """Where a network's vehicles are, and what was refused of the feed by reason."""
    return [], {}


def notices(data: bytes, network: NetworkId) -> tuple[list[Notice], Refusals]:
    """The service alerts of a feed."""
    return [], {}


def encoded(alerts: Sequence[Notice], now: datetime) -> bytes:
    """A feed of service alerts, of the networks' own ids (without the slug)."""
    return b""
