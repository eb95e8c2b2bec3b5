"""Counters of forms, by month: a table, and every statement on it. No form is kept."""

from sqlalchemy import Column, Integer, String, Table, select
from sqlalchemy.dialects.postgresql import insert

from matching.helpline.wrapup.counts import Answers
from realtime.sql import Connection, metadata

count = Table(
    "helpline_count",
    metadata,
    Column("line", String, primary_key=True),
    #: ``2026-11``, of Paris.
    Column("month", String, primary_key=True),
    Column("area", String, primary_key=True),
    Column("question", String, primary_key=True),
    Column("answer", String, primary_key=True),
    Column("many", Integer, nullable=False),
)
_KEY = ["line", "month", "area", "question", "answer"]


async def add(
    db: Connection, line: str, month: str, area: str, answers: list[tuple[str, str]]
) -> None:
    """One more of each, in an order that all transactions have."""
    for question, answer in sorted(answers):
        statement = insert(count).values(
            line=line, month=month, area=area, question=question, answer=answer, many=1
        )
        await db.execute(
            statement.on_conflict_do_update(index_elements=_KEY, set_={"many": count.c.many + 1})
        )


async def of_month(db: Connection, line: str, month: str) -> list[Answers]:
    query = select(count.c.area, count.c.question, count.c.answer, count.c.many).where(
        count.c.line == line, count.c.month == month
    )
    return [
        Answers(area, question, answer, many)
        for area, question, answer, many in await db.execute(query)
    ]
