"""What one poster is made for, and the sizes that it may have. Pure."""

from dataclasses import dataclass

from programmes.campaign.lines import LineDrawn, Numbers
from programmes.campaign.posters.shapes import Area, Sheet
from programmes.campaign.values import Code, Design, Language, Paper

#: Width and height of the cut sheet, in millimetres (ISO 216).
SIZES = {Paper.A4: (210.0, 297.0), Paper.A6: (105.0, 148.0)}
#: Colours go on beyond the cut, so that no white edge shows.
BLEED = 3.0
#: Nothing that must be read is nearer to the cut.
SAFE = {Paper.A4: 12.0, Paper.A6: 6.0}
#: The QR code, quiet zone and all.
CODE = {Paper.A4: 52.0, Paper.A6: 34.0}
#: The smallest text, in millimetres of the em: 9 points and 6 points.
LEAST = {Paper.A4: 3.2, Paper.A6: 2.1}


def spaced(name: str) -> str:
    r"""A stop's name, so that a line ends after a dash or a stroke.

    >>> spaced("La Plaine - Saint-Denis / Gare")
    'La Plaine\xa0– Saint-Denis\xa0/ Gare'
    """
    return name.replace(" - ", "\u00a0– ").replace(" / ", "\u00a0/ ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    code: Code
    design: Design
    language: Language
    paper: Paper
    #: ``https://entraide.example``.
    origin: str
    numbers: Numbers
    #: None at a venue, or at a stop where no line is known.
    line: LineDrawn | None = None
    stop: str | None = None
    #: The name of the stop or of the venue; nothing: the whole line.
    name: str = ""
    #: The campaign's, for the printer.
    campaign: str = ""

    def __post_init__(self) -> None:
        """Names are set as they are read: a dash never begins a line."""
        object.__setattr__(self, "name", spaced(self.name))

    @property
    def title(self) -> str:
        where = " · ".join(it for it in (self.line.name if self.line else "", self.name) if it)
        return f"{where} · {self.design} · {self.language} · {self.code}"

    def sheet(self) -> Sheet:
        w, h = SIZES[self.paper]
        return Sheet(
            w=w,
            h=h,
            bleed=BLEED,
            slug=f"{self.paper.upper()} {w:g} x {h:g} mm, fond perdu {BLEED:g} mm · {self.code} · "
            f"{self.campaign} · {self.title}",
            title=self.title,
            lang=self.language.value,
        )

    @property
    def safe(self) -> Area:
        w, h = SIZES[self.paper]
        return Area(x=0, y=0, w=w, h=h).within(SAFE[self.paper])
