"""Rooms and prices invented for a hotel of the list, for proofs and the demo city. Pure.

Nobody has said any of it: the list says how many rooms a hotel has, not which, at what price, or
that it would give one. Never in production.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from matching.shelter.inventory.listed.rows import Listed
from matching.shelter.values import HotelId, KindId, RoomKind
from realtime.kernel.ids import Ids

#: For two, by stars, in euros; other rooms by how many sleep there.
_EUROS = (48, 45, 55, 72, 105, 190)
_DEARER = {1: 0.8, 2: 1.0, 3: 1.2, 4: 1.45, 5: 1.7, 6: 1.9}


@dataclass(frozen=True, slots=True)
class _Sort:
    """Rooms that many hotels have: for how many, in how many hotels, and what share of theirs."""

    people: int
    chance: float
    share: int
    cots: tuple[int, ...]


_SORTS = (
    _Sort(2, 1.0, 10, (0, 0, 1)),
    _Sort(1, 0.4, 4, (0,)),
    _Sort(3, 0.5, 4, (0, 1)),
    _Sort(4, 0.4, 3, (0, 1, 2)),
    _Sort(5, 0.08, 1, (1, 2)),
    _Sort(6, 0.06, 1, (1, 2)),
)


def drawn(listed: Listed, hotel: HotelId, ids: Ids, seed: int) -> list[RoomKind]:
    """The same for the same seed and hotel; they add up to the rooms that the list says it has."""
    dice = Random(f"{seed} {listed.source}")  # noqa: S311 - nothing is guarded by it
    pets, euros = dice.random() < 0.4, _EUROS[listed.stars] * dice.uniform(0.75, 1.35)
    sorts = [it for it in _SORTS if dice.random() < it.chance]
    if listed.rooms > dice.randint(5, 60):
        # The law asks for some; in the smallest there is none.
        sorts.append(dice.choice(sorts))
    counts = _split(listed.rooms, sorts)
    return [
        RoomKind(
            kind=KindId(ids()),
            hotel=hotel,
            people=sort.people,
            cots=dice.choice(sort.cots),
            # The second time a sort comes up.
            accessible=sort in sorts[:number],
            pets=pets,
            ground_floor=dice.random() < 0.2,
            price_cents=round(euros * _DEARER[sort.people] / 5) * 500,
            usual=count,
        )
        for number, (sort, count) in enumerate(zip(sorts, counts, strict=True))
    ]


def _split(rooms: int, sorts: list[_Sort]) -> Iterator[int]:
    """Shares of all the rooms; what is left over is for the first."""
    whole = sum(it.share for it in sorts)
    parts = [rooms * it.share // whole for it in sorts]
    yield parts[0] + rooms - sum(parts)
    yield from parts[1:]
