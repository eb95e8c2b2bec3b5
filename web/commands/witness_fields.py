"""What the commands about witnesses in transport take: what is not bounded here cannot enter."""

from typing import Annotated, Literal

from msgspec import Meta, field

from alerts.witness.rules import CAR_MOST, NOTE_MOST, TRAIL_MOST
from web.commands.fields import (
    PRINTABLE,
    Asked,
    ClientId,
    Instant,
    Latitude,
    Longitude,
    PublicId,
)

#: ``idfm:C01376``: a network's slug, and the route or stop as the network names it.
TransitName = Annotated[
    str,
    Meta(
        min_length=3, max_length=120, pattern=r"^[a-z0-9-]{1,20}:[^\x00-\x1f\x7f\u202a-\u202e]+\Z"
    ),
]
NetworkName = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,20}\Z")]
Direction = Annotated[int, Meta(ge=0, le=1)]
#: What is painted on a car, or where it is in the train.
Car = Annotated[str, Meta(max_length=CAR_MOST, pattern=PRINTABLE)]
WitnessNote = Annotated[str, Meta(max_length=NOTE_MOST, pattern=PRINTABLE)]
#: What a poster's short link ends with.
Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9]{1,16}\Z", max_length=16)]
As = Literal["victim", "witness"]
Violence = Literal["verbal", "physical", "sexual", "followed", "other"]
Part = Literal["distract", "sit", "call", "driver", "document"]
#: How an operator says that it ended.
Closing = Literal["helped", "agents", "gone", "nothing_seen"]
Verdict = Literal["confirmed", "false"]
Days = Annotated[int, Meta(ge=1, le=365)]


class Fix(Asked, frozen=True):
    """Where a phone was, to three decimals, so many seconds ago."""

    lat: Latitude
    lon: Longitude
    ago_s: Annotated[float, Meta(ge=0, le=600)]


Trail = Annotated[list[Fix], Meta(max_length=TRAIL_MOST)]


class WitnessReport(Asked, frozen=True, rename={"as_": "as"}):
    """At least one of ``line``, ``stop`` and ``trail``."""

    id: ClientId
    as_: As
    kind: Violence
    line: TransitName | None = None
    direction: Direction | None = None
    stop: TransitName | None = None
    car: Car | None = None
    trail: Trail = field(default_factory=list)
    #: For operators only; sealed.
    note: WitnessNote | None = None
    code: Code | None = None


class WitnessUpdate(Asked, frozen=True):
    alert: PublicId
    kind: Violence | None = None
    car: Car | None = None
    stop: TransitName | None = None


class WitnessAsked(Asked, frozen=True):
    alert: PublicId


class WitnessClaim(Asked, frozen=True):
    """``done``: it has been done, and stays taken."""

    alert: PublicId
    role: Part
    done: bool = False


class WitnessConfirm(Asked, frozen=True):
    alert: PublicId
    #: Whether one sees it, being there.
    seen: bool


class WitnessJudge(Asked, frozen=True):
    alert: PublicId
    verdict: Verdict


class WitnessClose(Asked, frozen=True):
    alert: PublicId
    outcome: Closing


class SpotsAsked(Asked, frozen=True):
    days: Days = 90


class AgentAsked(Asked, frozen=True):
    helper: PublicId
    #: The network for which one works; ``null``: none any more.
    network: NetworkName | None


class WatchSet(Asked, frozen=True):
    on: bool


class MuteAsked(Asked, frozen=True):
    line: TransitName
    #: Told again from then on, by itself; at most thirty days from now.
    until: Instant


class UnmuteAsked(Asked, frozen=True):
    line: TransitName
