"""Random operations on the real stores, each compared with the model; and bugs planted in them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import pytest

from matching.shelter.holds.service import Change, Holds
from matching.shelter.inventory import reconciling
from matching.shelter.inventory.counting import store as counting
from matching.shelter.inventory.service import Inventory
from matching.shelter.rules import NIGHTS_ALONE
from matching.shelter.values import (
    BudgetId,
    Count,
    Hold,
    HoldId,
    Household,
    NeedId,
    Night,
    RoomKind,
)
from realtime.kernel.errors import AppError
from realtime.ledger import Reading, Transaction
from tests.support.shelter_model import Model, Said, operations, pick, say_to, some_kinds, told
from tests.support.sheltering import AN_ADDRESS, DESK, Shelter, a_hotel

T = TypeVar("T")
PAIR = Household(adults=2)


@dataclass
class Played:
    operations: int
    #: Outcomes, by name: what was really tried.
    outcomes: dict[str, int]
    #: What differed from the model, or did not add up.
    wrong: list[str]


async def furnish(place: Shelter, kinds: list[RoomKind]) -> None:
    for name in dict.fromkeys(it.hotel for it in kinds):
        rooms = [it for it in kinds if it.hotel == name]
        await place.write(
            lambda tx, name=name, rooms=rooms: place.inventory.add_hotel(  # type: ignore[misc]
                tx, a_hotel(name), rooms, AN_ADDRESS
            )
        )


async def play(place: Shelter, seed: int, many: int, *, look_every: int = 25) -> Played:
    """Say the same to both; stop at the first difference."""
    model = Model(some_kinds(), place.clock.now())
    await furnish(place, model.kinds)
    played = Played(0, {}, [])
    #: The model's holds, and those they are in the database.
    names: dict[HoldId, HoldId] = {}
    for number, it in enumerate(operations(seed, many)):
        mine = pick(list(model.holds), it.hold)
        wanted = say_to(model, it, number)
        found = await _say(place, it, model.kinds, None if mine is None else names[mine])
        if isinstance(found, Hold) and it.verb == "hold" and HoldId(f"{number}") in model.holds:
            names[HoldId(f"{number}")] = found.hold
        heard = found if isinstance(found, str) else told(found)
        key = f"{it.verb} {heard.split()[0]}" if heard[0].isalpha() else f"{it.verb} counted"
        played.outcomes[key] = played.outcomes.get(key, 0) + 1
        played.operations += 1
        if heard != wanted:
            played.wrong.append(f"{number}: {it}: {heard}, not {wanted}")
        if number % look_every == 0 or number == many - 1:
            played.wrong += await differences(place, model, names)
        if played.wrong:
            break
    return played


async def differences(place: Shelter, model: Model, names: dict[HoldId, HoldId]) -> list[str]:
    """Counts and holds that are not as the model has them, and what does not add up."""
    wrong = model.problems()
    days = [model.tonight + timedelta(days=day) for day in range(-2, 5)]

    async def look(reading: Reading) -> None:
        if drift := await reconciling.drift(reading):
            wrong.append(f"drift {drift}")
        for of in model.kinds:
            counts = await counting.counts(reading.db, of, days)
            wrong.extend(
                f"{of.kind} on {day}: {counts[day]}, not {model.count(of, day)}"
                for day in days
                if counts[day] != model.count(of, day)
            )
        for name, real in names.items():
            found = await place.holds.find(reading, real)
            if found is None or told(found) != told(model.holds[name]):
                wrong.append(f"{name}: {found}")

    await place.read(look)
    return wrong


async def _say(
    place: Shelter, it: Said, kinds: list[RoomKind], hold: HoldId | None
) -> Hold | Count | str:
    of = kinds[it.kind % len(kinds)]
    night = place.tonight + timedelta(days=it.days)
    holds, rooms = place.holds, place.inventory
    match it.verb:
        case "wait":
            await place.pass_time(it.minutes * 60)
            return "nothing"
        case "hold":
            return await _held(place, lambda tx: take(holds, tx, it, of, night))
        case "change":
            return await _done(
                place,
                lambda tx: rooms.change(tx, of.hotel, of.kind, night=night, by=it.by, actor=DESK),
            )
        case "occupy":
            return await _done(
                place,
                lambda tx: rooms.occupy(tx, of.hotel, of.kind, night=night, by=it.by, actor=DESK),
            )
        case _ if hold is None:
            return "nothing"
        case _:
            name = hold
            return await _held(place, lambda tx: happen(holds, tx, it, name))


async def take(
    holds: Holds,
    tx: Transaction,
    it: Said,
    of: RoomKind,
    night: Night,
    budget: BudgetId | None = None,
) -> Change:
    return await holds.hold(
        tx,
        need=NeedId(it.need),
        household=PAIR,
        hotel=of.hotel,
        kind=of.kind,
        first=night,
        nights=it.many,
        minutes=90,
        budget=budget,
        price_cents=of.price_cents,
        by=it.actor,
        approved=it.many <= NIGHTS_ALONE,
    )


async def happen(holds: Holds, tx: Transaction, it: Said, hold: HoldId) -> Change:
    """What is said of one hold."""
    match it.verb:
        case "more":
            return await holds.more(tx, hold, it.many, actor=it.actor)
        case "approve":
            return await holds.approve(tx, hold, actor=it.actor)
        case "decline":
            return await holds.decline(tx, hold, reason="full", actor=it.actor)
        case "arrive":
            return await holds.arrive(tx, hold, None, actor=it.actor)
        case "confirm":
            return await holds.confirm(tx, hold, actor=it.actor)
        case "extend":
            return await holds.extend(tx, hold, actor=it.actor)
        case "cancel":
            return await holds.cancel(tx, hold, actor=it.actor)
        case _:
            return await holds.leave(tx, hold, actor=it.actor)


async def _held(place: Shelter, work: Callable[[Transaction], Awaitable[Change]]) -> Hold | str:
    done = await _done(place, work)
    return done if isinstance(done, str) else done.after


async def _done(place: Shelter, work: Callable[[Transaction], Awaitable[T]]) -> T | str:
    try:
        return await place.write(work)
    except AppError as error:
        return error.name


# Planted bugs.


def forget_to_give_back(patch: pytest.MonkeyPatch) -> None:
    """A hold that ends keeps its rooms: FABT's phantom holds."""

    async def give_back(self: Inventory, tx: Transaction, hold: Hold) -> None:
        return None

    patch.setattr(Inventory, "give_back", give_back)


