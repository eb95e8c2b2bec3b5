"""What desks have said, and rooms that are promised, drawn by seed for hotels that are there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from sqlalchemy import bindparam, insert, select, text, update

from matching.shelter.inventory import store
from matching.shelter.inventory.store import as_hotel, as_kind
from matching.shelter.values import Hotel, KindId, Night, RoomKind
from realtime.ledger import Ledger, Transaction

NOW = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
TONIGHT = date(2026, 11, 25)
#: Nights that desks have said something of.
AHEAD = 4
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class World:
    """All that is known, as rows: what an exhaustive answer reads."""

    hotels: Sequence[Hotel]
    kinds: Sequence[RoomKind]
    #: (kind, night): rooms given, and taken by others.
    said: dict[tuple[KindId, Night], tuple[int, int]]
    #: (kind, night): holds.
    held: dict[tuple[KindId, Night], int]

    def free(self, kind: RoomKind, stay: Iterable[Night]) -> int:
        return min(
            total - occupied - self.held.get((kind.kind, on), 0)
            for on in stay
            for total, occupied in [self.said.get((kind.kind, on), (kind.usual, 0))]
        )

    def same(self, other: "World") -> bool:
        """Whether another engine holds the same."""
        return (
            sorted(self.hotels, key=lambda it: it.hotel)
            == sorted(other.hotels, key=lambda it: it.hotel)
            and sorted(self.kinds, key=lambda it: it.kind)
            == sorted(other.kinds, key=lambda it: it.kind)
            and (self.said, self.held) == (other.said, other.held)
        )


async def settle(ledger: Ledger, dice: Random) -> None:
    """Let desks speak and holds be made; the same for the same dice and hotels."""
    async with ledger.reading() as reading:
        hotels = sorted((await reading.db.execute(select(store.hotel.c.hotel))).scalars())
        rows = (await reading.db.execute(select(store.kind))).all()
    kinds = sorted((as_kind(it) for it in rows), key=lambda it: it.kind)
    histories = [_history(dice, it) for it in hotels]
    said = [_night(dice, of, day) for of in kinds for day in range(AHEAD) if _speaks(dice, day)]
    held = [one for of in kinds for day in range(AHEAD) for one in _holds(dice, of, day)]

    async def speak(tx: Transaction) -> None:
        change = update(store.hotel).where(store.hotel.c.hotel == bindparam("of"))
        names = ("spoken", "accepted", "refused")
        await tx.db.execute(change.values({it: bindparam(f"new_{it}") for it in names}), histories)

    async def fill(tx: Transaction) -> None:
        for table, rows in ((store.night, said), (store.hold_night, held)):
            for first in range(0, len(rows), BATCH):
                await tx.db.execute(insert(table), rows[first : first + BATCH])
            if tx.db.dialect.name == "postgresql":
                await tx.db.execute(text(f"ANALYZE {table.name}"))

    await ledger.write(speak)
    await ledger.write(fill)


async def seen(ledger: Ledger) -> World:
    async with ledger.reading() as reading:
        hotels = (await reading.db.execute(select(store.hotel))).all()
        kinds = (await reading.db.execute(select(store.kind))).all()
        said = (await reading.db.execute(select(store.night))).all()
        held = (await reading.db.execute(select(store.hold_night))).all()
    counts: dict[tuple[KindId, Night], int] = {}
    for row in held:
        counts[row.kind, row.night] = counts.get((row.kind, row.night), 0) + 1
    return World(
        [as_hotel(it) for it in hotels if it.active and not it.canary],
        [as_kind(it) for it in kinds],
        {(it.kind, it.night): (it.total, it.occupied) for it in said},
        counts,
    )


def _history(dice: Random, hotel: str) -> dict[str, object]:
    asked = dice.choice((0, 0, 3, 12, 60))
    accepted = round(asked * dice.uniform(0.2, 1))
    hours = dice.choice((0.5, 1.9, 3, 7, 9, 40, None))
    return {
        "of": hotel,
        "new_spoken": None if hours is None else NOW - timedelta(hours=hours * dice.random()),
        "new_accepted": accepted,
        "new_refused": asked - accepted,
    }


def _speaks(dice: Random, day: int) -> bool:
    """Of tonight most desks have said something, of other nights fewer."""
    return dice.random() < 0.7 - 0.15 * day


def _night(dice: Random, kind: RoomKind, day: int) -> dict[str, object]:
    total = max(0, kind.usual + dice.choice((0, 0, 0, -1, 2)))
    full = dice.random() < 0.5
    return {
        "kind": kind.kind,
        "hotel": kind.hotel,
        "night": TONIGHT + timedelta(days=day),
        "total": total,
        "occupied": total if full else dice.randint(0, total),
    }


def _holds(dice: Random, kind: RoomKind, day: int) -> list[dict[str, object]]:
    many = dice.randint(1, 2) if dice.random() < 0.08 else 0
    return [
        {
            "hold": f"{kind.kind} {one}",
            "night": TONIGHT + timedelta(days=day),
            "kind": kind.kind,
            "hotel": kind.hotel,
        }
        for one in range(many)
    ]
