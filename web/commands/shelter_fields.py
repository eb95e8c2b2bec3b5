"""The bounded values of commands about rooms for tonight."""

from typing import Annotated, Literal

from msgspec import Meta, field

from web.commands.fields import PRINTABLE, Accuracy, Asked, Latitude, Longitude, Phone

Adults = Annotated[int, Meta(ge=1, le=8)]
#: In years; below two, a child sleeps in a cot.
Ages = Annotated[list[Annotated[int, Meta(ge=0, le=17)]], Meta(max_length=10)]
Pets = Annotated[int, Meta(ge=0, le=5)]
DaysAhead = Annotated[int, Meta(ge=0, le=30)]
Nights = Annotated[int, Meta(ge=1, le=90)]
Bearing = Annotated[float, Meta(ge=0, lt=360)]
Radius = Annotated[float, Meta(ge=1, le=100_000)]
Corners = Annotated[list[tuple[Latitude, Longitude]], Meta(min_length=3, max_length=60)]
Token = Annotated[str, Meta(min_length=8, max_length=64, pattern=r"^[0-9a-f]{8,64}\Z")]
ArrivalCode = Annotated[str, Meta(pattern=r"^[0-9]{6}\Z")]
Day = Annotated[int, Meta(ge=1, le=90)]
Change = Annotated[int, Meta(ge=-20, le=20)]
When = Annotated[str, Meta(max_length=80, pattern=PRINTABLE)]
DeclineReason = Literal["full", "closed", "no_fit", "other"]


class HouseholdAsked(Asked, frozen=True):
    adults: Adults
    children: Ages = field(default_factory=list)
    pets: Pets = 0
    wheelchair: bool = False


class PlaceAsked(Asked, frozen=True):
    """Where she starts from: only its cell is kept."""

    lat: Latitude
    lon: Longitude
    accuracy_m: Accuracy


class ZoneAsked(Asked, frozen=True):
    """Where she must not be sent: a point with its radius, or an outline; never both."""

    lat: Latitude | None = None
    lon: Longitude | None = None
    radius_m: Radius | None = None
    corners: Corners | None = None


class ReachAsked(Asked, frozen=True):
    """How and when she may be reached: by default never."""

    how: Literal["never", "call", "sms"] = "never"
    detail: Phone | None = None
    when: When | None = None
