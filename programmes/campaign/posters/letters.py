"""A face: how wide its letters are, how they stand beside each other, and their outlines. Pure."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

#: What is said for letters that a face does not have.
SAME = {
    "\u2009": " ",
    "\u202f": "\u00a0",
    "\u2010": "-",
    "\u2011": "-",
    "\u2212": "–",
    "'": "’",
    "\u00ad": "",
}
#: Where a line may be broken without a space; and where it must be.
SOFT, HARD = "\u200b", "\n"
KEPT = ("", SOFT, HARD)


@dataclass(frozen=True, slots=True)
class Glyph:
    #: In ems.
    advance: float
    #: How far above and below the baseline it reaches, in ems.
    up: float
    down: float
    #: As SVG writes a path, in thousandths of an em, upwards.
    outline: str


@dataclass(frozen=True, eq=False)
class Face:
    """One weight of the letters of all posters."""

    name: str
    glyphs: Mapping[str, Glyph]
    #: What two letters that stand beside each other come nearer, in ems.
    kerning: Mapping[tuple[str, str], float]
    #: The font as a TrueType file.
    file: bytes = field(repr=False)

    def printable(self, text: str) -> str:
        """The same text in letters that are there: without an accent nobody has, or a ``?``."""
        return "".join(self._letter(it) for it in text)

    def _letter(self, letter: str) -> str:
        letter = SAME.get(letter, letter)
        if letter in KEPT or letter in self.glyphs:
            return letter
        bare = "".join(
            it for it in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(it)
        )
        return bare if bare and all(it in self.glyphs for it in bare) else "?"

    def width(self, text: str) -> float:
        """In ems."""
        return sum(self.steps(text))

    def steps(self, text: str) -> list[float]:
        """For each letter, how far the next one begins."""
        found = [self.glyphs[it].advance for it in text]
        for n in range(len(text) - 1):
            found[n] += self.kerning.get((text[n], text[n + 1]), 0.0)
        return found

    def extent(self, text: str) -> tuple[float, float]:
        """How far a text reaches above and below its baseline, in ems."""
        return (
            max((self.glyphs[it].up for it in text), default=0.0),
            max((self.glyphs[it].down for it in text), default=0.0),
        )
