"""Pictures without a library: SVG, readable on a light and on a dark page."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

STYLE = """
text { font: 11px system-ui, sans-serif; fill: #333 }
.title { font-size: 13px; font-weight: 600 }
.grid { stroke: #888; stroke-opacity: .3 }
.axis { stroke: #888 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } }
"""


def picture(
    width: int,
    height: int,
    title: str,
    parts: Iterable[str],
    *,
    description: str = "",
    style: str = "",
) -> str:
    """The whole file; ``title`` and ``description`` are read out to those who do not see it."""
    said = [f"<title>{escape(title)}</title>"]
    if description:
        said.append(f"<desc>{escape(description)}</desc>")
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
            *said,
            f"<style>{STYLE}{style}</style>",
            *parts,
            "</svg>",
            "",
        )
    )


def text(x: float, y: float, words: object, *, kind: str = "", anchor: str = "") -> str:
    """Words at a place.

    >>> text(4, 10.25, "3 < 4", kind="title", anchor="end")
    '<text class="title" x="4" y="10.2" text-anchor="end">3 &lt; 4</text>'
    """
    named = f' class="{kind}"' if kind else ""
    anchored = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text{named} x="{_short(x)}" y="{_short(y)}"{anchored}>{escape(str(words))}</text>'


def line(way: str, *, kind: str) -> str:
    """A line, as ``M0 0H100``."""
    return f'<path class="{kind}" d="{way}"/>'


def _short(length: float) -> str:
    return str(length) if isinstance(length, int) else f"{length:.1f}"
