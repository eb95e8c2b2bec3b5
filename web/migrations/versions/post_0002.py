"""Every hotel, station and commune has its place on the globe."""

from alembic import op

from web.migrations.places import TABLES, fill

revision, down_revision = "post_0002", "pre_0002"


def upgrade() -> None:
    for table in TABLES:
        # What a program of before wrote while both were running.
        fill(op.get_bind(), table)
        _require(table, yes=True)


def downgrade() -> None:
    for table in TABLES:
        _require(table, yes=False)


def _require(table: str, *, yes: bool) -> None:
    # SQLite cannot change a column: the table is copied.
    with op.batch_alter_table(table) as change:
        change.alter_column("place", nullable=not yes)
