"""What is answered about campaigns, field for field as it travels."""

from datetime import datetime

from msgspec import Struct

from programmes.campaign.counts.verdict import Word
from programmes.campaign.values import Design, Language


class Answer(Struct, frozen=True, omit_defaults=True):
    """A field with a default is left out when there is nothing to say."""


class LinkView(Answer, frozen=True):
    """One poster, and the letters printed on it."""

    code: str
    #: Which of the campaign's places.
    place: int
    design: Design
    language: Language


class CampaignMade(Answer, frozen=True):
    campaign: str
    links: list[LinkView]


class PosterPlaceView(Answer, frozen=True):
    line: str | None = None
    direction: int | None = None
    stop: str | None = None
    venue: str | None = None
    line_name: str | None = None
    stop_name: str | None = None


class CampaignRow(Answer, frozen=True):
    campaign: str
    name: str
    at: datetime
    designs: list[Design]
    languages: list[Language]
    places: int
    ended: datetime | None = None


class Campaigns(Answer, frozen=True):
    campaigns: list[CampaignRow]


class CellView(Struct, frozen=True):
    """A count of a design in a language; nothing in their place: of all of them."""

    design: str
    language: str
    #: None: fewer than five, or others could be worked out from it.
    many: int | None


class TableView(Struct, frozen=True):
    cells: list[CellView]
    #: In the order of the campaign's places; None: too little to say anything by place.
    places: list[int | None] | None


class RatioView(Answer, frozen=True):
    """So many times as often as this design: surely between these two."""

    over: Design
    low: float
    high: float


class VerdictView(Answer, frozen=True):
    word: Word
    #: Verdicts change once a week: this one looks at the days before this moment.
    until: datetime
    design: Design | None = None
    ratios: list[RatioView] = []


class CampaignState(Answer, frozen=True):
    campaign: str
    name: str
    at: datetime
    designs: list[Design]
    languages: list[Language]
    places: list[PosterPlaceView]
    links: list[LinkView]
    taps: TableView
    reports: TableView
    #: Exercises on lines where this design hangs.
    drills: dict[Design, int]
    verdict: VerdictView
    #: Counts below this are not told.
    small: int
    ended: datetime | None = None


class CampaignOver(Answer, frozen=True):
    campaign: str
    ended: datetime


class CodeRead(Answer, frozen=True):
    """Where a poster hangs: what the page of a report begins with."""

    line: str | None = None
    direction: int | None = None
    stop: str | None = None
    stop_name: str | None = None
    line_name: str | None = None
    mode: str | None = None
    colour: str | None = None
    headsign: str | None = None
    venue: str | None = None


class Drilled(Answer, frozen=True):
    """Planned, or begun: ``alert`` is what the people on the line see."""

    drill: str
    at: datetime
    alert: str | None = None


class Part(Struct, frozen=True):
    """People, of those an exercise has reached. None: fewer than five, or it could be known."""

    delivered: int | None
    seen: int | None
    claimed: int | None


class DrillView(Answer, frozen=True):
    drill: str
    line: str
    direction: int
    line_name: str
    at: datetime
    monthly: bool
    #: ``planned``, ``running``, ``over``.
    state: str
    people: Part | None = None
    #: Until the first role was claimed, in seconds.
    first_claim_s: float | None = None
    alert: str | None = None


class MonthView(Answer, frozen=True):
    """Exercises of a month, all lines together: ``2026-11``."""

    month: str
    drills: int
    #: In how many of them somebody came.
    answered: int
    people: Part
    #: Half of those answered were answered within so many seconds.
    first_claim_s: float | None = None


class Drills(Answer, frozen=True):
    drills: list[DrillView]
    months: list[MonthView]
    small: int
