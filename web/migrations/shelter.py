"""The shelter half of ``pre_0003``: hotels, rooms, holds, hotels asked in waves, who pays, needs.

Frozen with it. Only new tables: programs of before know none of them.
"""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)

from realtime.sql_point import GeoPoint
from web.migrations.places import OF_HOTEL, drop_index, make_index

_ALIVE = text("ended IS NULL")
_OWN_AND_OPEN = text("ended IS NULL AND \"by\" = 'self'")
_TABLES = (
    "shelter_hotel",
    "shelter_kind",
    "shelter_night",
    "shelter_hold_night",
    "shelter_hold",
    "shelter_wave",
    "shelter_ask",
    "fund_budget",
    "fund_account",
    "fund_voucher",
    "fund_posting",
    "fund_night",
    "shelter_unmet",
    "shelter_given",
    "shelter_need",
    "shelter_followup",
    "shelter_reveal",
    "shelter_revealer",
    "shelter_alarm",
)


def make_shelter() -> None:
    _make_rooms()
    _make_holds()
    _make_money()
    _make_needs()


def _make_rooms() -> None:
    op.create_table(
        "shelter_hotel",
        Column("hotel", String, primary_key=True),
        Column("source", String),
        Column("commune", String, nullable=False),
        Column("commune_name", String, nullable=False),
        Column("area", String, nullable=False),
        Column("lat", Float, nullable=False),
        Column("lon", Float, nullable=False),
        Column("place", GeoPoint, nullable=False),
        Column("x", Float, nullable=False),
        Column("y", Float, nullable=False),
        Column("z", Float, nullable=False),
        Column("cell", String, nullable=False),
        Column("margin_m", Float, nullable=False),
        Column("desk_24h", Boolean, nullable=False),
        Column("canary", Boolean, nullable=False),
        Column("active", Boolean, nullable=False),
        Column("spoken", BigInteger),
        Column("accepted", Integer, nullable=False),
        Column("refused", Integer, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        UniqueConstraint("source"),
    )
    op.create_index("ix_shelter_hotel_area", "shelter_hotel", ["area"])
    op.create_index("shelter_hotel_commune", "shelter_hotel", ["commune"])
    op.create_table(
        "shelter_kind",
        Column("kind", String, primary_key=True),
        Column("hotel", String, nullable=False),
        Column("people", Integer, nullable=False),
        Column("cots", Integer, nullable=False),
        Column("accessible", Boolean, nullable=False),
        Column("pets", Boolean, nullable=False),
        Column("ground_floor", Boolean, nullable=False),
        Column("price_cents", Integer, nullable=False),
        Column("usual", Integer, nullable=False),
    )
    op.create_index("ix_shelter_kind_hotel", "shelter_kind", ["hotel"])
    op.create_table(
        "shelter_night",
        Column("kind", String, primary_key=True),
        Column("night", Date, primary_key=True),
        Column("hotel", String, nullable=False),
        Column("total", Integer, nullable=False),
        Column("occupied", Integer, nullable=False),
    )
    op.create_index("shelter_night_hotel", "shelter_night", ["hotel", "night"])
    op.create_index("shelter_night_night", "shelter_night", ["night"])
    op.create_table(
        "shelter_hold_night",
        Column("hold", String, primary_key=True),
        Column("night", Date, primary_key=True),
        Column("kind", String, nullable=False),
        Column("hotel", String, nullable=False),
    )
    op.create_index("shelter_hold_night_hotel", "shelter_hold_night", ["hotel", "night"])
    op.create_index("shelter_hold_night_kind", "shelter_hold_night", ["kind", "night"])
    make_index(op.get_bind(), "shelter_hotel", OF_HOTEL)


def _make_holds() -> None:
    op.create_table(
        "shelter_hold",
        Column("hold", String, primary_key=True),
        Column("need", String, nullable=False),
        Column("hotel", String, nullable=False),
        Column("kind", String, nullable=False),
        Column("first", Date, nullable=False),
        Column("nights", Integer, nullable=False),
        Column("state", String, nullable=False),
        Column("alias", String, nullable=False),
        Column("word", String, nullable=False),
        Column("held", BigInteger, nullable=False),
        Column("expires", BigInteger, nullable=False),
        Column("extended", Boolean, nullable=False),
        Column("price_cents", Integer, nullable=False),
        Column("budget", String),
        Column("approved", Boolean, nullable=False),
        Column("by", String, nullable=False),
        Column("ended", BigInteger),
        Column("reason", String),
        Column("tries", Integer, nullable=False),
        Column("sealed", LargeBinary),
    )
    op.create_index("ix_shelter_hold_need", "shelter_hold", ["need"])
    op.create_index(
        "shelter_hold_alive",
        "shelter_hold",
        ["need"],
        unique=True,
        sqlite_where=_ALIVE,
        postgresql_where=_ALIVE,
    )
    op.create_index("shelter_hold_hotel", "shelter_hold", ["hotel", "state"])
    op.create_table(
        "shelter_wave",
        Column("need", String, primary_key=True),
        Column("phase", String, nullable=False),
        Column("began", BigInteger, nullable=False),
        Column("wave", Integer, nullable=False),
        Column("looked", BigInteger),
        Column("dry", Boolean, nullable=False),
        Column("by", String, nullable=False),
        Column("sealed", LargeBinary),
    )
    op.create_table(
        "shelter_ask",
        Column("ask", String, primary_key=True),
        Column("need", String, nullable=False),
        Column("hotel", String, nullable=False),
        Column("kind", String, nullable=False),
        Column("state", String, nullable=False),
        Column("asked", BigInteger, nullable=False),
        Column("until", BigInteger, nullable=False),
    )
    op.create_index("ix_shelter_ask_need", "shelter_ask", ["need"])
    op.create_index("shelter_ask_hotel", "shelter_ask", ["hotel", "state"])


def _make_money() -> None:
    op.create_table(
        "fund_budget",
        Column("budget", String, primary_key=True),
        Column("funder", String, nullable=False),
        Column("name", String, nullable=False),
        Column("area", String, nullable=False),
        Column("first", Date, nullable=False),
        Column("last", Date, nullable=False),
        Column("most_cents", Integer),
        Column("opened", BigInteger, nullable=False),
    )
    op.create_index("ix_fund_budget_funder", "fund_budget", ["funder"])
    op.create_table(
        "fund_account",
        Column("account", String, primary_key=True),
        Column("cents", BigInteger, nullable=False),
    )
    op.create_table(
        "fund_voucher",
        Column("voucher", String, primary_key=True),
        Column("kind", String, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("actor", String, nullable=False),
        Column("budget", String),
        Column("hotel", String),
        Column("hold", String),
        Column("nights", Integer, nullable=False),
    )
    op.create_index("fund_voucher_budget", "fund_voucher", ["budget", "at"])
    op.create_index("fund_voucher_hold", "fund_voucher", ["hold"])
    op.create_table(
        "fund_posting",
        Column("voucher", String, primary_key=True),
        Column("account", String, primary_key=True),
        Column("cents", BigInteger, nullable=False),
    )
    op.create_index("fund_posting_account", "fund_posting", ["account"])
    op.create_table(
        "fund_night",
        Column("hold", String, primary_key=True),
        Column("night", Date, primary_key=True),
        Column("budget", String, nullable=False),
        Column("hotel", String, nullable=False),
        Column("price_cents", Integer, nullable=False),
        Column("state", String, nullable=False),
        Column("voucher", String, nullable=False),
    )
    op.create_index("fund_night_budget", "fund_night", ["budget", "state", "night"])
    op.create_index("fund_night_hotel", "fund_night", ["hotel", "night"])
    op.create_table(
        "shelter_unmet",
        Column("night", Date, primary_key=True),
        Column("area", String, primary_key=True),
        Column("shape", String, primary_key=True),
        Column("reason", String, primary_key=True),
        Column("count", Integer, nullable=False),
    )
    op.create_table(
        "shelter_given",
        Column("night", Date, primary_key=True),
        Column("area", String, primary_key=True),
        Column("count", Integer, nullable=False),
    )


def _make_needs() -> None:
    op.create_table(
        "shelter_need",
        Column("need", String, primary_key=True),
        Column("asker", String, nullable=False),
        Column("by", String, nullable=False),
        Column("phase", String, nullable=False),
        Column("asked", BigInteger, nullable=False),
        Column("first", Date, nullable=False),
        Column("nights", Integer, nullable=False),
        Column("area", String),
        Column("asking", Boolean, nullable=False),
        Column("escalation", String),
        Column("ended", BigInteger),
        Column("sealed", LargeBinary),
    )
    op.create_index("shelter_need_asked", "shelter_need", ["ended", "asked"])
    op.create_index("shelter_need_asker", "shelter_need", ["asker", "asked"])
    op.create_index(
        "shelter_need_own",
        "shelter_need",
        ["asker"],
        unique=True,
        sqlite_where=_OWN_AND_OPEN,
        postgresql_where=_OWN_AND_OPEN,
    )
    op.create_table(
        "shelter_followup",
        Column("hold", String, primary_key=True),
        Column("day", Integer, primary_key=True),
        Column("need", String, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("done", BigInteger),
    )
    op.create_index("ix_shelter_followup_need", "shelter_followup", ["need"])
    op.create_index("shelter_followup_at", "shelter_followup", ["done", "at"])
    op.create_table(
        "shelter_reveal",
        Column("person", String, primary_key=True),
        Column("hold", String, primary_key=True),
        Column("at", BigInteger, nullable=False),
    )
    op.create_index("shelter_reveal_at", "shelter_reveal", ["person", "at"])
    op.create_table(
        "shelter_revealer",
        Column("person", String, primary_key=True),
        Column("locked", BigInteger),
    )
    op.create_table(
        "shelter_alarm",
        Column("alarm", String, primary_key=True),
        Column("kind", String, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("operator", String),
        Column("hotel", String),
        Column("seen", BigInteger),
        Column("seen_by", String),
    )
    op.create_index("shelter_alarm_at", "shelter_alarm", ["seen", "at"])


def drop_shelter() -> None:
    """Every hotel, hold, need and cent is lost."""
    drop_index(op.get_bind(), "shelter_hotel")
    for table in _TABLES:
        op.drop_table(table)
