"""Letters with accents, and bold ones, made of a plain alphabet. Pure: outlines in, outlines out.

An outline is a list of contours; a contour, a list of points (x, y, whether it lies on the curve),
in thousandths of an em, upwards, as TrueType has them: the outside turns clockwise.
"""

from math import cos, hypot, pi, sin

Point = tuple[float, float, bool]
Contour = list[Point]
Outline = list[Contour]

#: A mark begins so far above small letters, and above capitals.
ABOVE_SMALL, ABOVE_CAPITAL = 0, 146
#: How sharp a corner may stick out when it is made bold, in strengths.
MITER = 2.0


def begun(contour: Contour) -> Contour:
    """With a point on the curve: a circle may be said by points beside it alone."""
    if any(on for _, _, on in contour):
        return contour
    (ax, ay, _), (bx, by, _) = contour[0], contour[-1]
    return [*contour, ((ax + bx) / 2, (ay + by) / 2, True)]


def moved(outline: Outline, x: float, y: float = 0) -> Outline:
    return [[(px + x, py + y, on) for px, py, on in contour] for contour in outline]


def stretched(outline: Outline, x: float, y: float = 1.0) -> Outline:
    return [[(px * x, py * y, on) for px, py, on in contour] for contour in outline]


def bounds(outline: Outline) -> tuple[float, float, float, float]:
    """Left, bottom, right, top."""
    every = [point for contour in outline for point in contour]
    xs, ys = [it[0] for it in every], [it[1] for it in every]
    return min(xs), min(ys), max(xs), max(ys)


def centred(mark: Outline, over: Outline, *, lift: float) -> Outline:
    """A mark above the middle of a letter."""
    left, _, right, _ = bounds(over)
    mark_left, _, mark_right, _ = bounds(mark)
    return moved(mark, (left + right - mark_left - mark_right) / 2, lift)


def below(mark: Outline, under: Outline) -> Outline:
    left, bottom, right, _ = bounds(under)
    mark_left, _, mark_right, _ = bounds(mark)
    return moved(mark, (left + right - mark_left - mark_right) / 2 + 10, bottom)


def polygon(*points: tuple[float, float]) -> Contour:
    return [(x, y, True) for x, y in points]


#: A roof above â, ê, î: drawn as the acute is, of the same weight.
CIRCUMFLEX: Outline = [
    polygon((0, 580), (84, 692), (158, 692), (242, 580), (176, 580), (121, 648), (66, 580))
]


def dots(period: Outline) -> Outline:
    """Two dots, for ë, ï, ü."""
    left, bottom, right, _ = bounds(period)
    scale = 104 / (right - left)
    one = moved(stretched(moved(period, -left, -bottom), scale), 0, 588)
    return [*one, *moved(one, 160)]


def cedilla() -> Outline:
    """A hook below ç: a short stem, then three quarters of a circle, in one stroke."""
    width, radius, centre_x, centre_y = 46.0, 50.0, 112.0, -106.0
    turn = [130 - step * 260 / 14 for step in range(15)]
    middle = [(106.0, 16.0), (96.0, -44.0)]
    middle += [
        (centre_x + radius * cos(it * pi / 180), centre_y + radius * sin(it * pi / 180))
        for it in turn
    ]
    return [_stroked(middle, width)]


def _stroked(middle: list[tuple[float, float]], width: float) -> Contour:
    """The outline of a line of some width, clockwise."""
    left, right = [], []
    for n, (x, y) in enumerate(middle):
        (ax, ay), (bx, by) = middle[max(0, n - 1)], middle[min(len(middle) - 1, n + 1)]
        length = hypot(bx - ax, by - ay) or 1.0
        nx, ny = -(by - ay) / length * width / 2, (bx - ax) / length * width / 2
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    contour = polygon(*left, *reversed(right))
    return contour if _turns_clockwise(contour) else contour[::-1]


def _turns_clockwise(contour: Contour) -> bool:
    ends = zip(contour, [*contour[1:], contour[0]], strict=True)
    return sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in ends) > 0


def bold(outline: Outline, strength: float, *, height: float) -> Outline:
    """Every stroke wider by twice the strength; capitals stay ``height`` high.

    Each point is moved along the middle of the corner that it makes. Letters grow to the right.
    """
    grown = [_grown(contour, strength) for contour in outline]
    scale = height / (height + 2 * strength)
    return [
        [(x + strength, (y + strength) * scale, on) for x, y, on in contour] for contour in grown
    ]


def _grown(contour: Contour, strength: float) -> Contour:
    apart = _apart(contour)
    many = len(apart)
    out: Contour = []
    for n, (x, y, on) in enumerate(apart):
        before, after = apart[n - 1], apart[(n + 1) % many]
        ix, iy = _unit(x - before[0], y - before[1])
        ox, oy = _unit(after[0] - x, after[1] - y)
        # Outside is to the left of a contour that turns clockwise.
        nx, ny = -iy - oy, ix + ox
        along = max(1 + ix * ox + iy * oy, 1 / MITER)
        out.append((x + nx * strength / along, y + ny * strength / along, on))
    return out


def _apart(contour: Contour) -> Contour:
    """Without points that lie on the one before."""
    return [
        point
        for n, point in enumerate(contour)
        if hypot(point[0] - contour[n - 1][0], point[1] - contour[n - 1][1]) > 0.5
    ]


def _unit(x: float, y: float) -> tuple[float, float]:
    length = hypot(x, y) or 1.0
    return x / length, y / length
