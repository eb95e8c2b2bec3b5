"""Reading one row of a public file: a value, or the reason why it is refused.

Reasons are stable codes, for counting; the row itself is never quoted, since files come from
outside and reports end in logs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from unicodedata import category

from geo.point import Point
from realtime.kernel.errors import Malformed

#: Lines named for each reason; the count says how many there were.
FIRST_LINES = 10
LONGEST_TEXT = 200

Row = Mapping[str, str]


class Reason(StrEnum):
    #: The row says nothing of where it is.
    NO_PLACE = "no_place"
    #: What it says is no place on Earth.
    BAD_PLACE = "bad_place"
    NO_NAME = "no_name"
    NO_ID = "no_id"
    #: A text that is too long, or holds what cannot be shown.
    BAD_TEXT = "bad_text"
    BAD_NUMBER = "bad_number"
    UNKNOWN_VALUE = "unknown_value"
    #: The same id has been read already.
    DUPLICATE = "duplicate"
    #: More or fewer columns than the header.
    WRONG_COLUMNS = "wrong_columns"
    #: Quotes or line ends where none can be.
    UNREADABLE = "unreadable"
    #: Nothing of it is left at the map's scale.
    TOO_SMALL = "too_small"
    #: A piece of a line that stops nowhere.
    NO_STATIONS = "no_stations"
    #: It names something that no other file of the same folder tells.
    UNKNOWN_ID = "unknown_id"


class Refused(Exception):
    """This row cannot be loaded."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Refusals:
    """How many rows were refused, by reason, and the first lines for each."""

    counts: dict[Reason, int] = field(default_factory=dict)
    lines: dict[Reason, list[int]] = field(default_factory=dict)

    def add(self, reason: Reason, line: int) -> None:
        self.counts[reason] = self.counts.get(reason, 0) + 1
        first = self.lines.setdefault(reason, [])
        if len(first) < FIRST_LINES:
            first.append(line)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def text(row: Row, column: str, *, missing: Reason | None = Reason.NO_NAME) -> str:
    """A short text without control characters; empty only when ``missing`` is None."""
    # Non-breaking spaces and line ends inside quotes become spaces. What nobody can see goes: real
    # files hold zero-width spaces, and marks that turn the writing around are no part of a name.
    seen = "".join(each for each in row[column] if category(each) != "Cf")
    value = " ".join(seen.split())
    if not value and missing is not None:
        raise Refused(missing)
    if len(value) > LONGEST_TEXT or not value.isprintable():
        raise Refused(Reason.BAD_TEXT)
    return value


def number(row: Row, column: str, *, least: int = 0, most: int = 1_000_000_000) -> int:
    """A whole number, written with the ten digits and nothing else."""
    value = row[column].strip()
    # int() would also take "1_000", "٣" and a text long enough to be an attack.
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(most))):
        raise Refused(Reason.BAD_NUMBER)
    if not least <= int(value) <= most:
        raise Refused(Reason.BAD_NUMBER)
    return int(value)


def point(lat: str, lon: str) -> Point:
    if not lat.strip() and not lon.strip():
        raise Refused(Reason.NO_PLACE)
    try:
        return Point(lat=float(lat), lon=float(lon))
    except (ValueError, Malformed) as error:
        raise Refused(Reason.BAD_PLACE) from error
