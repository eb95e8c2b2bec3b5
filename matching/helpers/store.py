"""Helpers and exclusion lists: their tables, and every statement on them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, time
from functools import lru_cache
from itertools import islice

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
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    union_all,
    update,
)

from matching.helpers.values import Helper, Quiet, Skill, Status
from realtime.kernel.ids import PersonId
from realtime.sql import (
    Connection,
    Instant,
    Often,
    among,
    locked,
    locking,
    may_lock,
    metadata,
    upsert,
)

#: People asked about in one statement: both engines have a limit, and plans are kept by size.
AT_ONCE = 200

helper = Table(
    "helper",
    metadata,
    Column("person", String, primary_key=True),
    Column("status", String, nullable=False),
    Column("tier", Integer, nullable=False),
    #: Words, a space between them.
    Column("skills", String, nullable=False),
    Column("languages", String, nullable=False),
    #: Sealed under the person's own key.
    Column("name", LargeBinary, nullable=False),
    Column("phone_tag", String),
    Column("applied", Instant, nullable=False),
    Column("budget", Integer, nullable=False),
    Column("quiet_start", String),
    Column("quiet_end", String),
    Column("on_duty", Boolean, nullable=False),
    #: The declared zone, sealed under a key that lives as long as this turn of duty.
    Column("zone", LargeBinary),
    Column("zone_key", String),
    Index("helper_status", "status", "applied"),
    Index("helper_duty", "on_duty"),
)

exclusion = Table(
    "exclusion",
    metadata,
    Column("owner", String, primary_key=True),
    #: ``person`` or ``phone``.
    Column("kind", String, primary_key=True),
    #: A person, or the keyed HMAC of a telephone number.
    Column("target", String, primary_key=True),
)
PERSON, PHONE = "person", "phone"


#: What is known of a helper who may be asked: not her name, nor her zone.
_KNOWN = select(
    helper.c.person,
    helper.c.status,
    helper.c.tier,
    helper.c.skills,
    helper.c.languages,
    helper.c.budget,
    helper.c.quiet_start,
    helper.c.quiet_end,
    helper.c.on_duty,
    helper.c.zone_key,
    helper.c.phone_tag,
).where(among(helper.c.person, "people"))
# Said twice a search, of all that it may ask: built once.
_FOUND = Often(_KNOWN)
_STAYING = Often(locking(_KNOWN.order_by(helper.c.person), "stay"))
_EXCLUDED = select(exclusion).where(exclusion.c.owner == bindparam("raiser", type_=String()))
_HERS = select(helper.c.phone_tag).where(helper.c.person == bindparam("raiser", type_=String()))
#: Her list, and what concerns her on theirs.
_FEARS = Often(
    union_all(
        _EXCLUDED,
        select(exclusion).where(
            among(exclusion.c.owner, "owners"),
            # By one comparison: SQLite would look for either of two on everybody's list.
            exclusion.c.target
            == case(
                (exclusion.c.kind == PERSON, bindparam("raiser", type_=String())),
                (exclusion.c.kind == PHONE, _HERS.scalar_subquery()),
            ),
        ),
    )
)


def in_parts(people: Iterable[PersonId]) -> Iterator[list[PersonId]]:
    """Lists that fit in one statement."""
    rest = iter(people)
    while part := list(islice(rest, AT_ONCE)):
        yield part


async def put(db: Connection, new: Helper, *, name: bytes, applied: datetime) -> None:
    await db.execute(helper.insert().values(name=name, applied=applied, zone=None, **_values(new)))


async def save(db: Connection, changed: Helper, *, zone: bytes | None) -> None:
    """Write a helper back, with her sealed zone."""
    values = {**_values(changed), "zone": zone}
    await db.execute(update(helper).where(helper.c.person == changed.person).values(**values))


async def find(db: Connection, person: PersonId) -> Helper | None:
    """One helper; in a transaction, nobody else changes her until the commit."""
    query = locked(db, select(helper).where(helper.c.person == person))
    row = (await db.execute(query)).first()
    return None if row is None else _helper(row)


async def sealed_zone(db: Connection, person: PersonId) -> bytes | None:
    query = select(helper.c.zone).where(helper.c.person == person)
    found = (await db.execute(query)).scalar()
    return None if found is None else bytes(found)


async def find_all(
    db: Connection, people: Sequence[PersonId], *, stay: bool = False
) -> dict[PersonId, Helper]:
    """Several helpers. ``stay``: in a transaction, they are what they are until the commit."""
    said = _STAYING if stay and may_lock(db) else _FOUND
    return {PersonId(row.person): _helper(row) for row in await said.rows(db, {"people": people})}


async def names(db: Connection, people: Collection[PersonId]) -> dict[PersonId, bytes]:
    """The sealed names."""
    query = select(helper.c.person, helper.c.name).where(helper.c.person.in_(people))
    return {PersonId(row.person): bytes(row.name) for row in await db.execute(query)}


async def pending(db: Connection, limit: int) -> list[tuple[Helper, bytes, datetime]]:
    """Applications nobody has answered, the oldest first, with their sealed names."""
    query = (
        select(helper)
        .where(helper.c.status == Status.APPLIED)
        .order_by(helper.c.applied, helper.c.person)
        .limit(limit)
    )
    return [(_helper(row), bytes(row.name), row.applied) for row in await db.execute(query)]


async def on_duty(db: Connection) -> list[tuple[Helper, bytes]]:
    """Everybody on duty, with their sealed zones."""
    query = select(helper).where(helper.c.on_duty, helper.c.zone.is_not(None))
    return [(_helper(row), bytes(row.zone)) for row in await db.execute(query)]


async def on_duty_among(db: Connection, people: Collection[PersonId]) -> list[tuple[Helper, bytes]]:
    """Those of these people who are on duty, with their sealed zones."""
    query = select(helper).where(
        helper.c.person.in_(people), helper.c.on_duty, helper.c.zone.is_not(None)
    )
    return [(_helper(row), bytes(row.zone)) for row in await db.execute(query)]


async def exclude(db: Connection, owner: PersonId, kind: str, target: str) -> None:
    row = {"owner": owner, "kind": kind, "target": target}
    await db.execute(upsert(exclusion, row, key=["owner", "kind", "target"]))


async def clear_exclusions(db: Connection, owner: PersonId) -> None:
    await db.execute(delete(exclusion).where(exclusion.c.owner == owner))


async def count_exclusions(db: Connection, owner: PersonId) -> int:
    query = select(func.count()).select_from(exclusion).where(exclusion.c.owner == owner)
    return int((await db.execute(query)).scalar_one())


async def fears(
    db: Connection, raiser: PersonId, owners: Sequence[PersonId]
) -> tuple[frozenset[tuple[str, str]], frozenset[PersonId]]:
    """The raiser's list, as (kind, target); which of these people have the raiser on theirs.

    Without locking her row as a helper: a search would hold up whatever she does as one.
    """
    rows = await _FEARS.rows(db, {"raiser": raiser, "owners": owners})
    return (
        frozenset((it.kind, it.target) for it in rows if it.owner == raiser),
        frozenset(PersonId(it.owner) for it in rows if it.owner != raiser),
    )


async def excluded_by_any(db: Connection, owners: Sequence[PersonId]) -> frozenset[tuple[str, str]]:
    """What is on the lists of any of these people, as (kind, target)."""
    query = select(exclusion.c.kind, exclusion.c.target).where(exclusion.c.owner.in_(owners))
    return frozenset((row.kind, row.target) for row in await db.execute(query))


async def excluding_any(
    db: Connection, owners: Sequence[PersonId], people: Sequence[PersonId], tags: Sequence[str]
) -> frozenset[PersonId]:
    """Which of these owners have any of the people, or of their telephones, on their lists."""
    named = or_(
        and_(exclusion.c.kind == PERSON, exclusion.c.target.in_(people)),
        and_(exclusion.c.kind == PHONE, exclusion.c.target.in_(tags)),
    )
    query = select(exclusion.c.owner).where(exclusion.c.owner.in_(owners), named)
    return frozenset(PersonId(row.owner) for row in await db.execute(query))


def _values(of: Helper) -> dict[str, object]:
    return {
        "person": of.person,
        "status": of.status,
        "tier": of.tier,
        "skills": " ".join(sorted(of.skills)),
        "languages": " ".join(of.languages),
        "phone_tag": of.phone_tag,
        "budget": of.budget,
        "quiet_start": of.quiet and of.quiet.start.isoformat("minutes"),
        "quiet_end": of.quiet and of.quiet.end.isoformat("minutes"),
        "on_duty": of.on_duty,
        "zone_key": of.zone_key,
    }


# There are few different lists: parsed once each.
@lru_cache(maxsize=1024)
def _skills(words: str) -> frozenset[Skill]:
    return frozenset(Skill(word) for word in words.split())


@lru_cache(maxsize=1024)
def _languages(words: str) -> tuple[str, ...]:
    return tuple(words.split())


def _helper(row: Row[tuple[object, ...]]) -> Helper:
    quiet = None
    if row.quiet_start is not None:
        quiet = Quiet(
            start=time.fromisoformat(row.quiet_start), end=time.fromisoformat(row.quiet_end)
        )
    return Helper(
        person=PersonId(row.person),
        status=Status(row.status),
        tier=row.tier,
        skills=_skills(row.skills),
        languages=_languages(row.languages),
        budget=row.budget,
        quiet=quiet,
        on_duty=row.on_duty,
        zone_key=row.zone_key,
        phone_tag=row.phone_tag,
    )
