"""*La ligne*: its colour, its stops, and where one stands on it. Pure."""

from programmes.campaign.posters import pieces
from programmes.campaign.posters.colours import BLACK, QUIET, VISIBLE, WHITE, Ink, contrast, on
from programmes.campaign.posters.linemap import Stop, column, row, shown
from programmes.campaign.posters.pieces import Drawing
from programmes.campaign.posters.setting import lay
from programmes.campaign.posters.shapes import Area
from programmes.campaign.values import Paper


def draw(of: Drawing) -> None:
    of.sheet.box(of.sheet.whole, WHITE)
    if of.poster.paper is Paper.A4:
        _a4(of)
    else:
        _a6(of)


def _headline(of: Drawing) -> str:
    line = of.poster.line
    return of.say.line.format(line=line.name) if line else of.say.line_venue


def _stops(of: Drawing, most: int) -> list[Stop]:
    poster = of.poster
    return shown(poster.line.stops if poster.line else (), poster.stop, poster.name, most)


def _band(of: Drawing, height: float) -> None:
    bleed = of.sheet.bleed
    area = Area(x=-bleed, y=-bleed, w=of.sheet.w + 2 * bleed, h=height + bleed)
    of.sheet.box(area, of.colour)
    if contrast(of.colour, WHITE) < VISIBLE:
        of.sheet.box(Area(x=-bleed, y=height - 0.8, w=area.w, h=0.8), BLACK)


def _a4(of: Drawing) -> None:
    sheet, safe, say = of.sheet, of.poster.safe, of.say
    ink = on(of.colour)
    _band(of, 104)
    pieces.signature(of, safe.right, safe.y, 9, ink, other=ink)
    lay(
        sheet, of.heavy(25, ink, leading=1.08), _headline(of),
        Area(x=safe.x, y=35, w=safe.w, h=58), valign="bottom",
    )  # fmt: skip
    column(of, Area(x=safe.x, y=114, w=92, h=134), _stops(of, 9))
    right = Area(x=116, y=114, w=safe.right - 116, h=134)
    lay(
        sheet, of.heavy(6.0, BLACK, leading=1.2), say.line_more,
        Area(x=right.x, y=right.y, w=right.w, h=30),
    )  # fmt: skip
    pieces.steps(of, Area(x=right.x, y=right.y + 35, w=right.w, h=52), 4.8, mark=_mark(of))
    pieces.code_beside(of, Area(x=right.x - 4, y=right.y + 86, w=right.w + 4, h=50))
    pieces.numbers(of, Area(x=safe.x, y=255, w=safe.w, h=29), quiet=QUIET)


def _a6(of: Drawing) -> None:
    sheet, safe, say = of.sheet, of.poster.safe, of.say
    ink = on(of.colour)
    _band(of, 45)
    pieces.signature(of, safe.right, safe.y, 5, ink, other=ink)
    lay(
        sheet, of.heavy(11.5, ink, leading=1.08), _headline(of),
        Area(x=safe.x, y=14, w=safe.w, h=26), valign="bottom",
    )  # fmt: skip
    row(of, Area(x=safe.x, y=49, w=safe.w, h=23), _stops(of, 3))
    lay(
        sheet, of.heavy(3.5, BLACK, leading=1.2, lines=5), say.line_more,
        Area(x=safe.x + 40, y=75, w=safe.w - 40, h=17),
    )  # fmt: skip
    pieces.code(of, Area(x=safe.x, y=73, w=35, h=47))
    pieces.steps(of, Area(x=safe.x + 40, y=93.5, w=safe.w - 40, h=29), 3.0, mark=_mark(of))
    pieces.numbers(of, Area(x=safe.x, y=125, w=safe.w, h=17), quiet=QUIET)


def _mark(of: Drawing) -> Ink:
    """The line's colour, where it is seen on white."""
    return of.colour if contrast(of.colour, WHITE) >= VISIBLE else BLACK
