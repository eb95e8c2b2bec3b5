"""Organisations, members and invitations: their tables, and every statement on them."""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    LargeBinary,
    Row,
    Select,
    String,
    Table,
    delete,
    exists,
    select,
    update,
)

from matching.shelter.inventory.store import hotel as shelter_hotel
from matching.shelter.values import HotelId
from realtime.kernel.ids import PersonId
from realtime.sql import Connection, Instant, claim, metadata
from web.access.vocabulary import Role
from web.auth.staff.values import Invitation, Member, Organisation, OrganisationKind

organisation = Table(
    "staff_organisation",
    metadata,
    Column("organisation", String, primary_key=True),
    Column("kind", String, nullable=False),
    #: Empty for a hotel.
    Column("name", String, nullable=False),
    Column("hotel", String, unique=True),
    Column("made", Instant, nullable=False),
)

member = Table(
    "staff_member",
    metadata,
    Column("person", String, primary_key=True),
    Column("organisation", String, nullable=False, index=True),
    Column("role", String, nullable=False),
    Column("handle", String, nullable=False, unique=True),
    Column("tablet", Boolean, nullable=False),
    #: Sealed under ``staff:<person>``, a key that is shredded when the account ends.
    Column("name", LargeBinary),
    Column("joined", Instant, nullable=False),
    Column("removed", Instant),
)

invitation = Table(
    "staff_invitation",
    metadata,
    Column("invitation", String, primary_key=True),
    #: An HMAC of the code, which is shown once.
    Column("mark", LargeBinary, nullable=False, unique=True),
    Column("organisation", String, nullable=False),
    Column("role", String, nullable=False),
    Column("by", String, nullable=False),
    Column("until", Instant, nullable=False),
    #: Who came with it; None: nobody yet.
    Column("person", String),
    Index("staff_invitation_until", "until"),
)


async def found(db: Connection, new: Organisation, now: datetime) -> None:
    """Keep a new organisation; a hotel that has one already keeps that."""
    await db.execute(
        claim(
            organisation,
            {
                "organisation": new.id,
                "kind": new.kind.value,
                "name": new.name,
                "hotel": new.hotel,
                "made": now,
            },
        )
    )


async def find_organisation(db: Connection, name: str) -> Organisation | None:
    query = select(organisation).where(organisation.c.organisation == name)
    row = (await db.execute(query)).first()
    return None if row is None else _organisation(row)


async def organisation_of_hotel(db: Connection, hotel: HotelId) -> Organisation | None:
    query = select(organisation).where(organisation.c.hotel == hotel)
    row = (await db.execute(query)).first()
    return None if row is None else _organisation(row)


async def named(db: Connection, kind: OrganisationKind, name: str) -> Organisation | None:
    """The oldest of that kind and name."""
    query = (
        select(organisation)
        .where(organisation.c.kind == kind.value, organisation.c.name == name)
        .order_by(organisation.c.made, organisation.c.organisation)
    )
    row = (await db.execute(query.limit(1))).first()
    return None if row is None else _organisation(row)


async def organisations(db: Connection, *, limit: int) -> list[Organisation]:
    """All but hotels, the oldest first."""
    query = (
        select(organisation)
        .where(organisation.c.kind != OrganisationKind.HOTEL.value)
        .order_by(organisation.c.made, organisation.c.organisation)
        .limit(limit)
    )
    return [_organisation(row) for row in await db.execute(query)]


async def hotel_exists(db: Connection, hotel: HotelId) -> bool:
    """Whether rooms are given there."""
    there = exists().where(shelter_hotel.c.hotel == hotel, shelter_hotel.c.active)
    return bool((await db.execute(select(there))).scalar_one())


async def add_member(db: Connection, new: Member, *, name: bytes | None, now: datetime) -> None:
    await db.execute(
        member.insert().values(
            person=new.person,
            organisation=new.organisation.id,
            role=new.role.value,
            handle=new.handle,
            tablet=new.tablet,
            name=name,
            joined=now,
        )
    )


