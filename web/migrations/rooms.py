"""The rooms' part of the pair 4: who is staff, who listens silently, what was read, pictures.

Frozen with it. Programs of before insert members without the new columns, which then are NULL.
"""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, String, text

_OF_MEMBER = ("staff", "silent", "read", "said", "said_at")


def make_rooms() -> None:
    op.add_column("room_member", Column("staff", Boolean))
    op.add_column("room_member", Column("silent", Boolean))
    op.add_column("room_member", Column("read", BigInteger))
    op.add_column("room_member", Column("said", String))
    op.add_column("room_member", Column("said_at", BigInteger))
    op.create_table(
        "room_draft",
        Column("room", String, primary_key=True),
        Column("person", String, nullable=False),
        Column("seat", String, nullable=False),
        Column("until", BigInteger, nullable=False),
    )
    op.create_table(
        "room_picture",
        Column("room", String, primary_key=True),
        Column("picture", String, primary_key=True),
        Column("person", String, nullable=False),
        Column("width", Integer, nullable=False),
        Column("height", Integer, nullable=False),
        Column("bytes", Integer, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
    )
    name_staff()


def name_staff() -> None:
    """Operators in rooms are of the association; programs of before did not say so."""
    op.execute(
        text("UPDATE room_member SET staff = TRUE WHERE role = 'operateur' AND staff IS NULL")
    )


def drop_rooms() -> None:
    """Lost: every picture, who listened silently (they are seen from then on), what was read."""
    op.drop_table("room_picture")
    op.drop_table("room_draft")
    for column in _OF_MEMBER:
        op.drop_column("room_member", column)
