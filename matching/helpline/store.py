"""Chats, their steps and who let them pass: every statement on them.

In clear: who asked (until it is forgotten), a level, a language, moments. Sealed under
``chat:<chat>``: what gave the level, and the département. Her words are kept as keyed hashes.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    and_,
    delete,
    func,
    select,
    text,
    update,
)

from matching.helpline.figures import Timed
from matching.helpline.rules import WAITING_MOST
from matching.helpline.values import (
    TAKING,
    UNANSWERED,
    Chat,
    ChatId,
    ChatState,
    Ending,
    Handing,
    LineId,
    Way,
)
from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, by_bytes, locked, metadata, upsert

_OPEN = text("ended IS NULL AND NOT practice")

chat = Table(
    "line_chat",
    metadata,
    Column("chat", String, primary_key=True),
    Column("line", String, nullable=False),
    #: Empty once it is forgotten.
    Column("visitor", String, nullable=False),
    #: The client's id under which it was asked: its answer held her words.
    Column("asked_as", String, nullable=False),
    Column("room", String, nullable=False),
    Column("state", String, nullable=False),
    Column("level", Integer, nullable=False),
    Column("language", String, nullable=False),
    Column("asked", Instant, nullable=False),
    Column("rank", Instant, nullable=False),
    Column("since", Instant, nullable=False),
    Column("offered_to", String),
    Column("offer_until", Instant),
    Column("operator", String),
    Column("answered", Instant),
    Column("skill", String),
    Column("way", String),
    Column("handed_to", String),
    Column("handing_until", Instant),
    Column("ending", String),
    Column("ended", Instant),
    Column("exited", Instant),
    #: Keyed hashes; NULL: none, or forgotten.
    Column("words", LargeBinary, unique=True),
    Column("word", LargeBinary),
    Column("wrong", Integer, nullable=False),
    Column("practice", Boolean, nullable=False),
    #: The place that she was told last.
    Column("told", Integer),
    Column("sealed", LargeBinary),
    Index("line_chat_state", "line", "state", "rank"),
    Index("line_chat_asked", "line", "asked"),
    # One conversation at a time, whoever else is writing at the same moment.
    Index("line_chat_open", "visitor", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
)

step = Table(
    "line_step",
    metadata,
    Column("chat", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("state", String, nullable=False),
    Column("operator", String),
)

passed = Table(
    "line_passed",
    metadata,
    Column("chat", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("at", Instant, nullable=False),
    #: She said no; else she has not seen it.
    Column("refused", Boolean, nullable=False),
)

_TAKING = sorted(TAKING)


async def put(
    db: Connection,
    new: Chat,
    *,
    asked_as: str,
    words: bytes | None,
    word: bytes | None,
    sealed: bytes | None,
) -> None:
    fixed = {
        "chat": new.chat,
        "line": new.line,
        "asked_as": asked_as,
        "room": new.room,
        "level": new.level,
        "language": new.language,
        "asked": new.asked_at,
        "words": words,
        "word": word,
        "practice": new.practice,
        "sealed": sealed,
    }
    await db.execute(chat.insert().values(**fixed, **_changing(new)))
    await _step(db, new, new.asked_at)


async def save(db: Connection, before: Chat, after: Chat, at: datetime) -> None:
    """Keep what a chat has become; a new state is written down with its moment."""
    await db.execute(update(chat).where(chat.c.chat == after.chat).values(**_changing(after)))
    if (before.state, before.operator) != (after.state, after.operator):
        await _step(db, after, at)


async def _step(db: Connection, of: Chat, at: datetime) -> None:
    last = (
        await db.execute(select(func.max(step.c.number)).where(step.c.chat == of.chat))
    ).scalar()
    who = of.offered_to if of.state is ChatState.OFFERED else of.operator
    row = {"chat": of.chat, "number": (last or 0) + 1, "at": at, "state": of.state}
    await db.execute(step.insert().values(**row, operator=who))


async def steps(db: Connection, name: ChatId) -> list[tuple[datetime, ChatState]]:
    """What became of a chat, and when."""
    query = select(step.c.at, step.c.state).where(step.c.chat == name).order_by(step.c.number)
    return [(row.at, ChatState(row.state)) for row in await db.execute(query)]


async def find(db: Connection, name: ChatId) -> Chat | None:
    """One chat; in a transaction, nobody else changes it until the commit."""
    row = (await db.execute(locked(db, select(chat).where(chat.c.chat == name)))).first()
    return None if row is None else _chat(row)


async def line_of(db: Connection, name: ChatId) -> LineId | None:
    """Which line a chat came in on: that never changes."""
    found = (await db.execute(select(chat.c.line).where(chat.c.chat == name))).scalar()
    return None if found is None else LineId(found)


async def look(db: Connection, name: ChatId) -> Chat | None:
    """One chat as it is; nobody is held up."""
    row = (await db.execute(select(chat).where(chat.c.chat == name))).first()
    return None if row is None else _chat(row)


async def with_words(db: Connection, mark: bytes) -> ChatId | None:
    """Where these words lead; nobody is held up."""
    found = (await db.execute(select(chat.c.chat).where(chat.c.words == mark))).scalar()
    return None if found is None else ChatId(found)


async def open_of(db: Connection, visitor: PersonId) -> Chat | None:
    """The conversation that somebody has not ended; nobody is held up."""
    mine = and_(chat.c.visitor == visitor, chat.c.ended.is_(None), chat.c.practice.is_(False))
    row = (await db.execute(select(chat).where(mine))).first()
    return None if row is None else _chat(row)


async def unanswered(db: Connection, line: LineId) -> list[Chat]:
    """All that wait or are offered, in the order of the queue."""
    return await _many(db, line, UNANSWERED, limit=WAITING_MOST)


async def taken(db: Connection, line: LineId) -> list[Chat]:
    """All that take somebody's time, or are about to."""
    return await _many(db, line, TAKING)


