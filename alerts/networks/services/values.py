"""A service alert as it was decided. Pure."""

from dataclasses import dataclass
from datetime import datetime

from alerts.networks.messages import Effect, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAlert:
    service: str
    network: str
    network_name: str
    effect: Effect
    text: Text
    at: datetime
    until: datetime
    line: str | None = None
    line_name: str = ""
    stop: str | None = None
    stop_name: str = ""
    #: The event that it was decided for; it goes nowhere but to staff.
    alert: str | None = None
    ended: datetime | None = None