def assert_nothing(patch: pytest.MonkeyPatch) -> None:
    """The assertions at run time are taken out."""

    async def check(self: Inventory, tx: Transaction, hold: Hold) -> None:
        return None

    patch.setattr(Inventory, "check", check)


def count_by_delta(patch: pytest.MonkeyPatch) -> None:
    """What is held is a number that is added to, and that forgets the nights added later."""
    held: dict[tuple[str, Night], int] = {}
    honest, take, give_back = counting.counts, counting.take, Inventory.give_back

    async def counts(db: object, of: RoomKind, on: object) -> dict[Night, Count]:
        found = await honest(db, of, on)  # type: ignore[arg-type]  # passed on
        return {
            night: Count(it.total, it.occupied, held.get((of.kind, night), 0))
            for night, it in found.items()
        }

    async def taking(db: object, it: Hold, on: list[Night]) -> None:
        for night in on:
            held[it.kind, night] = held.get((it.kind, night), 0) + 1
        await take(db, it, on)  # type: ignore[arg-type]  # passed on

    async def giving(self: Inventory, tx: Transaction, hold: Hold) -> None:
        held[hold.kind, hold.first] -= 1
        await give_back(self, tx, hold)

    patch.setattr(counting, "counts", counts)
    patch.setattr(counting, "take", taking)
    patch.setattr(Inventory, "give_back", giving)


def lock_nothing(patch: pytest.MonkeyPatch) -> None:
    """Two nodes may look at the same room at the same moment."""

    async def lock(db: object, name: str) -> None:
        return None

    patch.setattr("matching.shelter.inventory.store.lock", lock)
