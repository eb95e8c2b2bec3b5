"""Accounts of staff (organisations, invitations, keys, tablets), and shelter.

Programs of before go on opening sessions without saying how.
"""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, String, UniqueConstraint

from web.migrations.shelter import drop_shelter, make_shelter

revision, down_revision = "pre_0003", "post_0002"

_OF_SESSION = ("opened", "way", "label", "stepped")
_TABLES = (
    "staff_organisation",
    "staff_member",
    "staff_invitation",
    "staff_challenge",
    "staff_passkey",
    "staff_totp",
    "staff_desk",
    "staff_pin",
)


def upgrade() -> None:
    op.add_column("session", Column("opened", BigInteger))
    op.add_column("session", Column("way", String))
    op.add_column("session", Column("label", String))
    op.add_column("session", Column("stepped", BigInteger))
    _make_people()
    _make_keys()
    _make_desks()
    make_shelter()


def _make_people() -> None:
    op.create_table(
        "staff_organisation",
        Column("organisation", String, primary_key=True),
        Column("kind", String, nullable=False),
        Column("name", String, nullable=False),
        Column("hotel", String),
        Column("made", BigInteger, nullable=False),
        UniqueConstraint("hotel"),
    )
    op.create_table(
        "staff_member",
        Column("person", String, primary_key=True),
        Column("organisation", String, nullable=False),
        Column("role", String, nullable=False),
        Column("handle", String, nullable=False),
        Column("tablet", Boolean, nullable=False),
        Column("name", LargeBinary),
        Column("joined", BigInteger, nullable=False),
        Column("removed", BigInteger),
        UniqueConstraint("handle"),
    )
    op.create_index("ix_staff_member_organisation", "staff_member", ["organisation"])
    op.create_table(
        "staff_invitation",
        Column("invitation", String, primary_key=True),
        Column("mark", LargeBinary, nullable=False),
        Column("organisation", String, nullable=False),
        Column("role", String, nullable=False),
        Column("by", String, nullable=False),
        Column("until", BigInteger, nullable=False),
        Column("person", String),
        UniqueConstraint("mark"),
    )
    op.create_index("staff_invitation_until", "staff_invitation", ["until"])


def _make_keys() -> None:
    op.create_table(
        "staff_challenge",
        Column("mark", LargeBinary, primary_key=True),
        Column("purpose", String, nullable=False),
        Column("session", String, nullable=False),
        Column("until", BigInteger, nullable=False),
    )
    op.create_index("ix_staff_challenge_until", "staff_challenge", ["until"])
    op.create_table(
        "staff_passkey",
        Column("credential", String, primary_key=True),
        Column("person", String, nullable=False),
        Column("public_key", LargeBinary, nullable=False),
        Column("uses", BigInteger, nullable=False),
        Column("shared", Boolean, nullable=False),
        Column("made", BigInteger, nullable=False),
        Column("used", BigInteger),
    )
    op.create_index("ix_staff_passkey_person", "staff_passkey", ["person"])
    op.create_table(
        "staff_totp",
        Column("person", String, primary_key=True),
        Column("secret", LargeBinary),
        Column("pending", LargeBinary),
        Column("step", BigInteger),
        Column("wrong", Integer, nullable=False),
        Column("locked", BigInteger),
    )


def _make_desks() -> None:
    op.create_table(
        "staff_desk",
        Column("desk", String, primary_key=True),
        Column("hotel", String, nullable=False),
        Column("mark", LargeBinary, nullable=False),
        Column("by", String, nullable=False),
        Column("until", BigInteger, nullable=False),
        Column("wrong", Integer, nullable=False),
    )
    op.create_index("ix_staff_desk_until", "staff_desk", ["until"])
    op.create_table(
        "staff_pin",
        Column("person", String, primary_key=True),
        Column("hash", String, nullable=False),
        Column("wrong", Integer, nullable=False),
        Column("locked", BigInteger),
    )


def downgrade() -> None:
    """Every account is lost (who had one is invited again); so is all of shelter."""
    drop_shelter()
    for table in _TABLES:
        op.drop_table(table)
    for column in _OF_SESSION:
        op.drop_column("session", column)
