"""How fast we are beside others, as one picture: bars, with the interval of each median."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.load.kept import Kept
from tests.load.paired import Middle
from tests.load.peers.known import FLOOR
from tests.load.peers.ours import NAME
from tests.support.drawing import line, picture, text

#: Of a panel, from the left: names, bars, figures; of a row, and what stands over the rows.
NAMES, BARS, FIGURES, ROW, OVER = 150, 180, 130, 19, 52
PANEL, GAP, EDGE = NAMES + BARS + FIGURES, 20, 16
#: It brings its own page, as the one it is shown on may be dark where the reader's system is not.
STYLE = """
.page { fill: #fff }
.bar { fill: #8c8c8c; fill-opacity: .55 }
.ours { fill: #2f7fd1 }
.name { font-weight: 700 }
.range { stroke: #333; fill: none }
.limit { stroke: #c0504d; stroke-width: 1.5; stroke-dasharray: 4 3 }
@media (prefers-color-scheme: dark) { .page { fill: #0d1117 } .range { stroke: #ddd } }
"""


@dataclass(frozen=True, slots=True)
class Panel:
    bench: str
    title: str
    #: Which column is drawn, in how many of its units.
    column: str
    unit: float
    #: Where a line is drawn across the bars, and what it is.
    limit: float
    called: str


PANELS = (
    Panel(
        "fan-out", "One publication, 10,000 sockets: processor, × the floor",
        "× floor", 1, 1, "floor: send() in C",
    ),
    Panel(
        "burst", "Ten at once, 2,000 sockets: processor, × the floor",
        "× floor", 1, 1, "floor, which sends each",
    ),
    Panel(
        "phones", "A phone that is let in and held: KiB of memory",
        "bytes each", 1024, 6, "meant: 6 KiB, all included",
    ),
    Panel(
        "ingest", "A position taken in: processor, × the floor",
        "× floor", 1, 1, "floor: recv() in C",
    ),
)  # fmt: skip


def drawn(found: Mapping[str, Kept]) -> str:
    """Two panels beside each other, then the next two; only of what has been measured."""
    panels = [(it, _bars(it, found[it.bench])) for it in PANELS if it.bench in found]
    parts, top = [], EDGE
    for first in range(0, len(panels), 2):
        pair = panels[first : first + 2]
        for place, (panel, bars) in enumerate(pair):
            parts.append(f'<g transform="translate({EDGE + place * (PANEL + GAP)} {top})">')
            parts += [*_panel(panel, bars), "</g>"]
        top += OVER + max(len(bars) for _, bars in pair) * ROW + GAP
    width = 2 * (EDGE + PANEL) + GAP
    page = f'<rect class="page" width="{width}" height="{top}" rx="6"/>'
    return picture(
        width,
        top,
        "How fast Entraide is beside other servers, on the same machine in the same run",
        [page, *parts],
        description=" ".join(_read(panel, bars) for panel, bars in panels),
        style=STYLE,
    )


def _bars(panel: Panel, found: Kept) -> list[tuple[str, Middle]]:
    """The shortest first; the floor is a line, not a bar."""
    bars = [
        (name, Middle(it.value / panel.unit, it.low / panel.unit, it.high / panel.unit))
        for name, it in found.column(panel.column).items()
        if name != FLOOR
    ]
    return sorted(bars, key=lambda it: it[1].value)


def _panel(panel: Panel, bars: list[tuple[str, Middle]]) -> Iterator[str]:
    longest = max(panel.limit, *(it.high for _, it in bars))

    def x(value: float) -> float:
        return NAMES + BARS * value / longest

    yield text(0, 12, panel.title, kind="title")
    bottom = OVER + len(bars) * ROW
    yield text(x(panel.limit) + 4, OVER - 10, panel.called)
    for number, (name, it) in enumerate(bars):
        top = OVER + number * ROW
        middle, ours = top + ROW / 2, name == NAME
        named = "name" if ours else ""
        yield text(NAMES - 8, middle + 4, name, kind=named, anchor="end")
        yield (
            f'<rect class="{"ours" if ours else "bar"}" x="{NAMES}" y="{top + 3}" '
            f'width="{x(it.value) - NAMES:.1f}" height="{ROW - 6}"/>'
        )
        low, high = x(it.low), x(it.high)
        yield line(f"M{low:.1f} {middle}H{high:.1f}M{low:.1f} {middle - 3}v6", kind="range")
        yield line(f"M{high:.1f} {middle - 3}v6", kind="range")
        yield text(NAMES + BARS + 10, middle + 4, it, kind=named)
    yield line(f"M{x(panel.limit):.1f} {OVER - 20}V{bottom}", kind="limit")


def _read(panel: Panel, bars: list[tuple[str, Middle]]) -> str:
    return f"{panel.title}: {', '.join(f'{name} {it}' for name, it in bars)}."
