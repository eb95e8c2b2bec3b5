"""What figures are made of, read from the tables of others."""

from datetime import datetime

from sqlalchemy import func, or_, select

from realtime.sql import Connection
from realtime.store import task


async def late_tasks(db: Connection, before: datetime) -> tuple[int, datetime | None]:
    """How many tasks have been due since before a moment with nobody on them, and since when."""
    query = select(func.count(), func.min(task.c.due)).where(
        task.c.due < before, or_(task.c.lease.is_(None), task.c.lease < before)
    )
    row = (await db.execute(query)).one()
    return int(row[0]), row[1]
