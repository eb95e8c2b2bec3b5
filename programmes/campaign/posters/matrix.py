"""A QR code on a sheet: error correction H, and four modules of quiet around it. Pure.

Capitals and figures alone need fewer modules (ISO/IEC 18004, alphanumeric mode): the scheme and the
host of an address do not tell small letters from capitals, and ``/T/`` is ours.
"""

import segno

from programmes.campaign.errors import PosterTooSmall
from programmes.campaign.posters.colours import BLACK, WHITE
from programmes.campaign.posters.shapes import Area, Modules, Sheet
from programmes.campaign.values import Code

#: Around the code, in modules (ISO/IEC 18004).
QUIET = 4
#: A module that phones read at arm's length, printed on paper that shines: half a millimetre.
LEAST_MODULE = 0.5


def address(origin: str, code: Code) -> str:
    """As people type it: without the scheme, when it is the usual one.

    >>> address("https://entraide.example", Code("fmpxfwr"))
    'entraide.example/t/fmpxfwr'
    """
    return f"{origin.removeprefix('https://')}/t/{code}"


def payload(origin: str, code: Code) -> str:
    """As phones read it.

    >>> payload("https://entraide.example", Code("fmpxfwr"))
    'HTTPS://ENTRAIDE.EXAMPLE/T/FMPXFWR'
    """
    return f"{origin}/t/{code}".upper()


def draw(sheet: Sheet, origin: str, code: Code, area: Area) -> None:
    """The code in a square, its quiet zone inside, on white."""
    made = segno.make(payload(origin, code), error="h", micro=False, boost_error=False)
    rows = [bytes(row) for row in made.matrix]
    size = area.w / (len(rows) + 2 * QUIET)
    if size < LEAST_MODULE:
        raise PosterTooSmall
    runs = tuple((start, y, end - start) for y, row in enumerate(rows) for start, end in _dark(row))
    sheet.box(area, WHITE, round=size)
    sheet.shapes.append(Modules(area.x + QUIET * size, area.y + QUIET * size, size, runs, BLACK))
    sheet.code = area


def _dark(row: bytes) -> list[tuple[int, int]]:
    """Where dark modules follow each other: from, to."""
    found: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if not dark:
            continue
        if found and found[-1][1] == x:
            found[-1] = (found[-1][0], x + 1)
        else:
            found.append((x, x + 1))
    return found
