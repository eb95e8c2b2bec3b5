"""Counters that hold nobody: nights not found, and nights given. Tables and statements."""

from sqlalchemy import Column, Date, Integer, String, Table

from realtime.sql import metadata

#: How many needs of a shape found no room that night, in a département, and why.
unmet = Table(
    "shelter_unmet",
    metadata,
    Column("night", Date, primary_key=True),
    Column("area", String, primary_key=True),
    Column("shape", String, primary_key=True),
    Column("reason", String, primary_key=True),
    Column("count", Integer, nullable=False),
)

#: Nights that somebody slept in a hotel, by département.
given = Table(
    "shelter_given",
    metadata,
    Column("night", Date, primary_key=True),
    Column("area", String, primary_key=True),
    Column("count", Integer, nullable=False),
)
