"""Inks, and which of them can be read on which. Pure.

Posters are printed in four inks (cyan, magenta, yellow, black): nothing is said in red, green and
blue, so that no printer has to guess. A network's colour is known as six hexadecimal digits of a
screen; it is turned into inks by the plain formula, without a press's profile: a proof says how
near it comes. Black text is black ink alone.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ink:
    """Shares of cyan, magenta, yellow and black, from 0 to 1."""

    c: float
    m: float
    y: float
    k: float

    @property
    def screen(self) -> tuple[float, float, float]:
        """Red, green and blue as a screen shows it, nearly; from 0 to 1."""
        light = 1 - self.k
        return ((1 - self.c) * light, (1 - self.m) * light, (1 - self.y) * light)

    @property
    def hexadecimal(self) -> str:
        """For a screen.

        >>> BLACK.hexadecimal, WHITE.hexadecimal
        ('#000000', '#ffffff')
        """
        return "#" + "".join(f"{round(it * 255):02x}" for it in self.screen)

    @property
    def total(self) -> float:
        """How much ink lies on one spot: more than 3 takes too long to dry."""
        return self.c + self.m + self.y + self.k


BLACK, WHITE = Ink(0, 0, 0, 1), Ink(0, 0, 0, 0)
#: Ours: as on the pages (``tokens.css``), calm, and no red that warns.
TEAL = Ink(0.82, 0.30, 0.38, 0.45)
LEAF = Ink(0.42, 0.06, 0.22, 0.04)
DEW = Ink(0.26, 0.03, 0.13, 0.02)
MIST = Ink(0.11, 0.01, 0.06, 0.02)
SAND = Ink(0.02, 0.04, 0.10, 0.01)
STRAW = Ink(0.04, 0.14, 0.42, 0.02)
OCHRE = Ink(0.12, 0.52, 0.95, 0.30)
#: Text that steps back: 4.5 to 1 on white and on sand.
QUIET = Ink(0, 0, 0, 0.72)
RULE = Ink(0, 0, 0, 0.25)
#: Every plate: marks beside the sheet.
REGISTRATION = Ink(1, 1, 1, 1)

_HEX = re.compile(r"[0-9A-Fa-f]{6}\Z")
#: W3C's figure for large text and lines, to one; other text wants 4.5.
VISIBLE = 3.0


def of_line(colour: str) -> Ink:
    """A network's colour; ours where it says none, or nothing that can be read.

    >>> of_line("FF0000"), of_line("") == TEAL, of_line("red") == TEAL
    (Ink(c=0.0, m=1.0, y=1.0, k=0.0), True, True)
    """
    if not _HEX.match(colour):
        return TEAL
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4))
    light = max(red, green, blue)
    if light == 0:
        return BLACK
    cyan, magenta, yellow = (round(1 - it / light, 3) for it in (red, green, blue))
    return Ink(cyan, magenta, yellow, round(1 - light, 3))


def on(ground: Ink) -> Ink:
    """Black or white, whichever is easier to read on this ink.

    >>> on(TEAL) == WHITE, on(SAND) == BLACK
    (True, True)
    """
    return max((BLACK, WHITE), key=lambda ink: contrast(ink, ground))


def contrast(one: Ink, other: Ink) -> float:
    """From 1 to 21, as WCAG 2.2 reckons it, of what a screen shows.

    >>> round(contrast(BLACK, WHITE))
    21
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(ink: Ink) -> float:
    linear = [it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in ink.screen]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
