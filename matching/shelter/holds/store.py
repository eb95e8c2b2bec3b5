"""Holds: their table, and every statement on them."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, String, Table

from realtime.sql import Instant, metadata

hold = Table(
    "shelter_hold",
    metadata,
    Column("hold", String, primary_key=True),
    Column("need", String, nullable=False, index=True),
    Column("hotel", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("first", Date, nullable=False),
    Column("nights", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("alias", String, nullable=False),
    Column("word", String, nullable=False),
    Column("held", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("extended", Boolean, nullable=False),
    Column("price_cents", Integer, nullable=False),
    Column("budget", String),
    Column("approved", Boolean, nullable=False),
    Column("by", String, nullable=False),
    Column("ended", Instant),
    #: Wrong codes typed so far.
    Column("tries", Integer, nullable=False),
    #: The six figures she says at the desk, sealed under ``hold:<hold>``.
    Column("code", LargeBinary),
    Index("shelter_hold_hotel", "hotel", "state"),
)
