"""The comparison as one picture: what each policy brings, against how many people it asks.

Made here, without a library: a panel for each place, a line for each policy, a dot for each share
that accepts (larger: more accept), with its 95 % interval. Readable on a light and on a dark page.
"""

from collections.abc import Iterator, Sequence
from math import log10

from tests.simulation.policy.compare import POLICIES, Compared
from tests.simulation.policy.figures import of
from tests.support.drawing import line, picture, text

WIDE, HIGH, LEFT, TOP = 300, 210, 52, 96
GAP_X, GAP_Y, COLUMNS = 36, 66, 3
#: People asked for one request, to come or to call: the ends of the axis.
LEAST, MOST = 0.5, 500.0
TICKS = (1, 3, 10, 30, 100, 300)
#: Middling tones that stand out on white and on black; told apart by dashes too.
TONES = ("#8c8c8c", "#b07d2b", "#c0504d", "#8a63c9", "#2f8f6b", "#2f7fd1", "#4fb3d9")
DASHES = ("", "6 3", "", "2 3", "8 2 2 2", "", "5 3")


def drawn(parts: Sequence[Compared]) -> str:
    # One row for each density: places stand below one another.
    ordered = sorted(parts, key=lambda it: it.cell.inhabitants_a_helper)
    rows = -(-len(parts) // COLUMNS)
    width = LEFT + COLUMNS * (WIDE + GAP_X)
    height = TOP + rows * (HIGH + GAP_Y)
    return picture(
        width,
        height,
        "Two people there within ten minutes, against how many are asked",
        [*_legend(), *(it for number, part in enumerate(ordered) for it in _panel(number, part))],
    )


def _legend() -> Iterator[str]:
    yield text(
        LEFT,
        16,
        "Requests with two there within ten minutes, %, "
        "against people asked for one request (to come or to call)",
        kind="title",
    )
    for number, policy in enumerate(POLICIES):
        x, y = LEFT + number % 4 * 250, 36 + number // 4 * 18
        yield f'<path d="M{x} {y - 4}h28" {_stroke(number)}/>'
        yield text(x + 34, y, policy.name)
    yield text(LEFT + 750, 54, "larger dot: more who are asked accept")


def _panel(number: int, part: Compared) -> Iterator[str]:
    left = LEFT + number % COLUMNS * (WIDE + GAP_X)
    top = TOP + number // COLUMNS * (HIGH + GAP_Y)
    yield f'<g transform="translate({left} {top})">'
    yield text(0, -8, part.cell.name, kind="title")
    for share in (0, 25, 50, 75, 100):
        y = _y(share / 100)
        yield line(f"M0 {y:.1f}H{WIDE}", kind="grid")
        yield text(-6, y + 4, share, anchor="end")
    for tick in TICKS:
        x = _x(tick)
        yield line(f"M{x:.1f} 0V{HIGH}", kind="grid")
        yield text(x, HIGH + 16, tick, anchor="middle")
    yield f'<path class="axis" fill="none" d="M0 0V{HIGH}H{WIDE}"/>'
    for place, policy in enumerate(POLICIES):
        yield from _line(place, part, policy.name)
    yield "</g>"


def _line(place: int, part: Compared, policy: str) -> Iterator[str]:
    dots = []
    for number, accepts in enumerate(part.cell.accepts):
        nights = part.found[accepts, policy]
        asked = of(nights, "alerts").mean + of(nights, "calls").mean
        there = of(nights, "two")
        dots.append((_x(asked), there, 2.0 + number))
    way = "L".join(f"{x:.1f} {_y(there.mean):.1f}" for x, there, _ in dots)
    yield f'<path d="M{way}" {_stroke(place)}/>'
    tone = TONES[place]
    for x, there, size in dots:
        low, high = _y(there.mean - there.half), _y(there.mean + there.half)
        yield f'<path d="M{x:.1f} {low:.1f}V{high:.1f}" stroke="{tone}" stroke-opacity=".6"/>'
        yield f'<circle cx="{x:.1f}" cy="{_y(there.mean):.1f}" r="{size}" fill="{tone}"/>'


def _stroke(place: int) -> str:
    dash = f' stroke-dasharray="{DASHES[place]}"' if DASHES[place] else ""
    return f'fill="none" stroke="{TONES[place]}" stroke-width="1.8"{dash}'


def _x(asked: float) -> float:
    kept = min(MOST, max(LEAST, asked))
    return WIDE * log10(kept / LEAST) / log10(MOST / LEAST)


def _y(share: float) -> float:
    return HIGH * (1 - min(1.0, max(0.0, share)))
