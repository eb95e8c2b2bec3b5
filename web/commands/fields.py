r"""The bounded values commands are made of. Whatever is not bounded here cannot enter.

Patterns end with ``\Z``: in Python ``$`` also matches before a last newline.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

ClientId = Annotated[
    str, Meta(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]{8,64}\Z", title="client id")
]
PublicId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]

#: No control characters but tabs and line ends: PostgreSQL refuses NUL, terminals obey others.
PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]*\Z"
Note = Annotated[str, Meta(max_length=500, pattern=PRINTABLE)]
Message = Annotated[str, Meta(min_length=1, max_length=2000, pattern=PRINTABLE)]
PersonName = Annotated[str, Meta(min_length=1, max_length=80, pattern=PRINTABLE)]
#: What people write; the domain decides whether it is a number.
Phone = Annotated[str, Meta(min_length=2, max_length=30, pattern=r"^\+?[0-9 .()/-]{2,29}\Z")]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z")]
LanguageTag = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?\Z", max_length=8)]
Languages = Annotated[list[LanguageTag], Meta(min_length=1, max_length=10)]

Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
#: A phone that knows no better than 100 km knows nothing.
Accuracy = Annotated[float, Meta(ge=0, le=100_000)]

Skill = Literal["come", "call", "write"]
Skills = Annotated[list[Skill], Meta(min_length=1, max_length=3)]
Kind = Literal["followed", "harassed", "violence", "afraid", "other"]
Mode = Literal["public", "home"]
Tier = Annotated[int, Meta(ge=1, le=2)]
Budget = Annotated[int, Meta(ge=1, le=20)]
Offset = Annotated[int, Meta(ge=0)]

#: With its zone: what is nobody's time cannot be compared with ours.
Instant = Annotated[datetime, Meta(tz=True)]


class Asked(Struct, frozen=True, forbid_unknown_fields=True):
    """What a command takes. A field nobody knows is refused: it may be a misspelt safety."""


class Answer(Struct, frozen=True, omit_defaults=True):
    """What a command gives. A field with a default is left out when there is nothing to say."""


class Nothing(Asked, frozen=True):
    """A command that needs no argument."""


class Done(Answer, frozen=True):
    """A command that has nothing to say but that it was done."""


class Position(Asked, frozen=True):
    """Where a phone says it is; it rounds to three decimals before sending."""

    lat: Latitude
    lon: Longitude


class ExactPlace(Asked, frozen=True):
    """Where help is asked for."""

    lat: Latitude
    lon: Longitude
    accuracy_m: Accuracy


class Quiet(Asked, frozen=True):
    """Hours of the day in which a helper is not to be alerted."""

    start: TimeOfDay
    end: TimeOfDay
