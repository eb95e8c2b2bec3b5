"""The two faces of all posters, made once from the letters that Pillow brings.

A printer wants every font inside the file, and this project ships none. Pillow has one: Aileron, by
Sora Sagano, given away without any right reserved (CC0): its plain alphabet, without accents and in
one weight. What French needs beyond it is drawn here (``cutting``): accents, ligatures, dashes, and
a bold weight. It takes a quarter of a second: for a thread.
"""

import io
import unicodedata
from functools import cache
from typing import Any

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from PIL import ImageFont

from programmes.campaign.posters import cutting
from programmes.campaign.posters.cutting import Outline
from programmes.campaign.posters.letters import Face, Glyph

#: Capitals, in thousandths of an em.
CAPITAL = 690
#: A bold stroke is wider by twice this: 86 becomes 142.
STRENGTH = 28
#: What letters need more room for, made bold.
ROOM = 1.035
ACCENTED = "ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸàâäçéèêëîïôöùûüÿÁÍÓÚÑáíóúñ"
DOTTED = "i"


def regular() -> Face:
    return _faces()[0]


def bold() -> Face:
    return _faces()[1]


@cache
def _faces() -> tuple[Face, Face]:
    plain = _read()
    kerning = _kerning(_source())
    heavy = {
        letter: (
            cutting.bold(cutting.stretched(outline, ROOM), STRENGTH, height=CAPITAL),
            advance * ROOM + 2 * STRENGTH * 0.5,
        )
        for letter, (outline, advance) in plain.items()
    }
    return (
        _face("Entraide", "Regular", plain, kerning),
        _face("Entraide", "Bold", heavy, kerning),
    )


def _source() -> TTFont:
    default = ImageFont.load_default(20)
    # Without FreeType Pillow has only a picture of letters.
    file = default.path  # type: ignore[union-attr]
    file.seek(0)  # type: ignore[union-attr]
    return TTFont(io.BytesIO(file.read()))  # type: ignore[union-attr]


Letters = dict[str, tuple[Outline, float]]


def _read() -> Letters:
    """Every letter, those with accents too: its outline and how wide it is."""
    font = _source()
    names: dict[int, str] = font.getBestCmap()
    plain: Letters = {
        chr(code): (_outline(font, name), float(font["hmtx"][name][0]))
        for code, name in names.items()
    }
    plain |= _more(plain)
    return plain


def _outline(font: TTFont, name: str) -> Outline:
    glyph = font["glyf"][name]
    coordinates, ends, flags = glyph.getCoordinates(font["glyf"])
    outline: Outline = []
    first = 0
    for end in ends:
        contour = [
            (float(x), float(y), bool(flag & 1))
            for (x, y), flag in zip(
                coordinates[first : end + 1], flags[first : end + 1], strict=True
            )
        ]
        outline.append(cutting.begun(contour))
        first = end + 1
    return outline


def _more(plain: Letters) -> Letters:
    """What French needs beyond the plain alphabet."""
    marks: dict[str, Outline] = {
        "\u0301": plain["´"][0],
        "\u0300": plain["`"][0],
        "\u0302": cutting.CIRCUMFLEX,
        "\u0308": cutting.dots(plain["."][0]),
        "\u0303": cutting.moved(cutting.stretched(plain["~"][0], 0.6, 0.75), 0, 420),
        "\u0327": cutting.cedilla(),
    }
    made: Letters = {}
    for letter in ACCENTED:
        base, mark = list(unicodedata.normalize("NFD", letter))
        outline, advance = plain[base]
        if base == DOTTED:
            outline = [it for it in outline if cutting.bounds([it])[3] < 560]
        if mark == "\u0327":
            above = cutting.below(marks[mark], outline)
        else:
            lift = cutting.ABOVE_CAPITAL if letter.isupper() else cutting.ABOVE_SMALL
            above = cutting.centred(marks[mark], outline, lift=lift)
        made[letter] = ([*outline, *above], advance)
    for name, (one, other, nearer) in {
        "œ": ("o", "e", 92),
        "Œ": ("O", "E", 190),
        "æ": ("a", "e", 92),
        "Æ": ("A", "E", 150),
    }.items():
        (first, width), (second, more) = plain[one], plain[other]
        step = width - nearer
        made[name] = ([*first, *cutting.moved(second, step)], step + more)
    hyphen = plain["-"][0]
    left, *_ = cutting.bounds(hyphen)
    for name, width in (("–", 500.0), ("—", 800.0)):
        long = cutting.stretched(cutting.moved(hyphen, -left), (width - 60) / 210)
        made[name] = (cutting.moved(long, 30), width)
    made["\u00a0"] = ([], plain[" "][1])
    return made


