"""*Ensemble*: three figures, and five things that anyone can do. Pure."""

from programmes.campaign.posters import pieces
from programmes.campaign.posters.colours import BLACK, OCHRE, QUIET, RULE, SAND, STRAW, TEAL, WHITE
from programmes.campaign.posters.pieces import Drawing
from programmes.campaign.posters.setting import CAPITALS, Style, fitted, lay
from programmes.campaign.posters.shapes import Area
from programmes.campaign.values import Paper


def draw(of: Drawing) -> None:
    sheet = of.sheet
    sheet.box(sheet.whole, SAND)
    if of.poster.paper is Paper.A4:
        _a4(of)
    else:
        _a6(of)


def _a4(of: Drawing) -> None:
    sheet, safe, say = of.sheet, of.poster.safe, of.say
    sheet.box(Area(x=-3, y=-3, w=sheet.w + 6, h=86), STRAW)
    pieces.signature(of, safe.right, safe.y, 9)
    pieces.place(of, Area(x=safe.x, y=safe.y, w=safe.w * 0.6, h=13), ground=STRAW)
    lay(
        sheet, of.heavy(23, BLACK, leading=1.06), say.together,
        Area(x=safe.x, y=32, w=safe.w, h=46), valign="bottom",
    )  # fmt: skip
    _figures(of, Area(x=safe.x, y=91, w=safe.w, h=38))
    sheet.box(Area(x=safe.x, y=132, w=safe.w, h=0.4), RULE)
    _things(of, Area(x=safe.x, y=137, w=112, h=110), (7.2, 5.0))
    panel = Area(x=132, y=138, w=safe.right - 132, h=107)
    sheet.box(panel, WHITE, round=6)
    lay(
        sheet, of.heavy(7.4, TEAL, lines=1), say.scan,
        Area(x=panel.x + 5, y=panel.y + 7, w=panel.w - 10, h=8), align="middle",
    )  # fmt: skip
    pieces.code(of, Area(x=panel.x + 6, y=panel.y + 17, w=panel.w - 12, h=75))
    lay(
        sheet, of.light(4.2, BLACK, lines=2), say.quiet,
        Area(x=panel.x + 4, y=panel.bottom - 9, w=panel.w - 8, h=6), align="middle",
    )  # fmt: skip
    pieces.numbers(of, Area(x=safe.x, y=255, w=safe.w, h=29), quiet=QUIET)


def _a6(of: Drawing) -> None:
    sheet, safe, say = of.sheet, of.poster.safe, of.say
    sheet.box(Area(x=-3, y=-3, w=sheet.w + 6, h=43), STRAW)
    pieces.signature(of, safe.right, safe.y, 5)
    pieces.place(of, Area(x=safe.x, y=safe.y, w=safe.w * 0.62, h=6.5), ground=STRAW)
    lay(
        sheet, of.heavy(11.2, BLACK, leading=1.06), say.together,
        Area(x=safe.x, y=15.5, w=safe.w, h=22), valign="bottom",
    )  # fmt: skip
    _figures(of, Area(x=safe.x, y=44, w=safe.w, h=20))
    sheet.box(Area(x=safe.x, y=65.5, w=safe.w, h=0.3), RULE)
    _short(of, Area(x=safe.x, y=69, w=51, h=53))
    panel = Area(x=safe.x + 55, y=68, w=safe.w - 55, h=54)
    sheet.box(panel, WHITE, round=3.5)
    pieces.code(of, Area(x=panel.x + 1.5, y=panel.y + 1.5, w=panel.w - 3, h=51))
    pieces.numbers(of, Area(x=safe.x, y=125, w=safe.w, h=17), quiet=QUIET)


def _figures(of: Drawing, area: Area) -> None:
    """Each as large as it goes, and what it counts beneath."""
    third = area.w / 3
    top = area.h * 0.62
    for n, (figure, text) in enumerate(of.say.figures):
        x = area.x + n * third
        lay(
            of.sheet, of.heavy(area.h * 0.84, OCHRE, lines=1), figure,
            Area(x=x, y=area.y, w=third, h=top),
        )  # fmt: skip
        lay(
            of.sheet, of.heavy(area.h * 0.145, BLACK, lines=2, leading=1.1), text,
            Area(x=x, y=area.y + top + area.h * 0.04, w=third - 2, h=area.h * 0.34),
        )  # fmt: skip


def _things(of: Drawing, area: Area, sizes: tuple[float, float]) -> None:
    each = area.h / len(of.say.things)
    name, how = of.heavy(sizes[0], BLACK, lines=1), of.light(sizes[1], BLACK, lines=1)
    room = each - sizes[0] * 1.12 - sizes[1] * 0.7
    small = _alike(of, how, [it.how for it in of.say.things], area.w, room)
    for n, thing in enumerate(of.say.things):
        y = area.y + n * each
        lay(of.sheet, name, thing.name, Area(x=area.x, y=y, w=area.w, h=sizes[0]))
        below = Area(x=area.x, y=y + sizes[0] * 1.12, w=area.w, h=room)
        lay(of.sheet, small, thing.how, below)


def _short(of: Drawing, area: Area) -> None:
    """A name and a few words under it, five times."""
    each = area.h / len(of.say.things)
    name = _alike(of, of.heavy(4.2, BLACK, lines=1), [it.name for it in of.say.things], area.w, 9)
    how = of.light(3.3, QUIET, lines=1)
    small = _alike(of, how, [it.short for it in of.say.things], area.w, 9)
    for n, thing in enumerate(of.say.things):
        y = area.y + n * each
        lay(of.sheet, name, thing.name, Area(x=area.x, y=y, w=area.w, h=name.size))
        below = y + name.size * CAPITALS + small.size * 0.55
        lay(of.sheet, small, thing.short, Area(x=area.x, y=below, w=area.w, h=small.size * 1.1))


def _alike(of: Drawing, style: Style, texts: list[str], width: float, height: float) -> Style:
    """The style in the one size in which all of these texts fit."""
    size = min(fitted(style, it, width=width, height=height).size for it in texts)
    return Style(
        face=style.face,
        ink=style.ink,
        size=size,
        least=min(style.least, size),
        leading=style.leading,
        lines=style.lines,
    )
