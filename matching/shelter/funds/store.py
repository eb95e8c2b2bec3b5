"""Budgets, and the nights that they pay for: tables, and every statement on them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Column, Date, Index, Integer, Row, String, Table, func, select

from matching.shelter.funds.books.store import account
from matching.shelter.funds.values import Budget, FundedNight, NightState
from matching.shelter.inventory.store import hotel as hotels
from matching.shelter.values import BudgetId, HoldId, HotelId, Night
from realtime.sql import Connection, Instant, by_bytes, locked, metadata, upsert_all

#: Rows asked about in one statement.
AT_ONCE = 200

budget = Table(
    "fund_budget",
    metadata,
    Column("budget", String, primary_key=True),
    #: The organisation that gives the money.
    Column("funder", String, nullable=False, index=True),
    Column("name", String, nullable=False),
    #: A département; nothing: everywhere.
    Column("area", String, nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    #: What a night may cost at most.
    Column("most_cents", Integer),
    Column("opened", Instant, nullable=False),
)

#: Each night that was ever promised, and what has become of its money.
night = Table(
    "fund_night",
    metadata,
    Column("hold", String, primary_key=True),
    Column("night", Date, primary_key=True),
    Column("budget", String, nullable=False),
    Column("hotel", String, nullable=False),
    Column("price_cents", Integer, nullable=False),
    Column("state", String, nullable=False),
    #: The voucher that brought it there.
    Column("voucher", String, nullable=False),
    Index("fund_night_hotel", "hotel", "night"),
    Index("fund_night_budget", "budget", "state", "night"),
)


# Budgets.


async def put_budget(db: Connection, new: Budget) -> None:
    await db.execute(
        budget.insert().values(
            budget=new.budget,
            funder=new.funder,
            name=new.name,
            area=new.area,
            first=new.first,
            last=new.last,
            most_cents=new.most_cents,
            opened=new.opened,
        )
    )


async def find_budget(db: Connection, name: BudgetId) -> Budget | None:
    row = (await db.execute(select(budget).where(budget.c.budget == name))).first()
    return None if row is None else _budget(row)


async def budgets(db: Connection, funder: str | None) -> list[Budget]:
    """One funder's budgets, or everybody's, the newest first."""
    query = select(budget).order_by(budget.c.last.desc(), by_bytes(db, budget.c.budget))
    if funder is not None:
        query = query.where(budget.c.funder == funder)
    return [_budget(row) for row in await db.execute(query)]


async def paying(
    db: Connection, areas: Collection[str], first: Night, last: Night
) -> list[tuple[Budget, int]]:
    """Budgets that pay in one of these areas for all these nights, and what is left in each."""
    left = account.alias()
    query = (
        select(budget, left.c.cents)
        .join(left, left.c.account == "budget:" + budget.c.budget)
        .where(
            budget.c.area.in_(areas),
            budget.c.first <= first,
            budget.c.last >= last,
            left.c.cents > 0,
        )
    )
    return [(_budget(row), row.cents) for row in await db.execute(query)]


async def area_of(db: Connection, name: HotelId) -> str | None:
    """The département of a hotel."""
    query = select(hotels.c.area).where(hotels.c.hotel == name)
    return (await db.execute(query)).scalar()


async def communes(db: Connection, names: Sequence[HotelId]) -> dict[HotelId, tuple[str, str]]:
    """Where hotels are: the commune's name and the département, and nothing nearer."""
    found: dict[HotelId, tuple[str, str]] = {}
    for start in range(0, len(names), AT_ONCE):
        query = select(hotels.c.hotel, hotels.c.commune_name, hotels.c.area).where(
            hotels.c.hotel.in_(names[start : start + AT_ONCE])
        )
        for row in await db.execute(query):
            found[HotelId(row.hotel)] = (row.commune_name, row.area)
    return found


# Nights.


async def nights_of(db: Connection, hold: HoldId) -> list[FundedNight]:
    """The nights of a hold whose money is known, the first first; locked in a transaction."""
    query = select(night).where(night.c.hold == hold).order_by(night.c.night)
    return [_night(row) for row in await db.execute(locked(db, query))]


async def put_nights(db: Connection, changed: Sequence[FundedNight]) -> None:
    rows = [_values(it) for it in changed]
    if rows:
        statement = upsert_all(night, list(rows[0]), key=["hold", "night"])
        await db.execute(statement, rows)


class Slept(NamedTuple):
    night: FundedNight
    #: The name of the budget that pays.
    budget: str


async def slept(
    db: Connection,
    *,
    first: Night,
    last: Night,
    hotel: HotelId | None = None,
    funder: str | None = None,
    states: Collection[NightState] = (NightState.SPENT, NightState.PAID),
) -> list[Slept]:
    """Nights that are owed or paid, with their budget's name; locked in a transaction."""
    query = (
        select(night, budget.c.name)
        .join(budget, budget.c.budget == night.c.budget)
        .where(night.c.night.between(first, last), night.c.state.in_(sorted(states)))
        .order_by(night.c.night, by_bytes(db, night.c.hold))
    )
    if hotel is not None:
        query = query.where(night.c.hotel == hotel)
    if funder is not None:
        query = query.where(budget.c.funder == funder)
    return [Slept(_night(row), row.name) for row in await db.execute(query)]


async def spending(
    db: Connection, budgets: Sequence[BudgetId], first: Night, last: Night
) -> dict[BudgetId, dict[date, tuple[int, int]]]:
    """For each budget, what each night cost it: rooms and cents."""
    query = (
        select(night.c.budget, night.c.night, func.count(), func.sum(night.c.price_cents))
        .where(
            night.c.budget.in_(budgets),
            night.c.state.in_([NightState.SPENT, NightState.PAID]),
            night.c.night.between(first, last),
        )
        .group_by(night.c.budget, night.c.night)
    )
    found: dict[BudgetId, dict[date, tuple[int, int]]] = {}
    for of, day, rooms, cents in await db.execute(query):
        found.setdefault(BudgetId(of), {})[day] = (rooms, int(cents))
    return found


async def paid_from(db: Connection, budgets: Sequence[BudgetId]) -> Mapping[BudgetId, int]:
    """What has been paid out of each budget, of what it owed."""
    query = (
        select(night.c.budget, func.sum(night.c.price_cents))
        .where(night.c.budget.in_(budgets), night.c.state == NightState.PAID)
        .group_by(night.c.budget)
    )
    return {BudgetId(of): int(cents) for of, cents in await db.execute(query)}


def _budget(row: Row[tuple[object, ...]]) -> Budget:
    return Budget(
        budget=BudgetId(row.budget),
        funder=row.funder,
        name=row.name,
        area=row.area,
        first=row.first,
        last=row.last,
        most_cents=row.most_cents,
        opened=row.opened,
    )


def _night(row: Row[tuple[object, ...]]) -> FundedNight:
    return FundedNight(
        hold=HoldId(row.hold),
        night=row.night,
        budget=BudgetId(row.budget),
        hotel=HotelId(row.hotel),
        price_cents=row.price_cents,
        state=NightState(row.state),
        voucher=row.voucher,
    )


def _values(of: FundedNight) -> dict[str, object]:
    return {
        "hold": of.hold,
        "night": of.night,
        "budget": of.budget,
        "hotel": of.hotel,
        "price_cents": of.price_cents,
        "state": of.state,
        "voucher": of.voucher,
    }
