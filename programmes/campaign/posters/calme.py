"""*Calme*: a question, an answer, and much room. Pure."""

from programmes.campaign.posters import pieces
from programmes.campaign.posters.colours import BLACK, DEW, LEAF, MIST, TEAL, WHITE
from programmes.campaign.posters.pieces import Drawing
from programmes.campaign.posters.setting import lay
from programmes.campaign.posters.shapes import Area
from programmes.campaign.values import Paper


def draw(of: Drawing) -> None:
    _ground(of)
    if of.poster.paper is Paper.A4:
        _a4(of)
    else:
        _a6(of)


def _ground(of: Drawing) -> None:
    """Our two circles, so large that they go beyond the edge."""
    sheet = of.sheet
    sheet.box(sheet.whole, MIST)
    r = sheet.w * 0.5
    sheet.disc(sheet.w * 1.12, sheet.h * 0.2, r, DEW)
    sheet.disc(sheet.w * 0.72, sheet.h * 0.2, r, LEAF)


def _a4(of: Drawing) -> None:
    sheet, safe, say = of.sheet, of.poster.safe, of.say
    pieces.signature(of, safe.right, safe.y, 9, other=WHITE)
    pieces.place(of, Area(x=safe.x, y=safe.y + 20, w=safe.w, h=15), ground=LEAF)
    lay(
        sheet, of.heavy(32, TEAL, leading=1.06), say.calm,
        Area(x=safe.x, y=66, w=safe.w, h=66),
    )  # fmt: skip
    lay(
        sheet, of.light(9.4, TEAL, lines=2), say.calm_more,
        Area(x=safe.x, y=139, w=safe.w, h=22),
    )  # fmt: skip
    panel = Area(x=safe.x, y=163, w=safe.w, h=86)
    sheet.box(panel, WHITE, round=6)
    pieces.code(of, Area(x=panel.x + 7, y=panel.y + 4, w=56, h=79))
    pieces.steps(of, Area(x=panel.x + 74, y=panel.y + 13, w=panel.w - 84, h=66), 6.2)
    pieces.numbers(of, Area(x=safe.x, y=254, w=safe.w, h=30), quiet=BLACK, ink=TEAL)


def _a6(of: Drawing) -> None:
    sheet, safe, say = of.sheet, of.poster.safe, of.say
    pieces.signature(of, safe.right, safe.y, 5, other=WHITE)
    pieces.place(of, Area(x=safe.x, y=safe.y + 9, w=safe.w, h=7.5), ground=LEAF)
    lay(
        sheet, of.heavy(15, TEAL, leading=1.06), say.calm,
        Area(x=safe.x, y=29, w=safe.w, h=31),
    )  # fmt: skip
    lay(
        sheet, of.light(4.3, TEAL, lines=2), say.calm_more,
        Area(x=safe.x, y=62, w=safe.w, h=9),
    )  # fmt: skip
    panel = Area(x=safe.x, y=72, w=safe.w, h=50)
    sheet.box(panel, WHITE, round=3.5)
    pieces.code(of, Area(x=panel.x + 3, y=panel.y + 2, w=35, h=46))
    pieces.steps(of, Area(x=panel.x + 42, y=panel.y + 6, w=panel.w - 46, h=42), 3.7)
    pieces.numbers(of, Area(x=safe.x, y=125, w=safe.w, h=17), quiet=BLACK, ink=TEAL)
