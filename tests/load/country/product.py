"""What the product itself says of a phone's rhythm, read where it says so: nothing is copied.

Half of these numbers are the server's and are imported; the others are the page's, and are read
from its source.
"""

import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from realtime.heart import Heart

PAGES = Path(__file__).parents[3] / "web" / "client" / "src"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Seconds and metres of a helper's phone."""

    #: It looks that often whether it has moved, and by how much it must have.
    looks_s: float
    moved_m: float
    #: Who stays in one place says so again after that long.
    still_s: float
    #: Between two pings of a socket.
    ping_s: float
    #: A lost socket is tried again after the first, at most after the second.
    again_s: float
    again_most_s: float
    #: Whoever follows an alert asks what has changed that long after the last of a burst.
    refresh_s: float


@cache
def rhythm() -> Rhythm:
    return Rhythm(
        looks_s=said("helper/duty.ts", "MOVE_MS") / 1000,
        moved_m=said("pure/places.ts", "MOVED_M"),
        still_s=said("helper/duty.ts", "STILL_MS") / 1000,
        ping_s=Heart.PING_S,
        again_s=said("net/link.ts", "minReconnectDelay") / 1000,
        again_most_s=said("net/link.ts", "maxReconnectDelay") / 1000,
        refresh_s=said("helper/duty.ts", "REFRESH_MS") / 1000,
    )


def said(file: str, name: str) -> float:
    """A number of the page, by its name; ``LookupError`` when the page has no such number."""
    return number((PAGES / file).read_text(encoding="utf-8"), name)


def number(source: str, name: str) -> float:
    """What a name is given, a product of whole numbers at most.

    >>> number("const STILL_MS = 4 * 60_000;", "STILL_MS")
    240000
    """
    found = re.search(rf"\b{name}\s*[=:]\s*(\d[\d_]*(?:\s*\*\s*\d[\d_]*)*)", source)
    if found is None:
        raise LookupError(name)
    return math.prod(int(part) for part in found[1].split("*"))