def _kerning(font: TTFont) -> dict[tuple[str, str], float]:
    """Pairs of letters that stand nearer to each other, as the font says."""
    letters = {name: chr(code) for code, name in font.getBestCmap().items()}
    found: dict[tuple[str, str], float] = {}
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            if table.LookupType == 2:
                for (one, other), value in _pairs(table).items():
                    if one in letters and other in letters:
                        found.setdefault((letters[one], letters[other]), value / 1000)
    return found


# Any: fontTools builds its tables as it reads them.
def _pairs(table: Any) -> dict[tuple[str, str], int]:  # noqa: ANN401
    first = table.Coverage.glyphs
    if table.Format == 1:
        return {
            (one, pair.SecondGlyph): getattr(pair.Value1, "XAdvance", 0)
            for one, pairs in zip(first, table.PairSet, strict=True)
            for pair in pairs.PairValueRecord
        }
    second: dict[int, list[str]] = {}
    for name, number in table.ClassDef2.classDefs.items():
        second.setdefault(number, []).append(name)
    found = {}
    for one in first:
        row = table.Class1Record[table.ClassDef1.classDefs.get(one, 0)].Class2Record
        for number, names in second.items():
            value = getattr(row[number].Value1, "XAdvance", 0) if row[number].Value1 else 0
            found.update({(one, other): value for other in names if value})
    return found


def _face(family: str, style: str, letters: Letters, kerning: dict[tuple[str, str], float]) -> Face:
    glyphs = {}
    for letter, (outline, advance) in letters.items():
        _, bottom, _, top = cutting.bounds(outline) if outline else (0, 0, 0, 0)
        glyphs[letter] = Glyph(advance / 1000, top / 1000, max(0.0, -bottom / 1000), _svg(outline))
    return Face(f"{family} {style}", glyphs, kerning, _file(family, style, letters))


def _svg(outline: Outline) -> str:
    pen = SVGPathPen(None, ntos=lambda it: str(round(it)))
    _drawn(outline, pen)
    return str(pen.getCommands())


# Any: a pen of fontTools, whichever.
def _drawn(outline: Outline, pen: Any) -> None:  # noqa: ANN401
    for contour in outline:
        # qCurveTo takes points off the curve and, last, one on it.
        start = next((n for n, point in enumerate(contour) if point[2]), 0)
        turned = [*contour[start:], *contour[:start]]
        pen.moveTo((round(turned[0][0]), round(turned[0][1])))
        waiting: list[tuple[int, int]] = []
        for x, y, on in [*turned[1:], turned[0]]:
            waiting.append((round(x), round(y)))
            if on:
                pen.lineTo(waiting[0]) if len(waiting) == 1 else pen.qCurveTo(*waiting)
                waiting = []
        pen.closePath()


def _file(family: str, style: str, letters: Letters) -> bytes:
    """The font as a TrueType file, with these letters and nothing else."""
    font = _source()
    for tag in ("GPOS", "GSUB", "GDEF", "FFTM", "gasp"):
        if tag in font:
            del font[tag]
    order = [".notdef"]
    glyf, hmtx = font["glyf"], font["hmtx"]
    names = {letter: f"uni{ord(letter):04X}" for letter in sorted(letters)}
    made = {".notdef": glyf[".notdef"]}
    widths = {".notdef": hmtx[".notdef"]}
    for letter, name in names.items():
        outline, advance = letters[letter]
        pen = TTGlyphPen(None)
        _drawn(outline, pen)
        made[name] = pen.glyph()
        left = cutting.bounds(outline)[0] if outline else 0
        widths[name] = (round(advance), round(left))
        order.append(name)
    font.setGlyphOrder(order)
    glyf.glyphs, glyf.glyphOrder = made, order
    hmtx.metrics = widths
    for table in font["cmap"].tables:
        table.cmap = {ord(letter): name for letter, name in names.items() if ord(letter) < 0x10000}
    font["cmap"].tables = [it for it in font["cmap"].tables if it.isUnicode()]
    font["post"].formatType = 3.0
    for record in font["name"].names:
        said = {1: family, 2: style, 4: f"{family} {style}", 6: f"{family}-{style}"}
        if record.nameID in said:
            record.string = said[record.nameID]
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
