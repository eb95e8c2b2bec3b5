"""What all designs have in common: our name, the place, the code, the steps, the numbers. Pure."""

from dataclasses import dataclass

from programmes.campaign.lines import LineDrawn
from programmes.campaign.posters import matrix
from programmes.campaign.posters.colours import (
    BLACK,
    LEAF,
    QUIET,
    TEAL,
    VISIBLE,
    WHITE,
    Ink,
    contrast,
    of_line,
    on,
)
from programmes.campaign.posters.faces import bold, regular
from programmes.campaign.posters.letters import SOFT, Face
from programmes.campaign.posters.poster import LEAST, Poster
from programmes.campaign.posters.setting import CAPITALS, Style, fitted, lay
from programmes.campaign.posters.shapes import Area, Sheet
from programmes.campaign.posters.words import PHRASES, Phrases

NAME = "Entraide"
#: Our two circles are so wide, for one high.
SIGN = 1.45


@dataclass(frozen=True, slots=True)
class Drawing:
    """A poster, the sheet it is drawn on, and what it says."""

    poster: Poster
    sheet: Sheet

    @property
    def say(self) -> Phrases:
        return PHRASES[self.poster.language]

    @property
    def least(self) -> float:
        return LEAST[self.poster.paper]

    @property
    def colour(self) -> Ink:
        return of_line(self.poster.line.colour if self.poster.line else "")

    def heavy(self, size: float, ink: Ink = BLACK, **more: float) -> Style:
        return self._style(bold(), size, ink, **more)

    def light(self, size: float, ink: Ink = BLACK, **more: float) -> Style:
        return self._style(regular(), size, ink, **more)

    def _style(self, face: Face, size: float, ink: Ink, **more: float) -> Style:
        least = more.pop("least", self.least)
        return Style(
            face=face,
            ink=ink,
            size=size,
            least=min(least, size),
            leading=more.pop("leading", 1.18),
            lines=int(more.pop("lines", 100)),
        )


def signature(
    of: Drawing, right: float, top: float, height: float, ink: Ink = TEAL, *, other: Ink = LEAF
) -> float:
    """Our two circles and our name, ending at ``right``. Answers where it begins."""
    style = of.heavy(height * 0.82, ink, lines=1)
    width = style.face.width(NAME) * style.size
    x = right - width
    of.sheet.words(
        x, top + height / 2 + CAPITALS * style.size / 2, NAME, size=style.size, face=style.face,
        ink=ink,
    )  # fmt: skip
    r, begins = height / 2, x - height * (SIGN + 0.3)
    of.sheet.disc(begins + height * SIGN - r, top + r, r, other)
    of.sheet.disc(begins + r, top + r, r, ink)
    if other == ink:
        # In one ink, the nearer circle is a ring.
        of.sheet.disc(begins + r, top + r, r * 0.74, of.colour)
    return begins


def place(of: Drawing, area: Area, *, ink: Ink = BLACK, ground: Ink = WHITE) -> None:
    """The line's badge in its colour, then the stop's or the venue's name."""
    poster, x = of.poster, area.x
    if poster.line:
        box = Area(x=x, y=area.y, w=area.w * 0.4, h=area.h)
        x = badge(of, poster.line, box, ground=ground) + area.h * 0.3
    if poster.name:
        style = of.heavy(area.h * 0.62, ink, lines=2, leading=1.05)
        lay(
            of.sheet, style, poster.name,
            Area(x=x, y=area.y, w=area.right - x, h=area.h), valign="middle",
        )  # fmt: skip


def badge(of: Drawing, line: LineDrawn, area: Area, *, ground: Ink) -> float:
    """The line's name on its colour, as on its vehicles. Answers where it ends."""
    ink = of.colour
    style = of.heavy(area.h * 0.62, on(ink), lines=1)
    pad = area.h * 0.32
    name = fitted(style, line.name, width=area.w - 2 * pad, height=area.h)
    style = of.heavy(name.size, on(ink), lines=1)
    width = style.face.width(name.lines[0]) * name.size + 2 * pad
    box = Area(x=area.x, y=area.y, w=max(width, area.h), h=area.h)
    if contrast(ink, ground) < VISIBLE:
        # A pale line on a pale ground has an edge.
        edge = area.h * 0.05
        of.sheet.box(box, on(ground), round=area.h * 0.24)
        of.sheet.box(box.within(edge), ink, round=area.h * 0.24 - edge)
    else:
        of.sheet.box(box, ink, round=area.h * 0.24)
    lay(of.sheet, style, name.lines[0], box, align="middle", valign="middle")
    return box.right


def code(of: Drawing, area: Area) -> None:
    """The QR code as wide as the area, and under it the address to type."""
    square = Area(x=area.x, y=area.y, w=area.w, h=area.w)
    matrix.draw(of.sheet, of.poster.origin, of.poster.code, square)
    typed(of, Area(x=area.x, y=square.bottom, w=area.w, h=area.h - area.w), align="middle")


