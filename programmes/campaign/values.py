"""What a campaign is made of: places, designs, languages, and one link for each of them. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

CampaignId = NewType("CampaignId", str)
#: Seven letters that stand on a poster. It names a poster, never whoever reads it.
Code = NewType("Code", str)


class Design(StrEnum):
    """Three ways to say the same; which one is read is what a campaign finds out."""

    #: Reassuring, in large words.
    CALME = "calme"
    #: The line, in its colour, with its stops.
    LIGNE = "ligne"
    #: Three figures, and five things that anyone can do.
    ENSEMBLE = "ensemble"


class Language(StrEnum):
    FR = "fr"
    EN = "en"


class What(StrEnum):
    """What is counted of a link, by day."""

    TAP = "tap"
    REPORT = "report"


class Paper(StrEnum):
    """A poster, or a sticker."""

    A4 = "a4"
    A6 = "a6"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a poster hangs: a stop, a whole line, or a venue. At least one of the three."""

    line: str | None = None
    #: One way of the line, 0 or 1; None: both.
    direction: int | None = None
    stop: str | None = None
    #: By hand, where no network has a name for it.
    venue: str = ""
    #: As they were called when the campaign was made: a poster outlives a timetable.
    line_name: str = ""
    stop_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One poster: where, which design, which language."""

    code: Code
    campaign: CampaignId
    #: Which of the campaign's places.
    number: int
    place: Place
    design: Design
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    campaign: CampaignId
    name: str
    designs: tuple[Design, ...]
    languages: tuple[Language, ...]
    by: str
    at: datetime
    #: Links of a campaign that has ended still lead somewhere; they are not counted any more.
    ended: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """What became of an exercise: how many people it reached, and how fast the first one came."""

    delivered: int
    seen: int
    claimed: int
    #: Seconds until the first role was claimed; None: nobody has.
    first_claim_s: float | None = None
