"""Sheets as PDF for a printer: vectors, fonts inside, four inks, bleed and crop marks.

The media is larger than the sheet: TrimBox is where it is cut, BleedBox how far colours go. No
transparency, no picture, and no colour space but DeviceCMYK. It takes tenths of a second: for a
thread.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from fpdf import FPDF

from programmes.campaign.posters.colours import BLACK, REGISTRATION
from programmes.campaign.posters.faces import bold, regular
from programmes.campaign.posters.pen import FAMILY, POINTS, Pen
from programmes.campaign.posters.shapes import Area, Sheet, Words

#: Around the cut sheet: bleed, then the marks.
MARGIN = 12.0
#: Marks begin beyond the bleed and are so long; a quarter of a point wide.
MARK_FROM, MARK_LONG, MARK_WIDE = 4.0, 6.0, 0.09
#: What the printer reads beside the sheet.
SLUG_SIZE = 2.2
#: Stickers on a sheet of an office printer: two across, two down, on A4.
OFFICE = (210.0, 297.0)
ACROSS = DOWN = 2
#: An office printer leaves so much white, so there the ticks that show where to cut are longer.
TICK = 5.0


def as_pdf(sheets: Sequence[Sheet], *, made: datetime) -> bytes:
    """For a printer: a page for each sheet, as large as the first with its margin."""
    size = (sheets[0].w + 2 * MARGIN, sheets[0].h + 2 * MARGIN)
    with _document(sheets[0], size, made) as pdf:
        for sheet in sheets:
            pdf.add_page(format=size)
            pen = Pen(pdf, MARGIN, MARGIN)
            _boxes(pdf, sheet, size[1])
            pen.draw(sheet, sheet.whole)
            _marks(pen, sheet)
        return bytes(pdf.output())


def as_office(sheets: Sequence[Sheet], *, made: datetime) -> bytes:
    """For an office printer: four stickers on each A4, cut along the ticks; no bleed."""
    with _document(sheets[0], OFFICE, made) as pdf:
        for n, sheet in enumerate(sheets):
            spot = n % (ACROSS * DOWN)
            if spot == 0:
                pdf.add_page(format=OFFICE)
            x = (OFFICE[0] - ACROSS * sheet.w) / 2 + spot % ACROSS * sheet.w
            y = (OFFICE[1] - DOWN * sheet.h) / 2 + spot // ACROSS * sheet.h
            pen = Pen(pdf, x, y)
            pen.draw(sheet, sheet.cut)
            for cut in (0.0, sheet.w):
                pen.stroke((cut, 0), (cut, TICK), MARK_WIDE, BLACK)
                pen.stroke((cut, sheet.h - TICK), (cut, sheet.h), MARK_WIDE, BLACK)
            for cut in (0.0, sheet.h):
                pen.stroke((0, cut), (TICK, cut), MARK_WIDE, BLACK)
                pen.stroke((sheet.w - TICK, cut), (sheet.w, cut), MARK_WIDE, BLACK)
        return bytes(pdf.output())


@contextmanager
def _document(first: Sheet, size: tuple[float, float], made: datetime) -> Iterator[FPDF]:
    pdf = FPDF(unit="mm", format=size)
    # Else each page names a red, green and blue space to mix transparent things in.
    pdf.allow_images_transparency = False
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.set_creator("Entraide")
    pdf.set_title(first.title)
    pdf.set_lang(first.lang)
    pdf.set_creation_date(made)
    with tempfile.TemporaryDirectory() as folder:
        for style, face in (("", regular()), ("B", bold())):
            file = Path(folder) / f"letters{style}.ttf"
            file.write_bytes(face.file)
            pdf.add_font(FAMILY, style, file)
        yield pdf


def _boxes(pdf: FPDF, sheet: Sheet, height: float) -> None:
    """Where it is cut, and how far colours go: in points, from the bottom left."""
    page = pdf.pages[pdf.page]
    # fpdf2 writes whatever a page has, and knows no box but the media's.
    media = Area(x=-MARGIN, y=-MARGIN, w=sheet.w + 2 * MARGIN, h=height)
    for name, area in (("media_box", media), ("trim_box", sheet.cut), ("bleed_box", sheet.whole)):
        setattr(page, name, _as_box(area, height))


def _as_box(area: Area, height: float) -> str:
    edges = (
        area.x + MARGIN,
        height - (area.bottom + MARGIN),
        area.right + MARGIN,
        height - (area.y + MARGIN),
    )
    return "[" + " ".join(f"{it * POINTS:.3f}" for it in edges) + "]"


def _marks(pen: Pen, sheet: Sheet) -> None:
    """Where to cut; and, outside, what this is."""
    w, h, far = sheet.w, sheet.h, MARK_FROM + MARK_LONG
    for x in (0.0, w):
        for y1, y2 in ((-far, -MARK_FROM), (h + MARK_FROM, h + far)):
            pen.stroke((x, y1), (x, y2), MARK_WIDE, REGISTRATION)
    for y in (0.0, h):
        for x1, x2 in ((-far, -MARK_FROM), (w + MARK_FROM, w + far)):
            pen.stroke((x1, y), (x2, y), MARK_WIDE, REGISTRATION)
    face = regular()
    text = face.printable(sheet.slug)
    while face.width(text) * SLUG_SIZE > w - 4:
        text = text[:-1]
    pen.words(Words(2, h + far - 1, text, SLUG_SIZE, face, BLACK))
