"""What is answered about services, field for field as it travels."""

from datetime import datetime

from msgspec import Struct

from matching.helpline.directory.values import Hours, Phone


class ServiceView(Struct, frozen=True, omit_defaults=True):
    """A service as operators see it; its street is not kept."""

    service: str
    name: str
    kinds: list[str]
    #: Départements; ``""`` is everywhere.
    areas: list[str]
    phones: list[Phone]
    #: Null: its hours are not known.
    open: bool | None
    organisation: str = ""
    about: str = ""
    eligibility: str = ""
    cost: str = ""
    url: str = ""
    city: str = ""
    languages: list[str] = []
    #: When it opens next; it is closed.
    opens_at: datetime | None = None
    hours: list[Hours] = []
    hours_text: str = ""
    #: The zone in which its hours are written.
    zone: str = ""


class Found(Struct, frozen=True, omit_defaults=True):
    found: list[ServiceView]
    #: There are others: ask more narrowly.
    more: bool = False
    #: When the directory was last loaded.
    loaded_at: datetime | None = None
