"""Draws shapes on a page of a PDF, in inks, from where the sheet begins on it."""

from fpdf import FPDF
from fpdf.drawing import PaintedPath
from fpdf.drawing_primitives import DeviceCMYK
from fpdf.enums import PathPaintRule

from programmes.campaign.posters.colours import Ink
from programmes.campaign.posters.faces import bold
from programmes.campaign.posters.letters import Face
from programmes.campaign.posters.shapes import (
    Area,
    Box,
    Disc,
    Modules,
    Shape,
    Sheet,
    Stroke,
    Words,
)

#: Points of a millimetre.
POINTS = 72 / 25.4
FAMILY = "entraide"
Spot = tuple[float, float]


class Pen:
    def __init__(self, pdf: FPDF, x: float, y: float) -> None:
        self._pdf = pdf
        self._x = x
        self._y = y

    def draw(self, sheet: Sheet, seen: Area) -> None:
        """All of a sheet, and nothing beyond what is ``seen``."""
        with self._pdf.rect_clip(seen.x + self._x, seen.y + self._y, seen.w, seen.h):
            for shape in sheet.shapes:
                self._one(shape)

    def _one(self, shape: Shape) -> None:
        match shape:
            case Box(area, ink, corner):
                self._pdf.set_fill_color(_ink(ink))
                self._pdf.rect(
                    area.x + self._x, area.y + self._y, area.w, area.h, style="F",
                    round_corners=corner > 0, corner_radius=corner,
                )  # fmt: skip
            case Disc(x, y, r, ink):
                self._pdf.set_fill_color(_ink(ink))
                self._pdf.circle(x + self._x, y + self._y, r, style="F")
            case Stroke(x1, y1, x2, y2, width, ink):
                self.stroke((x1, y1), (x2, y2), width, ink)
            case Modules():
                self._modules(shape)
            case _:
                self.words(shape)

    def stroke(self, one: Spot, other: Spot, width: float, ink: Ink) -> None:
        pdf, x, y = self._pdf, self._x, self._y
        pdf.set_draw_color(_ink(ink))
        pdf.set_line_width(width)
        pdf.line(one[0] + x, one[1] + y, other[0] + x, other[1] + y)

    def words(self, of: Words) -> None:
        """In one piece, but where two letters stand nearer than usual."""
        pdf = self._pdf
        pdf.set_font(FAMILY, style="B" if of.face is bold() else "", size=of.size * POINTS)
        pdf.set_text_color(_ink(of.ink))
        for x, text in pieces(of.face, of.text):
            pdf.text(of.x + self._x + x * of.size, of.y + self._y, text)

    def _modules(self, of: Modules) -> None:
        """One path: between modules that touch there is no line of light."""
        path = PaintedPath()
        path.style.fill_color = _ink(of.ink)
        path.style.stroke_color = None
        path.style.paint_rule = PathPaintRule.FILL_NONZERO
        for x, y, many in of.runs:
            path.rectangle(
                of.x + self._x + x * of.size, of.y + self._y + y * of.size,
                many * of.size, of.size,
            )  # fmt: skip
        with self._pdf.drawing_context() as context:
            context.add_item(path)


def pieces(face: Face, text: str) -> list[tuple[float, str]]:
    """A text cut where letters are kerned: where each piece begins, in ems, and the piece."""
    found: list[tuple[float, str]] = []
    begins = x = 0.0
    piece = ""
    for letter, step in zip(text, face.steps(text), strict=True):
        piece += letter
        x += step
        if abs(step - face.glyphs[letter].advance) > 1e-9:
            found.append((begins, piece))
            begins, piece = x, ""
    return [*found, (begins, piece)] if piece else found


def _ink(ink: Ink) -> DeviceCMYK:
    return DeviceCMYK(ink.c, ink.m, ink.y, ink.k)
