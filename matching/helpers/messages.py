"""What is answered and said about helpers, field for field as it travels."""

from datetime import datetime

from msgspec import Struct

from matching.helpers.values import Skill, Status


class Applied(Struct, frozen=True):
    status: Status


class ApplicationLine(Struct, frozen=True):
    helper: str
    name: str
    skills: list[Skill]
    languages: list[str]
    at: datetime


class Applications(Struct, frozen=True):
    applications: list[ApplicationLine]


class Approved(Struct, frozen=True):
    helper: str
    tier: int


class Refused(Struct, frozen=True):
    helper: str


class Duty(Struct, frozen=True):
    on: bool


class QuietHours(Struct, frozen=True):
    start: str
    end: str


class Preferences(Struct, frozen=True):
    quiet: QuietHours | None
    budget: int


class Excluded(Struct, frozen=True):
    #: How many are on the list; nothing says who, or whether they exist.
    count: int


class Profile(Struct, frozen=True):
    """Oneself as a helper."""

    status: Status
    tier: int
    on: bool
    skills: list[Skill]
    languages: list[str]
    quiet: QuietHours | None
    budget: int


class HelperChanged(Struct, frozen=True, tag="helper", tag_field="type"):
    """On ``me:#``: an operator has answered the application."""

    status: Status
    tier: int


class ApplicationArrived(Struct, frozen=True, tag="application", tag_field="type"):
    """On ``queue:help``: somebody has applied, or an operator has answered: read the list again."""
