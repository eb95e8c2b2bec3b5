"""What is answered about networks, field for field as it travels."""

from datetime import datetime
from typing import Literal

from msgspec import Struct, field

#: What happens to the service, in GTFS-Realtime's words (Effect).
Effect = Literal[
    "NO_SERVICE", "REDUCED_SERVICE", "SIGNIFICANT_DELAYS", "DETOUR", "MODIFIED_SERVICE",
    "OTHER_EFFECT",
]  # fmt: skip
#: Which neutral sentence is told (``services/sentences.py``).
Text = Literal["disturbed", "delayed", "interrupted", "stop_closed", "slowed"]


class Alight(Struct, frozen=True):
    """Getting off between two stops at night: in these vehicles, between these hours of Paris."""

    modes: list[str]
    from_: int = field(name="from")
    until: int


class NetworkView(Struct, frozen=True):
    network: str
    name: str
    call: str
    sms: str
    alight: Alight | None = None


class Numbers(Struct, frozen=True):
    call: str
    sms: str


class NetworkList(Struct, frozen=True):
    networks: list[NetworkView]
    #: Of any network that is not listed.
    otherwise: Numbers


class NetworkSet(Struct, frozen=True):
    network: str
    #: What the network checks our signatures with (base64, 32 bytes): said once, when it is made.
    key: str | None = None


class HookView(Struct, frozen=True):
    network: str
    name: str
    #: The host alone: the rest of an address may be a password.
    host: str | None
    since: datetime | None
    #: Messages that wait, and since when the oldest of them does.
    waiting: int = 0
    oldest_at: datetime | None = None
    #: Events about which nothing more is tried by itself.
    stuck: int = 0
    last_at: datetime | None = None
    #: What was answered last; 0: nothing.
    last_status: int | None = None


class HookList(Struct, frozen=True):
    hooks: list[HookView]


class Retried(Struct, frozen=True):
    network: str
    #: Events whose messages are sent again now.
    events: int


class ServiceMade(Struct, frozen=True):
    service: str
    until: datetime


class ServiceEnded(Struct, frozen=True):
    service: str


class ServiceView(Struct, frozen=True):
    service: str
    network: str
    line: str | None
    line_name: str
    stop: str | None
    stop_name: str
    effect: Effect
    text: Text
    at: datetime
    until: datetime
    #: The event that it was decided for, if any; told to staff alone.
    alert: str | None = None


class TheirView(Struct, frozen=True):
    """A service alert of the network's own feed, as it says it."""

    network: str
    effect: str
    header: str
    text: str
    lines: list[str]
    until: datetime | None = None


class ServiceList(Struct, frozen=True):
    services: list[ServiceView]
    theirs: list[TheirView]


class WarningView(Struct, frozen=True):
    """A public authority's warning, mirrored: its words, its name, and where it says them."""

    id: str
    sender: str
    sent: datetime
    event: str
    headline: str
    area: str
    expires: datetime
    source_url: str
    language: str
    severity: str


class WarningList(Struct, frozen=True):
    warnings: list[WarningView]
