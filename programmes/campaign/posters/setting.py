"""Text set in a box: broken into lines, and made smaller until it fits. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from programmes.campaign.posters.colours import Ink
from programmes.campaign.posters.letters import HARD, SOFT, Face
from programmes.campaign.posters.shapes import Area, Sheet

#: The height of capitals and the depth of tails, in ems.
CAPITALS, TAILS = 0.69, 0.21
#: A step down when text does not fit.
SMALLER = 0.96
ELLIPSIS = "…"
#: A word, with what follows it.
_PIECES = re.compile(f"[^ {SOFT}]+[ {SOFT}]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    face: Face
    ink: Ink
    #: The em in millimetres, when there is room; and the least that it may become.
    size: float
    least: float
    #: From one baseline to the next, in ems.
    leading: float = 1.2
    #: At most so many lines.
    lines: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Text that fits: its lines, and how large they are."""

    lines: tuple[str, ...]
    size: float
    #: From the top of the first line's capitals to the bottom of the last line's tails.
    height: float
    #: Something was left out.
    cut: bool = False


def broken(face: Face, text: str, width: float) -> list[str]:
    """Lines of at most so many ems; a word that is longer stands alone."""
    lines: list[str] = []
    for part in text.split(HARD):
        line = between = ""
        for piece in _PIECES.findall(part):
            word, after = piece.rstrip(" " + SOFT), " " if piece.endswith(" ") else ""
            if line and face.width(line + between + word) > width:
                lines.append(line)
                line = word
            else:
                line += between + word
            between = after
        lines.append(line)
    return lines


def balanced(face: Face, text: str, width: float) -> list[str]:
    """The same number of lines, as even as they go: no word is left alone at the end."""
    lines = broken(face, text, width)
    narrow, wide = 0.0, width
    while len(lines) > 1 and wide - narrow > width / 100:
        middle = (narrow + wide) / 2
        tried = broken(face, text, middle)
        fits = len(tried) <= len(lines) and all(face.width(it) <= middle for it in tried)
        narrow, wide = (narrow, middle) if fits else (middle, wide)
    return broken(face, text, wide)


def fitted(style: Style, text: str, *, width: float, height: float) -> Setting:
    """As large as the style wants, or as this box allows; what is too long even so is cut."""
    face, size = style.face, style.size
    clean = face.printable(text)
    while True:
        lines = balanced(face, clean, width / size)
        set_ = _set(style, lines, size)
        if _fits(style, set_, width=width, height=height):
            return set_
        if size <= style.least:
            return _cut(style, lines, width=width, height=height)
        size = max(style.least, size * SMALLER)


def _set(style: Style, lines: Sequence[str], size: float, *, cut: bool = False) -> Setting:
    height = (CAPITALS + TAILS + (len(lines) - 1) * style.leading) * size
    return Setting(lines=tuple(lines), size=size, height=height, cut=cut)


def _fits(style: Style, of: Setting, *, width: float, height: float) -> bool:
    return (
        len(of.lines) <= style.lines
        and of.height <= height + 1e-6
        and all(style.face.width(line) * of.size <= width + 1e-6 for line in of.lines)
    )


def _cut(style: Style, lines: list[str], *, width: float, height: float) -> Setting:
    size, face = style.least, style.face
    room = int((height / size - CAPITALS - TAILS) / style.leading + 1 + 1e-6)
    kept = lines[: max(1, min(room, style.lines))]
    if len(kept) < len(lines):
        kept[-1] += ELLIPSIS
    for n, line in enumerate(kept):
        while line.strip(ELLIPSIS) and face.width(line) * size > width:
            line = line.rstrip(ELLIPSIS)[:-1] + ELLIPSIS
        kept[n] = line
    return _set(style, kept, size, cut=True)


def lay(
    sheet: Sheet, style: Style, text: str, area: Area, *, align: str = "left", valign: str = "top"
) -> Setting:
    """Put text into a box. ``align``: left, middle or right; ``valign``: top, middle or bottom."""
    of = fitted(style, text, width=area.w, height=area.h)
    spare = area.h - of.height
    top = area.y + {"top": 0.0, "middle": spare / 2, "bottom": spare}[valign]
    for n, line in enumerate(of.lines):
        free = area.w - style.face.width(line) * of.size
        x = area.x + {"left": 0.0, "middle": free / 2, "right": free}[align]
        baseline = top + (CAPITALS + n * style.leading) * of.size
        sheet.words(x, baseline, line, size=of.size, face=style.face, ink=style.ink)
    return of
