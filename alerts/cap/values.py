"""What a warning is (CAP 1.2, OASIS 2010): one message, in one or several languages. Pure.

The names are the standard's, but where ours say more: ``kind`` is its ``msgType``. Moments have
their own offset and are kept with it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Status = Literal["Actual", "Exercise", "System", "Test", "Draft"]
MessageKind = Literal["Alert", "Update", "Cancel", "Ack", "Error"]
Scope = Literal["Public", "Restricted", "Private"]
Category = Literal[
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra",
    "CBRNE", "Other",
]  # fmt: skip
Response = Literal[
    "Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"
]
Urgency = Literal["Immediate", "Expected", "Future", "Past", "Unknown"]
Severity = Literal["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
Certainty = Literal["Observed", "Likely", "Possible", "Unlikely", "Unknown"]
#: What an information without a language is in (CAP 1.2, 3.2.2).
NO_LANGUAGE = "en-US"


@dataclass(frozen=True, slots=True)
class Named:
    """A value under a name of somebody's list: an event code, a parameter, a geocode."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Circle:
    lat: float
    lon: float
    radius_km: float


#: Corners (latitude, longitude), the last one the first again.
Polygon = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    description: str
    polygons: tuple[Polygon, ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[Named, ...] = ()
    #: In feet above sea level (CAP 1.2, 3.2.4).
    altitude: float | None = None
    ceiling: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something beside the message; its bytes (``derefUri``) are never decoded here."""

    description: str
    mime_type: str
    size: int | None = None
    uri: str | None = None
    inline: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What is said, in one language."""

    categories: tuple[Category, ...]
    event: str
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    language: str = NO_LANGUAGE
    responses: tuple[Response, ...] = ()
    audience: str | None = None
    event_codes: tuple[Named, ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str | None = None
    headline: str | None = None
    description: str | None = None
    instruction: str | None = None
    web: str | None = None
    contact: str | None = None
    parameters: tuple[Named, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A message, by the three things that name it."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    identifier: str
    sender: str
    sent: datetime
    status: Status
    kind: MessageKind
    scope: Scope
    source: str | None = None
    #: Said when the scope is Restricted: to whom.
    restriction: str | None = None
    #: Said when the scope is Private: to whom, by address.
    addresses: str | None = None
    codes: tuple[str, ...] = ()
    note: str | None = None
    references: tuple[Reference, ...] = ()
    incidents: str | None = None
    infos: tuple[Info, ...] = ()
    #: It came with a signature, which nobody has verified. Never written: ours would be a lie.
    signed: bool = field(default=False, compare=False)

    @property
    def name(self) -> Reference:
        return Reference(self.sender, self.identifier, self.sent)

    def in_language(self, *wanted: str) -> Info | None:
        """What it says in the first of these languages that it knows; else what it says first."""
        for language in wanted:
            for info in self.infos:
                if info.language.lower().partition("-")[0] == language:
                    return info
        return self.infos[0] if self.infos else None