async def waiting(db: Connection, line: LineId) -> int:
    query = select(func.count()).where(
        chat.c.line == line, chat.c.state.in_(sorted(UNANSWERED)), chat.c.practice.is_(False)
    )
    return int((await db.execute(query)).scalar_one())


async def _many(
    db: Connection, line: LineId, states: Collection[ChatState], *, limit: int | None = None
) -> list[Chat]:
    query = (
        select(chat)
        .where(chat.c.line == line, chat.c.state.in_(sorted(states)), chat.c.practice.is_(False))
        .order_by(chat.c.rank, by_bytes(db, chat.c.chat))
        .limit(limit)
    )
    return [_chat(row) for row in await db.execute(query)]


async def of_operator(db: Connection, person: PersonId) -> list[Chat]:
    """What somebody has, or is being handed; practice too."""
    query = (
        select(chat)
        .where(
            chat.c.state.in_(_TAKING),
            (chat.c.operator == person)
            | (chat.c.offered_to == person)
            | (chat.c.handed_to == person),
        )
        .order_by(chat.c.asked, by_bytes(db, chat.c.chat))
    )
    return [_chat(row) for row in await db.execute(query)]


async def named(db: Connection, names: Collection[ChatId]) -> list[Chat]:
    query = select(chat).where(chat.c.chat.in_(sorted(names))).order_by(chat.c.asked)
    return [_chat(row) for row in await db.execute(query)]


async def sealed(db: Connection, names: Sequence[ChatId]) -> dict[ChatId, bytes]:
    """What is sealed of some chats."""
    rows = await db.execute(select(chat.c.chat, chat.c.sealed).where(chat.c.chat.in_(names)))
    return {ChatId(row.chat): bytes(row.sealed) for row in rows if row.sealed is not None}


async def word(db: Connection, name: ChatId) -> bytes | None:
    found = (await db.execute(select(chat.c.word).where(chat.c.chat == name))).scalar()
    return None if found is None else bytes(found)


async def asked_as(db: Connection, name: ChatId) -> str:
    found = (await db.execute(select(chat.c.asked_as).where(chat.c.chat == name))).scalar()
    return found or ""


