"""The same question answered by looking at every hotel, without a bound and without an index.

It reads rows and the numbers of ``rules.py``; how they are put together is written here again.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from math import inf

from pyproj import Geod

from geo.cells import centre
from geo.zones import FAR
from matching.shelter.search import rules
from matching.shelter.search.fences import measured
from matching.shelter.values import Hotel, RoomKind, Wanted
from tests.proofs.rooms.world import World

_EARTH = Geod(ellps="WGS84")
#: Score, hotel, kind.
Place = tuple[float, str, str]


class Exhaustive:
    def __init__(self, world: World) -> None:
        self._world = world
        self._kinds: dict[str, list[RoomKind]] = {}
        for kind in world.kinds:
            self._kinds.setdefault(kind.hotel, []).append(kind)
        self._hotels: dict[str, Hotel] = {it.hotel: it for it in world.hotels}
        middles = [centre(it.cell) for it in world.hotels]
        self._lats, self._lons = [it.lat for it in middles], [it.lon for it in middles]

    def answer(
        self, wanted: Wanted, *, limit: int, now: datetime, free: bool = True
    ) -> list[Place]:
        """The best rooms of the best hotels, in their order."""
        stay = [wanted.first + timedelta(days=day) for day in range(wanted.nights)]
        answered: dict[str, Place] = {}
        for score, hotel, kind, of in sorted(self._scores(wanted, now), key=lambda it: it[:3]):
            if len(answered) == limit:
                break
            if hotel in answered or (free and self._world.free(of, stay) < 1):
                continue
            if self.outside(wanted, hotel) > 0:
                answered[hotel] = (score, hotel, kind)
        return list(answered.values())

    def outside(self, wanted: Wanted, hotel: str) -> float:
        """How far a hotel is outside all zones at least, wherever its margin lets it be."""
        it = self._hotels[hotel]
        if wanted.zones and it.margin_m > FAR:
            return -inf
        zones = (measured(zone).metres(centre(it.cell)) for zone in wanted.zones)
        return min((metres - it.margin_m for metres in zones), default=inf)

    def _scores(self, wanted: Wanted, now: datetime) -> Iterator[tuple[float, str, str, RoomKind]]:
        """Every room of every hotel in which they can sleep."""
        here, number, sleepers = centre(wanted.cell), len(self._lats), _sleepers(wanted)
        ways, _, metres = _EARTH.inv(
            [here.lon] * number, [here.lat] * number, self._lons, self._lats
        )
        for hotel, way, far in zip(self._world.hotels, ways, metres, strict=True):
            common = None
            for kind in _fitting(self._kinds.get(hotel.hotel, []), wanted):
                if common is None:
                    common = _common(hotel, now) + far / 1_000
                    if wanted.bearing is not None and far > 0:
                        common += _aside(way, wanted.bearing)
                empty = kind.people - sleepers
                score = common + kind.price_cents / 100 / 10 + rules.EMPTY_BED_KM * empty
                yield round(score, 6), hotel.hotel, kind.kind, kind


def _sleepers(wanted: Wanted) -> int:
    return wanted.household.adults + sum(age >= 2 for age in wanted.household.children)


def _fitting(kinds: Iterable[RoomKind], wanted: Wanted) -> Iterator[RoomKind]:
    household, sleepers = wanted.household, _sleepers(wanted)
    cots = sum(age < 2 for age in household.children)
    for kind in kinds:
        if kind.people < sleepers or kind.cots < cots:
            continue
        if (household.wheelchair and not kind.accessible) or (household.pets and not kind.pets):
            continue
        if wanted.most_cents is None or kind.price_cents <= wanted.most_cents:
            yield kind


def _common(hotel: Hotel, now: datetime) -> float:
    age = inf if hotel.spoken_at is None else (now - hotel.spoken_at).total_seconds() / 3_600
    said = 0.0 if age < 2 else rules.AGING_KM if age < 8 else rules.STALE_KM
    accepts = (hotel.accepted + 2) / (hotel.accepted + hotel.refused + 3)
    return said + rules.REFUSALS_KM - rules.REFUSALS_KM * accepts


def _aside(way: float, bearing: float) -> float:
    turned = abs(way - bearing) % 360
    turned = min(turned, 360 - turned)
    return rules.WRONG_WAY_KM * max(0.0, turned - rules.ROUGHLY) / 135
