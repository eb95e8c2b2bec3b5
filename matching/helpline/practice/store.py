"""How far each exercise is: a table, and every statement on it."""

from dataclasses import dataclass

from sqlalchemy import Column, Integer, String, Table, delete, select, update

from realtime.sql import Connection, metadata

practice = Table(
    "helpline_practice",
    metadata,
    Column("chat", String, primary_key=True),
    Column("room", String, nullable=False, unique=True),
    Column("script", String, nullable=False),
    #: The turn she says next.
    Column("step", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Exercise:
    chat: str
    room: str
    script: str
    step: int


async def put(db: Connection, new: Exercise) -> None:
    await db.execute(
        practice.insert().values(chat=new.chat, room=new.room, script=new.script, step=new.step)
    )


async def find(db: Connection, chat: str) -> Exercise | None:
    return await _one(db, practice.c.chat, chat)


async def in_room(db: Connection, room: str) -> Exercise | None:
    return await _one(db, practice.c.room, room)


async def _one(db: Connection, column: Column[str], value: str) -> Exercise | None:
    row = (await db.execute(select(practice).where(column == value))).first()
    return None if row is None else Exercise(row.chat, row.room, row.script, row.step)


async def move(db: Connection, chat: str, step: int) -> None:
    await db.execute(update(practice).where(practice.c.chat == chat).values(step=step))


async def drop(db: Connection, chat: str) -> None:
    await db.execute(delete(practice).where(practice.c.chat == chat))