async def close_words(db: Connection, name: ChatId) -> None:
    """No words lead to a chat any more."""
    await db.execute(update(chat).where(chat.c.chat == name).values(words=None, word=None))


async def forget(db: Connection, name: ChatId) -> None:
    """All that leads to her."""
    nothing = {"visitor": "", "words": None, "word": None, "sealed": None, "asked_as": ""}
    await db.execute(update(chat).where(chat.c.chat == name).values(**nothing))
    await db.execute(delete(passed).where(passed.c.chat == name))


# Who let it pass.


async def let_pass(
    db: Connection, name: ChatId, person: PersonId, at: datetime, *, refused: bool
) -> None:
    row = {"chat": name, "person": person, "at": at, "refused": refused}
    await db.execute(upsert(passed, row, key=["chat", "person"]))


async def passes(
    db: Connection, names: Collection[ChatId], since: datetime
) -> dict[ChatId, dict[PersonId, bool]]:
    """Who has let these pass since a moment, and whether they said no."""
    found: dict[ChatId, dict[PersonId, bool]] = {}
    query = select(passed).where(passed.c.chat.in_(sorted(names)), passed.c.at > since)
    for row in await db.execute(query):
        found.setdefault(ChatId(row.chat), {})[PersonId(row.person)] = row.refused
    return found


# What visitors were told, and what is counted.


async def told(db: Connection, line: LineId) -> dict[ChatId, int | None]:
    query = select(chat.c.chat, chat.c.told).where(
        chat.c.line == line, chat.c.state.in_(sorted(UNANSWERED))
    )
    return {ChatId(row.chat): row.told for row in await db.execute(query)}


async def set_told(db: Connection, places: Mapping[ChatId, int]) -> None:
    for name, place in sorted(places.items()):
        await db.execute(update(chat).where(chat.c.chat == name).values(told=place))


async def timed(db: Connection, line: LineId, since: datetime) -> list[Timed]:
    """When each chat of a while began, was answered and ended."""
    query = select(chat.c.asked, chat.c.answered, chat.c.ended).where(
        chat.c.line == line, chat.c.asked >= since, chat.c.practice.is_(False)
    )
    return [
        Timed(asked_at=row.asked, answered_at=row.answered, ended_at=row.ended)
        for row in await db.execute(query)
    ]


def _changing(of: Chat) -> dict[str, object]:
    handing = of.handing
    return {
        "visitor": of.visitor,
        "state": of.state,
        "rank": of.rank,
        "since": of.since,
        "offered_to": of.offered_to,
        "offer_until": of.offer_until,
        "operator": of.operator,
        "answered": of.answered_at,
        "skill": of.skill,
        "way": None if handing is None else handing.way,
        "handed_to": None if handing is None else handing.to,
        "handing_until": None if handing is None else handing.until,
        "ending": of.ending,
        "ended": of.ended_at,
        "exited": of.exited_at,
        "wrong": of.wrong,
    }


def _chat(row: Row[tuple[object, ...]]) -> Chat:
    handing = None
    if row.way is not None:
        to = PersonId(row.handed_to)
        handing = Handing(way=Way(row.way), to=to, until=row.handing_until)
    return Chat(
        chat=ChatId(row.chat),
        line=LineId(row.line),
        visitor=PersonId(row.visitor),
        room=row.room,
        state=ChatState(row.state),
        level=row.level,
        language=row.language,
        asked_at=row.asked,
        rank=row.rank,
        since=row.since,
        offered_to=None if row.offered_to is None else PersonId(row.offered_to),
        offer_until=row.offer_until,
        operator=None if row.operator is None else PersonId(row.operator),
        answered_at=row.answered,
        skill=row.skill,
        handing=handing,
        ending=None if row.ending is None else Ending(row.ending),
        ended_at=row.ended,
        exited_at=row.exited,
        has_word=row.word is not None,
        wrong=row.wrong,
        practice=row.practice,
    )
