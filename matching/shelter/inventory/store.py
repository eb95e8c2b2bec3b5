"""Hotels, their kinds of rooms, and what a desk has said of a night: tables and statements."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from realtime.sql import Instant, metadata
from realtime.sql_point import GeoPoint

hotel = Table(
    "shelter_hotel",
    metadata,
    Column("hotel", String, primary_key=True),
    #: Its number in the public list, for imports only: it leads to a name.
    Column("source", String, unique=True),
    Column("commune", String, nullable=False),
    Column("commune_name", String, nullable=False),
    #: Département, for budgets and statistics.
    Column("area", String, nullable=False, index=True),
    #: The commune's own point: what maps and exports show.
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    #: The middle of ``cell``: what distances are counted from.
    Column("place", GeoPoint, nullable=False),
    Column("cell", String, nullable=False),
    Column("margin_m", Float, nullable=False),
    Column("desk_24h", Boolean, nullable=False),
    Column("canary", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("spoken", Instant),
    Column("accepted", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    #: Name, street, telephone, sealed under ``hotel:<hotel>``.
    Column("sealed", LargeBinary, nullable=False),
    Index("shelter_hotel_commune", "commune"),
)

kind = Table(
    "shelter_kind",
    metadata,
    Column("kind", String, primary_key=True),
    Column("hotel", String, nullable=False, index=True),
    Column("people", Integer, nullable=False),
    Column("cots", Integer, nullable=False),
    Column("accessible", Boolean, nullable=False),
    Column("pets", Boolean, nullable=False),
    Column("ground_floor", Boolean, nullable=False),
    Column("price_cents", Integer, nullable=False),
    Column("usual", Integer, nullable=False),
)

#: What a desk has said of a night; without a row, ``usual`` rooms and none occupied.
night = Table(
    "shelter_night",
    metadata,
    Column("kind", String, primary_key=True),
    Column("night", Date, primary_key=True),
    Column("hotel", String, nullable=False),
    Column("total", Integer, nullable=False),
    Column("occupied", Integer, nullable=False),
    Index("shelter_night_hotel", "hotel", "night"),
)

#: One row for each night of each hold that is alive; its count is what is held.
hold_night = Table(
    "shelter_hold_night",
    metadata,
    Column("hold", String, primary_key=True),
    Column("night", Date, primary_key=True),
    Column("kind", String, nullable=False),
    Column("hotel", String, nullable=False),
    Index("shelter_hold_night_kind", "kind", "night"),
)