def code_beside(of: Drawing, area: Area) -> None:
    """The QR code as high as the area, and beside it the address to type."""
    square = Area(x=area.x, y=area.y, w=area.h, h=area.h)
    matrix.draw(of.sheet, of.poster.origin, of.poster.code, square)
    x = square.right + area.h * 0.02
    typed(of, Area(x=x, y=area.y, w=area.right - x, h=area.h), align="left")


def typed(of: Drawing, area: Area, *, align: str) -> None:
    """The address, for who has no camera: the seven letters large, on a line of their own."""
    host, _, letters = matrix.address(of.poster.origin, of.poster.code).rpartition("/")
    unit = area.w * (0.1 if align == "middle" else 0.13)
    address = of.heavy(unit * 0.85, BLACK, lines=1, least=unit * 0.7)
    if fitted(address, f"{host}/", width=area.w, height=area.h).cut:
        host, address = _anywhere(host), of.heavy(unit * 0.8, BLACK, lines=3, leading=1.1)
    lines = (
        (of.light(unit * 0.75, QUIET, lines=1), of.say.typed, 0.22),
        (address, f"{host}/", 0.46),
        (of.heavy(unit * 1.5, BLACK, lines=1), letters, 0.32),
    )
    done = [
        fitted(style, text, width=area.w, height=area.h * share) for style, text, share in lines
    ]
    spare = area.h - sum(it.height for it in done)
    gap = min(unit * 0.3, spare / 2)
    y = area.y + ((spare - 2 * gap) / 2 if align == "left" else 0)
    for (style, text, share), size in zip(lines, done, strict=True):
        box = Area(x=area.x, y=y, w=area.w, h=area.h * share)
        lay(of.sheet, style, text, box, align=align)
        y += size.height + gap


def _anywhere(host: str) -> str:
    """A long address goes on in the next line after a dot or a hyphen."""
    return "".join(f"{it}{SOFT}" if it in ".-/:" else it for it in host)


def steps(of: Drawing, area: Area, size: float, *, ink: Ink = BLACK, mark: Ink = TEAL) -> None:
    """Three steps, each with its figure in a disc."""
    first, second, last = of.say.steps
    texts = (first, second, last if of.poster.line else of.say.last_here)
    indent, room = size * 2.1, area.h / 3 - size * 0.35
    # All of one size: the smallest that one of them needs.
    size = min(
        fitted(of.light(size, leading=1.2), it, width=area.w - indent, height=room).size
        for it in texts
    )
    style = of.light(size, ink, leading=1.2)
    heights = [fitted(style, it, width=area.w - indent, height=area.h).height for it in texts]
    gap = min((area.h - sum(heights)) / 2, size * 1.5)
    r, top = size * 0.82, area.y
    for n, (text, height) in enumerate(zip(texts, heights, strict=True)):
        box = Area(x=area.x + indent, y=top, w=area.w - indent, h=height + 0.01)
        top += height + gap
        middle = box.y + CAPITALS * size / 2
        of.sheet.disc(area.x + r, middle, r, mark)
        figure = of.heavy(size * 0.95, on(mark), lines=1)
        lay(
            of.sheet, figure, str(n + 1),
            Area(x=area.x, y=middle - CAPITALS * figure.size / 2, w=2 * r, h=figure.size * 1.2),
            align="middle",
        )  # fmt: skip
        lay(of.sheet, style, text, box)


def numbers(of: Drawing, area: Area, *, ink: Ink = BLACK, quiet: Ink = QUIET) -> None:
    """17 and 114, and the network's own numbers where it has some; each with what it is for."""
    say, own = of.say, of.poster.numbers
    shown = [(say.danger, "17"), (say.silent, "114")]
    if own.call not in {"17", "112", ""}:
        shown.append((say.network, own.call))
    if own.sms not in {"114", ""}:
        shown.append((say.network_sms, own.sms))
    gap = area.w * 0.02
    # Two numbers do not stand further apart than four.
    width = (area.w - gap * 3) / 4 if len(shown) < 4 else (area.w - gap * 3) / len(shown)
    label = area.h * 0.42
    size = min(
        fitted(of.light(area.h * 0.17, lines=2), text, width=width, height=label).size
        for text, _ in shown
    )
    large = min(
        fitted(of.heavy(area.h * 0.52, lines=1), number, width=width, height=area.h).size
        for _, number in shown
    )
    for n, (text, number) in enumerate(shown):
        x = area.x + n * (width + gap)
        lay(
            of.sheet, of.light(size, quiet, lines=2, leading=1.1), text,
            Area(x=x, y=area.y, w=width, h=label), valign="bottom",
        )  # fmt: skip
        lay(
            of.sheet, of.heavy(large, ink, lines=1), number,
            Area(x=x, y=area.y + label, w=width, h=area.h - label), valign="bottom",
        )  # fmt: skip
