"""A line drawn as a line, with the stops around the one where the poster hangs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from programmes.campaign.posters.colours import BLACK, QUIET, VISIBLE, WHITE, contrast
from programmes.campaign.posters.pieces import Drawing
from programmes.campaign.posters.poster import spaced
from programmes.campaign.posters.setting import fitted, lay
from programmes.campaign.posters.shapes import Area


@dataclass(frozen=True, slots=True)
class Stop:
    name: str
    here: bool = False
    #: Some stops before this one are left out.
    gap: bool = False


def shown(stops: Sequence[tuple[str, str]], here: str | None, name: str, most: int) -> list[Stop]:
    """At most so many stops: both ends, and those around the one where one stands.

    Of a whole line, stops at equal distances. Where nothing is known of the line, the place alone.

    >>> line = [(str(n), f"Arrêt {n}") for n in range(20)]
    >>> [(it.name, it.here, it.gap) for it in shown(line, "9", "Arrêt 9", 5)]  # doctest: +ELLIPSIS
    [('Arrêt 0', False, False), ('Arrêt 8', False, True), ('Arrêt 9', True, False), ...]
    >>> shown([], None, "Café", 5)
    [Stop(name='Café', here=True, gap=False)]
    """
    by_id = [n for n, (stop, _) in enumerate(stops) if stop == here]
    # Each way of a line has platforms of its own, of one name.
    by_name = [n for n, (_, called) in enumerate(stops) if name and spaced(called) == spaced(name)]
    at = next(iter(by_id + by_name), None)
    if not stops or (at is None and name):
        return [Stop(name, here=True)]
    kept = _kept(len(stops), at, most)
    return [
        Stop(spaced(stops[n][1]), here=n == at, gap=bool(i) and n - kept[i - 1] > 1)
        for i, n in enumerate(kept)
    ]


def _kept(many: int, at: int | None, most: int) -> list[int]:
    if many <= most:
        return list(range(many))
    if at is None:
        step = (many - 1) / (most - 1)
        return sorted({round(n * step) for n in range(most)})
    inner = max(most - 2, 1) if most > 3 else most
    first = min(max(at - inner // 2, 0), many - inner)
    around = set(range(first, first + inner))
    return sorted(around | ({0, many - 1} if most > 3 else set()))


def column(of: Drawing, area: Area, stops: Sequence[Stop]) -> None:
    """From top to bottom, names on the right."""
    width, ink = 5.0, of.colour
    x, left = area.x + 6, area.x + 17
    each = area.h / max(len(stops), 4)
    ys = [area.y + each * (n + 0.5) for n in range(len(stops))]
    if len(stops) == 1:
        ys = [area.y + area.h * 0.4]
        _track(of, (x, area.y, x, area.bottom), width)
    for n in range(1, len(stops)):
        _track(of, (x, ys[n - 1], x, ys[n]), width)
    for n, stop in enumerate(stops):
        if stop.gap:
            _gap(of, x, (ys[n - 1] + ys[n]) / 2, upright=True, width=width)
    for y, stop in zip(ys, stops, strict=True):
        room = each if len(stops) > 1 else area.h * 0.4
        box = Area(x=left, y=y - room / 2 + 0.6, w=area.right - left, h=room - 1.2)
        if stop.here:
            of.sheet.disc(x, y, 6, BLACK)
            of.sheet.disc(x, y, 4.2, WHITE)
            of.sheet.disc(x, y, 2.6, ink if contrast(ink, WHITE) >= VISIBLE else BLACK)
            _here(of, box, stop.name)
        else:
            of.sheet.disc(x, y, 2.5, BLACK)
            of.sheet.disc(x, y, 1.7, WHITE)
            lay(of.sheet, of.light(5, BLACK, lines=2, leading=1.1), stop.name, box, valign="middle")


def _here(of: Drawing, box: Area, name: str) -> None:
    small = of.light(3.6, QUIET, lines=1)
    large = of.heavy(7.4, BLACK, lines=2, leading=1.06)
    room = box.h - small.size * 1.25
    done = fitted(large, name, width=box.w, height=room)
    top = box.y + (box.h - done.height - small.size * 1.25) / 2
    lay(of.sheet, small, of.say.here, Area(x=box.x, y=top, w=box.w, h=small.size * 1.1))
    lay(of.sheet, large, name, Area(x=box.x, y=top + small.size * 1.25, w=box.w, h=room))


def row(of: Drawing, area: Area, stops: Sequence[Stop]) -> None:
    """From left to right, names below; for stickers."""
    width, y = 2.8, area.y + 4.4
    each = area.w / len(stops)
    xs = [area.x + each * (n + 0.5) for n in range(len(stops))]
    ends = (-of.sheet.bleed, of.sheet.w + of.sheet.bleed)
    _track(of, (ends[0], y, ends[1], y), width)
    for x, stop in zip(xs, stops, strict=True):
        box = Area(x=x - each / 2 + 0.8, y=y + 5.2, w=each - 1.6, h=area.bottom - y - 5.2)
        if stop.here:
            of.sheet.disc(x, y, 3.6, BLACK)
            of.sheet.disc(x, y, 2.5, WHITE)
            ink = of.colour if contrast(of.colour, WHITE) >= VISIBLE else BLACK
            of.sheet.disc(x, y, 1.5, ink)
            lay(
                of.sheet, of.heavy(4.4, BLACK, lines=3, leading=1.06), stop.name, box,
                align="middle",
            )  # fmt: skip
        else:
            of.sheet.disc(x, y, 1.7, BLACK)
            of.sheet.disc(x, y, 1.15, WHITE)
            lay(
                of.sheet, of.light(3.1, QUIET, lines=4, leading=1.1), stop.name, box,
                align="middle",
            )  # fmt: skip


def _track(of: Drawing, ends: tuple[float, float, float, float], width: float) -> None:
    """A stroke in the line's colour; a pale one has an edge."""
    x1, y1, x2, y2 = ends
    if contrast(of.colour, WHITE) < VISIBLE:
        of.sheet.stroke(x1, y1, x2, y2, width=width, ink=BLACK)
        width -= 0.7
    of.sheet.stroke(x1, y1, x2, y2, width=width, ink=of.colour)


def _gap(of: Drawing, x: float, y: float, *, upright: bool, width: float) -> None:
    """Three white dots on the line: stops are left out here."""
    for n in (-1, 0, 1):
        step = n * width * 0.34
        of.sheet.disc(x if upright else x + step, y + step if upright else y, width * 0.11, WHITE)
