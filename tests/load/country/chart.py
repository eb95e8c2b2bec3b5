"""Two pictures in one: the day of the country, and how full the narrow places are as it grows.

Readable on a light and on a dark page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log10
from xml.sax.saxutils import escape

from tests.support.drawing import picture

WIDE, HIGH, LEFT, TOP, ROW = 620, 170, 56, 40, 22
#: Middling tones that stand out on white and on black; told apart by dashes too.
TONES = ("#2f7fd1", "#c0504d", "#2f8f6b")
DASHES = ("", "6 3", "2 3")
#: How many times the load: the ends of the second picture.
LEAST, MOST = 0.01, 100.0


@dataclass(frozen=True, slots=True)
class Line:
    """A quantity of each hour, shown as a share of its own highest."""

    name: str
    values: Sequence[float]


def drawn(lines: Sequence[Line], full: Sequence[tuple[str, float]]) -> str:
    """``full``: each narrow place with how many times the load fills it."""
    height = TOP + HIGH + 90 + ROW * len(full) + 30
    return picture(
        LEFT + WIDE + 420,
        height,
        "The day of the country, and when each narrow place is full",
        (*_day(lines), *_bars(full, TOP + HIGH + 90)),
    )


def _day(lines: Sequence[Line]) -> Iterator[str]:
    yield (
        f'<text class="title" x="{LEFT}" y="16">A day: each as a share of its own busiest hour, %'
        "</text>"
    )
    yield f'<g transform="translate({LEFT} {TOP})">'
    for share in (0, 50, 100):
        y = HIGH * (1 - share / 100)
        yield f'<path class="grid" d="M0 {y:.1f}H{WIDE}"/>'
        yield f'<text x="-6" y="{y + 4:.1f}" text-anchor="end">{share}</text>'
    for hour in range(0, 24, 3):
        x = WIDE * hour / 23
        yield f'<text x="{x:.1f}" y="{HIGH + 16}" text-anchor="middle">{hour} h</text>'
    for number, line in enumerate(lines):
        most = max(line.values)
        way = "L".join(
            f"{WIDE * hour / 23:.1f} {HIGH * (1 - value / most):.1f}"
            for hour, value in enumerate(line.values)
        )
        stroke = (
            f'fill="none" stroke="{TONES[number]}" stroke-width="1.8" '
            f'stroke-dasharray="{DASHES[number]}"'
        )
        yield f'<path d="M{way}" {stroke}/>'
        y = 14 + 18 * number
        yield f'<path d="M{WIDE + 20} {y - 4}h28" {stroke}/>'
        yield f'<text x="{WIDE + 54}" y="{y}">{escape(line.name)}</text>'
    yield "</g>"


def _bars(full: Sequence[tuple[str, float]], top: float) -> Iterator[str]:
    yield (
        f'<text class="title" x="{LEFT}" y="{top - 24:.0f}">Full at so many times the load of the '
        "country in one installation: left of 1, it does not hold</text>"
    )
    yield f'<g transform="translate({LEFT} {top})">'
    for tick in (0.01, 0.1, 1, 10, 100):
        x = _x(tick)
        yield f'<path class="{"axis" if tick == 1 else "grid"}" d="M{x:.1f} 0V{ROW * len(full)}"/>'
        yield (f'<text x="{x:.1f}" y="{ROW * len(full) + 16}" text-anchor="middle">{tick:g}</text>')
    for number, (name, times) in enumerate(full):
        y = ROW * number + 5
        tone = TONES[1] if times < 1 else TONES[0]
        yield f'<path d="M0 {y + 4}H{_x(times):.1f}" stroke="{tone}" stroke-width="9"/>'
        yield f'<text x="{WIDE + 10}" y="{y + 8}">{escape(name)}</text>'
    yield "</g>"


def _x(times: float) -> float:
    kept = min(MOST, max(LEAST, times))
    return WIDE * log10(kept / LEAST) / log10(MOST / LEAST)
