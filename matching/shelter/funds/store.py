"""Budgets, accounts, vouchers and the nights they are about: tables, and every statement on them."""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, String, Table

from realtime.sql import Instant, metadata

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
