"""How good a room is for a household: parts in kilometres, and the order they give. Pure."""

from dataclasses import dataclass

from matching.shelter.inventory.freshness import Freshness
from matching.shelter.search.rules import (
    AGING_KM,
    CENTS_A_KM,
    DIGITS,
    EMPTY_BED_KM,
    HAS_ACCEPTED,
    OF,
    REFUSALS_KM,
    ROUGHLY,
    STALE_KM,
    WRONG_WAY_KM,
)
from matching.shelter.values import Hotel, RoomKind, Wanted

_FRESHNESS = {Freshness.FRESH: 0.0, Freshness.AGING: AGING_KM, Freshness.STALE: STALE_KM}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a score is made of, in kilometres: none is below 0."""

    distance: float
    freshness: float
    history: float
    price: float
    direction: float
    empty_beds: float

    @property
    def score(self) -> float:
        return added(
            self.distance,
            self.freshness,
            self.history,
            self.price,
            self.direction,
            self.empty_beds,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A hotel with its best room for this household."""

    hotel: Hotel
    kind: RoomKind
    #: Rooms of that kind free on each night of the stay.
    free: int
    #: Between the middles of the two cells.
    metres: float
    score: float
    parts: Parts
    freshness: Freshness


def fits(kind: RoomKind, wanted: Wanted) -> bool:
    """Whether all of a household can sleep there, for what a night may cost."""
    household = wanted.household
    return (
        kind.people >= household.beds
        and kind.cots >= household.cots
        and (kind.accessible or not household.wheelchair)
        and (kind.pets or not household.pets)
        and (wanted.most_cents is None or kind.price_cents <= wanted.most_cents)
    )


def parts(
    hotel: Hotel,
    kind: RoomKind,
    wanted: Wanted,
    *,
    metres: float,
    azimuth: float,
    freshness: Freshness,
) -> Parts:
    """``azimuth``: the direction in which the hotel stands, seen from her; degrees from north."""
    return Parts(
        distance=metres / 1_000,
        freshness=_FRESHNESS[freshness],
        history=_history(hotel.accepted, hotel.refused),
        price=kind.price_cents / CENTS_A_KM,
        direction=0.0 if not metres else _direction(azimuth, wanted.bearing),
        empty_beds=EMPTY_BED_KM * (kind.people - wanted.household.beds),
    )


def added(*kilometres: float) -> float:
    """A score, of its parts."""
    return round(sum(kilometres), DIGITS)


def order(ranked: Ranked) -> tuple[float, str, str]:
    """The best first; of two alike the lower number, by its bytes and in no language's order."""
    return ranked.score, ranked.hotel.hotel, ranked.kind.kind


def _history(accepted: int, refused: int) -> float:
    """A hotel that nobody has asked yet is taken for one that accepts two times in three.

    >>> _history(0, 0), round(_history(97, 0), 3), _history(0, 17)
    (3.333..., 0.1, 9.0)
    """
    return REFUSALS_KM * (1 - (accepted + HAS_ACCEPTED) / (accepted + refused + OF))


def _direction(azimuth: float, bearing: float | None) -> float:
    """Nothing while it is roughly where she is safer, and the most right behind her.

    >>> [round(_direction(azimuth, 350.0), 3) for azimuth in (10.0, 35.0, 80.0, 170.0, 215.0)]
    [0.0, 0.0, 3.333, 10.0, 6.667]
    """
    if bearing is None:
        return 0.0
    aside = abs((azimuth - bearing + 180) % 360 - 180)
    return WRONG_WAY_KM * max(0.0, aside - ROUGHLY) / (180 - ROUGHLY)