async def find_member(db: Connection, person: PersonId) -> Member | None:
    row = (await db.execute(_members().where(member.c.person == person))).first()
    return None if row is None else _member(row)


async def member_with_handle(db: Connection, handle: str) -> Member | None:
    row = (await db.execute(_members().where(member.c.handle == handle))).first()
    return None if row is None else _member(row)


async def members_of(
    db: Connection, organisation_id: str, *, limit: int
) -> list[tuple[Member, bytes | None, datetime]]:
    """With the sealed name and the day of joining, the first to join first."""
    query = (
        _members()
        .add_columns(member.c.name, member.c.joined)
        .where(member.c.organisation == organisation_id)
        .order_by(member.c.joined, member.c.person)
        .limit(limit)
    )
    rows = await db.execute(query)
    return [(_member(it), it.name if it.name is None else bytes(it.name), it.joined) for it in rows]


async def remove_member(db: Connection, person: PersonId, now: datetime) -> bool:
    """False when it had been done."""
    done = await db.execute(
        update(member)
        .where(member.c.person == person, member.c.removed.is_(None))
        .values(removed=now, name=None)
    )
    return done.rowcount == 1


async def add_invitation(
    db: Connection, invitation_id: str, new: Invitation, *, mark: bytes, by: PersonId
) -> None:
    """Nothing happens when it is there already."""
    await db.execute(
        claim(
            invitation,
            {
                "invitation": invitation_id,
                "mark": mark,
                "organisation": new.organisation,
                "role": new.role.value,
                "by": by,
                "until": new.until,
            },
        )
    )


async def find_invitation(db: Connection, mark: bytes) -> Invitation | None:
    """Whatever has become of it."""
    query = select(invitation).where(invitation.c.mark == mark)
    row = (await db.execute(query)).first()
    return None if row is None else _invitation(row)


async def take_invitation(
    db: Connection, mark: bytes, person: PersonId, now: datetime
) -> Invitation | None:
    """Use it, in one statement: of many who come with it, one is let in."""
    row = (
        await db.execute(
            update(invitation)
            .where(
                invitation.c.mark == mark,
                invitation.c.person.is_(None),
                invitation.c.until > now,
            )
            .values(person=person)
            .returning(invitation.c.organisation, invitation.c.role, invitation.c.until)
        )
    ).first()
    return None if row is None else _invitation(row)


async def drop_invitations_by(db: Connection, person: PersonId) -> None:
    """Nobody comes any more in the name of this person."""
    await db.execute(
        delete(invitation).where(invitation.c.by == person, invitation.c.person.is_(None))
    )


async def drop_invitations(db: Connection, until: datetime) -> None:
    """Forget those that were worth nothing any more at a moment."""
    await db.execute(delete(invitation).where(invitation.c.until <= until))


def _members() -> Select[tuple[object, ...]]:
    """Those who still are, each with the organisation."""
    return (
        select(
            member.c.person,
            member.c.role,
            member.c.handle,
            member.c.tablet,
            organisation.c.organisation,
            organisation.c.kind,
            organisation.c.name.label("called"),
            organisation.c.hotel,
        )
        .join(organisation, organisation.c.organisation == member.c.organisation)
        .where(member.c.removed.is_(None))
    )


def _member(row: Row[tuple[object, ...]]) -> Member:
    return Member(
        person=PersonId(row.person),
        organisation=Organisation(
            row.organisation, OrganisationKind(row.kind), row.called, row.hotel
        ),
        role=Role(row.role),
        handle=row.handle,
        tablet=row.tablet,
    )


def _organisation(row: Row[tuple[object, ...]]) -> Organisation:
    return Organisation(row.organisation, OrganisationKind(row.kind), row.name, row.hotel)


def _invitation(row: Row[tuple[object, ...]]) -> Invitation:
    return Invitation(row.organisation, Role(row.role), row.until)
