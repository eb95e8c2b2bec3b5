"""Accounts, vouchers and postings: tables, and every statement on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    Row,
    String,
    Table,
    and_,
    func,
    or_,
    select,
)

from matching.shelter.funds.vouchers import Account, Kind, Posting
from matching.shelter.values import BudgetId, HoldId, HotelId
from realtime.sql import Connection, Instant, add_to, by_bytes, locked, metadata

#: What an account holds: always the sum of its postings.
account = Table(
    "fund_account",
    metadata,
    Column("account", String, primary_key=True),
    Column("cents", BigInteger, nullable=False),
)

voucher = Table(
    "fund_voucher",
    metadata,
    Column("voucher", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", String, nullable=False),
    Column("budget", String),
    Column("hotel", String),
    Column("hold", String),
    #: How many nights it is about.
    Column("nights", Integer, nullable=False),
    Index("fund_voucher_budget", "budget", "at"),
    Index("fund_voucher_hold", "hold"),
)

#: Never changed and never deleted.
posting = Table(
    "fund_posting",
    metadata,
    Column("voucher", String, primary_key=True),
    Column("account", String, primary_key=True),
    Column("cents", BigInteger, nullable=False),
    Index("fund_posting_account", "account"),
)


async def balances(db: Connection, names: Iterable[Account]) -> dict[Account, int]:
    """What accounts hold; in a transaction, nobody else changes them until the commit."""
    query = (
        select(account)
        .where(account.c.account.in_(sorted(set(names))))
        .order_by(by_bytes(db, account.c.account))
    )
    return {Account(row.account): row.cents for row in await db.execute(locked(db, query))}


async def add(db: Connection, postings: Sequence[Posting]) -> dict[Account, int]:
    """Add to accounts, in the order of their names; answers what they hold then."""
    after: dict[Account, int] = {}
    for each in sorted(postings, key=lambda posting: posting.account):
        statement = add_to(account, key="account", amount="cents").values(
            account=each.account, cents=each.cents
        )
        row = (await db.execute(statement)).one()
        after[Account(row.account)] = row.cents
    return after


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """One step of money, and what it was for."""

    voucher: str
    kind: Kind
    at: datetime
    actor: str
    postings: tuple[Posting, ...]
    budget: BudgetId
    hotel: HotelId | None = None
    hold: HoldId | None = None
    #: How many nights it is about.
    nights: int = 0


async def write(db: Connection, new: Voucher) -> None:
    """Keep a voucher and its postings, for ever."""
    await db.execute(
        voucher.insert().values(
            voucher=new.voucher,
            kind=new.kind,
            at=new.at,
            actor=new.actor,
            budget=new.budget,
            hotel=new.hotel,
            hold=new.hold,
            nights=new.nights,
        )
    )
    if new.postings:
        rows = [
            {"voucher": new.voucher, "account": it.account, "cents": it.cents}
            for it in new.postings
        ]
        await db.execute(posting.insert(), rows)


async def entries(
    db: Connection, of: BudgetId, *, before: str | None, limit: int
) -> list[Row[tuple[object, ...]]]:
    """Vouchers of a budget with what each moved, the newest first."""
    moved = (
        select(posting.c.voucher, func.sum(posting.c.cents).label("cents"))
        .where(posting.c.cents > 0)
        .group_by(posting.c.voucher)
        .subquery()
    )
    query = (
        select(voucher, func.coalesce(moved.c.cents, 0).label("cents"))
        .outerjoin(moved, moved.c.voucher == voucher.c.voucher)
        .where(voucher.c.budget == of)
        .order_by(voucher.c.at.desc(), by_bytes(db, voucher.c.voucher).desc())
        .limit(limit)
    )
    if before is not None:
        at = select(voucher.c.at).where(voucher.c.voucher == before).scalar_subquery()
        earlier = and_(voucher.c.at == at, by_bytes(db, voucher.c.voucher) < before)
        query = query.where(or_(voucher.c.at < at, earlier))
    return list(await db.execute(query))


async def kept_accounts(db: Connection) -> dict[Account, int]:
    return {Account(row.account): row.cents for row in await db.execute(select(account))}


async def posted(db: Connection) -> dict[Account, int]:
    """The sum of all that was posted to each account."""
    query = select(posting.c.account, func.sum(posting.c.cents)).group_by(posting.c.account)
    return {Account(name): int(cents) for name, cents in await db.execute(query)}
