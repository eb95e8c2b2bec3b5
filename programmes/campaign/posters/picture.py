"""A sheet as SVG, cut as the paper will be: for a screen. Pure.

Letters are drawn as outlines, each once: the page that shows it needs no font of ours.
"""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from programmes.campaign.posters.letters import Face
from programmes.campaign.posters.shapes import Box, Disc, Modules, Shape, Sheet, Stroke, Words


def as_svg(sheet: Sheet) -> bytes:
    letters = _letters(sheet)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {sheet.w:g} {sheet.h:g}">',
        f"<title>{escape(sheet.title)}</title>",
        "<defs>",
        *(
            f'<path id="{name}" d="{face.glyphs[letter].outline}"/>'
            for (face, letter), name in letters.items()
        ),
        "</defs>",
        *(_one(shape, letters) for shape in sheet.shapes),
        "</svg>",
    ]
    return "".join(parts).encode()


Names = dict[tuple[Face, str], str]


def _letters(sheet: Sheet) -> Names:
    """Each letter that has an outline, of each face."""
    found: Names = {}
    for words in sheet.texts():
        for letter in words.text:
            if words.face.glyphs[letter].outline:
                found.setdefault((words.face, letter), f"g{len(found)}")
    return found


def _one(shape: Shape, letters: Names) -> str:
    match shape:
        case Box(area, ink, corner):
            return (
                f'<rect x="{_n(area.x)}" y="{_n(area.y)}" width="{_n(area.w)}" '
                f'height="{_n(area.h)}" rx="{_n(corner)}" fill="{ink.hexadecimal}"/>'
            )
        case Disc(x, y, r, ink):
            return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}" fill="{ink.hexadecimal}"/>'
        case Stroke(x1, y1, x2, y2, width, ink):
            return (
                f'<path d="M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}" stroke="{ink.hexadecimal}" '
                f'stroke-width="{_n(width)}"/>'
            )
        case Modules(x, y, size, runs, ink):
            path = "".join(f"M{a} {b}h{many}v1h-{many}z" for a, b, many in runs)
            return (
                f'<path transform="translate({_n(x)} {_n(y)}) scale({size:.5f})" '
                f'fill="{ink.hexadecimal}" shape-rendering="crispEdges" d="{path}"/>'
            )
        case _:
            return _words(shape, letters)


def _words(of: Words, letters: Names) -> str:
    scale = of.size / 1000
    return "".join(
        [
            f'<g transform="translate({_n(of.x)} {_n(of.y)}) scale({scale:.6f} -{scale:.6f})" '
            f'fill="{of.ink.hexadecimal}">',
            *_placed(of, letters),
            "</g>",
        ]
    )


def _placed(of: Words, letters: Names) -> Iterable[str]:
    x = 0.0
    for letter, step in zip(of.text, of.face.steps(of.text), strict=True):
        name = letters.get((of.face, letter))
        if name:
            yield f'<use href="#{name}" x="{round(x * 1000)}"/>'
        x += step


def _n(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")
