"""What a poster is made of, in millimetres from the top left corner of the cut sheet. Pure.

A design lays shapes on a sheet; ``paper`` draws them as PDF and ``picture`` as SVG, so that what is
looked at on a screen is what is printed. Nothing here is a picture made of points.
"""

from dataclasses import dataclass, field

from programmes.campaign.posters.colours import Ink
from programmes.campaign.posters.letters import Face


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A rectangle on the sheet."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    def within(self, edge: float) -> "Area":
        """The same without so much on each side."""
        return Area(x=self.x + edge, y=self.y + edge, w=self.w - 2 * edge, h=self.h - 2 * edge)

    def holds(self, other: "Area", spare: float = 1e-6) -> bool:
        return (
            self.x - spare <= other.x
            and self.y - spare <= other.y
            and other.right <= self.right + spare
            and other.bottom <= self.bottom + spare
        )

    def meets(self, other: "Area") -> bool:
        """Whether they share more than an edge."""
        return (
            self.x < other.right - 1e-6
            and other.x < self.right - 1e-6
            and self.y < other.bottom - 1e-6
            and other.y < self.bottom - 1e-6
        )


@dataclass(frozen=True, slots=True)
class Box:
    area: Area
    ink: Ink
    #: The radius of its corners.
    round: float = 0.0


@dataclass(frozen=True, slots=True)
class Disc:
    x: float
    y: float
    r: float
    ink: Ink


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line with round ends."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    ink: Ink


@dataclass(frozen=True, slots=True)
class Modules:
    """Black squares of one size: what is dark in a QR code."""

    x: float
    y: float
    size: float
    #: Column, row and how many in a row.
    runs: tuple[tuple[int, int, int], ...]
    ink: Ink


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text on its baseline."""

    x: float
    y: float
    text: str
    #: The em, in millimetres.
    size: float
    face: Face
    ink: Ink

    @property
    def area(self) -> Area:
        """From the top of its capitals, with their accents, to the bottom of its tails."""
        up, down = self.face.extent(self.text)
        return Area(
            x=self.x,
            y=self.y - up * self.size,
            w=self.face.width(self.text) * self.size,
            h=(up + down) * self.size,
        )


Shape = Box | Disc | Stroke | Modules | Words


@dataclass(slots=True)
class Sheet:
    """What is drawn, in order; the last is on top."""

    w: float
    h: float
    #: How far colours go beyond the cut.
    bleed: float
    #: What the printer reads beside the sheet.
    slug: str = ""
    title: str = ""
    lang: str = "fr"
    shapes: list[Shape] = field(default_factory=list)
    #: Where the QR code is, with its quiet zone.
    code: Area | None = None

    @property
    def whole(self) -> Area:
        """All that ink may cover."""
        return Area(
            x=-self.bleed, y=-self.bleed, w=self.w + 2 * self.bleed, h=self.h + 2 * self.bleed
        )

    @property
    def cut(self) -> Area:
        return Area(x=0, y=0, w=self.w, h=self.h)

    def box(self, area: Area, ink: Ink, *, round: float = 0.0) -> None:  # noqa: A002
        self.shapes.append(Box(area, ink, round))

    def disc(self, x: float, y: float, r: float, ink: Ink) -> None:
        self.shapes.append(Disc(x, y, r, ink))

    def stroke(self, x1: float, y1: float, x2: float, y2: float, *, width: float, ink: Ink) -> None:
        self.shapes.append(Stroke(x1, y1, x2, y2, width, ink))

    def words(self, x: float, y: float, text: str, *, size: float, face: Face, ink: Ink) -> Words:
        said = Words(x, y, text, size, face, ink)
        self.shapes.append(said)
        return said

    def texts(self) -> list[Words]:
        return [it for it in self.shapes if isinstance(it, Words)]
