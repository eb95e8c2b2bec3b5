"""Challenges, passkeys and one-time codes: their tables, and every statement on them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    func,
    select,
    union,
    update,
)

from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, locked, metadata, upsert
from web.auth.staff.rules import Tries

challenge = Table(
    "staff_challenge",
    metadata,
    #: A hash: what is kept opens nothing.
    Column("mark", LargeBinary, primary_key=True),
    Column("purpose", String, nullable=False),
    #: Which session asked; empty: nobody's yet.
    Column("session", String, nullable=False),
    Column("until", Instant, nullable=False, index=True),
)

passkey = Table(
    "staff_passkey",
    metadata,
    Column("credential", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("public_key", LargeBinary, nullable=False),
    #: The key's own count of its uses.
    Column("uses", BigInteger, nullable=False),
    #: Whether its owner's devices share it.
    Column("shared", Boolean, nullable=False),
    Column("made", Instant, nullable=False),
    Column("used", Instant),
)

totp = Table(
    "staff_totp",
    metadata,
    Column("person", String, primary_key=True),
    #: Sealed under ``staff:<person>``; None: not confirmed yet.
    Column("secret", LargeBinary),
    #: The next one, until it is confirmed by a code.
    Column("pending", LargeBinary),
    #: The last half minute whose code was taken.
    Column("step", BigInteger),
    Column("wrong", Integer, nullable=False),
    Column("locked", Instant),
)


@dataclass(frozen=True, slots=True)
class Passkey:
    credential: str
    person: PersonId
    public_key: bytes
    uses: int


@dataclass(frozen=True, slots=True)
class Totp:
    secret: bytes | None
    pending: bytes | None
    step: int | None
    tries: Tries


async def put_challenge(
    db: Connection, mark: bytes, purpose: str, session: str, until: datetime
) -> None:
    await db.execute(
        challenge.insert().values(mark=mark, purpose=purpose, session=session, until=until)
    )


async def take_challenge(
    db: Connection, mark: bytes, purpose: str, session: str, now: datetime
) -> bool:
    """Remove it, in one statement; False when it was not there, or was asked for something else."""
    done = await db.execute(
        delete(challenge)
        .where(challenge.c.mark == mark)
        .returning(challenge.c.purpose, challenge.c.session, challenge.c.until)
    )
    row = done.first()
    return row is not None and (row.purpose, row.session) == (purpose, session) and row.until > now


async def count_challenges(db: Connection) -> int:
    return int((await db.execute(select(func.count()).select_from(challenge))).scalar_one())


async def drop_challenges(db: Connection, until: datetime) -> None:
    await db.execute(delete(challenge).where(challenge.c.until <= until))


async def find_passkey(db: Connection, credential: str) -> Passkey | None:
    query = select(passkey).where(passkey.c.credential == credential)
    row = (await db.execute(query)).first()
    if row is None:
        return None
    return Passkey(row.credential, PersonId(row.person), bytes(row.public_key), row.uses)


async def credentials_of(db: Connection, person: PersonId) -> list[str]:
    query = select(passkey.c.credential).where(passkey.c.person == person)
    return list((await db.execute(query.order_by(passkey.c.credential))).scalars())


async def add_passkey(db: Connection, new: Passkey, *, shared: bool, now: datetime) -> None:
    await db.execute(
        passkey.insert().values(
            credential=new.credential,
            person=new.person,
            public_key=new.public_key,
            uses=new.uses,
            shared=shared,
            made=now,
        )
    )


async def count_use(db: Connection, before: Passkey, uses: int, now: datetime) -> bool:
    """False when it was used elsewhere since it was read."""
    done = await db.execute(
        update(passkey)
        .where(passkey.c.credential == before.credential, passkey.c.uses == before.uses)
        .values(uses=uses, used=now)
    )
    return done.rowcount == 1


async def find_totp(db: Connection, person: PersonId) -> Totp | None:
    query = select(totp).where(totp.c.person == person)
    row = (await db.execute(locked(db, query))).first()
    if row is None:
        return None
    return Totp(
        None if row.secret is None else bytes(row.secret),
        None if row.pending is None else bytes(row.pending),
        row.step,
        Tries(row.wrong, row.locked),
    )


async def put_totp(db: Connection, person: PersonId, kept: Totp) -> None:
    values = {
        "person": person,
        "secret": kept.secret,
        "pending": kept.pending,
        "step": kept.step,
        "wrong": kept.tries.wrong,
        "locked": kept.tries.locked,
    }
    await db.execute(upsert(totp, values, key=["person"]))


async def keyed(db: Connection, people: Collection[PersonId]) -> set[PersonId]:
    """Those of them who have a key or an application."""
    keys = select(passkey.c.person).where(passkey.c.person.in_(people))
    codes = select(totp.c.person).where(totp.c.person.in_(people), totp.c.secret.is_not(None))
    return {PersonId(it) for it in (await db.execute(union(keys, codes))).scalars()}


async def drop_keys(db: Connection, person: PersonId) -> None:
    """All that opens as this person."""
    await db.execute(delete(passkey).where(passkey.c.person == person))
    await db.execute(delete(totp).where(totp.c.person == person))
