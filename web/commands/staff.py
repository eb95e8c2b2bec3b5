"""Accounts: invite, accept, list, remove; one's own sessions; a hotel's tablet and its shifts."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from alerts.shelter.errors import RevealsLocked
from matching.shelter.values import HotelId
from realtime.kernel.errors import AppError, Malformed, NotFound
from realtime.kernel.ids import PersonId
from web.access.vocabulary import Role
from web.auth.staff.errors import (
    DeskRefused,
    InvitationSpent,
    NoAccount,
    NoSuchHotel,
    NotInvitable,
    PinLocked,
    StepUpNeeded,
    WeakPin,
    WrongPin,
)
from web.auth.staff.organisations import New
from web.auth.staff.values import Issued, OrganisationKind
from web.commands.fields import (
    PRINTABLE,
    Answer,
    Asked,
    ClientId,
    Done,
    Nothing,
    PersonName,
    PublicId,
)
from web.commands.keys import Entered, Label, SixFigures
from web.commands.registry import Door, Lives, Living, Looking, Reads, Writes, Writing

OrganisationName = Annotated[str, Meta(min_length=1, max_length=80, pattern=PRINTABLE)]
InvitationCode = Annotated[str, Meta(min_length=16, max_length=40, pattern=r"^[A-Za-z0-9 -]+\Z")]
InvitedRole = Literal["operator", "supervisor", "duty", "admin", "association", "desk", "funder"]
NewKind = Literal["helpline", "association", "hotel", "funder"]


class NewOrganisation(Asked, frozen=True):
    kind: NewKind
    #: A hotel has none here.
    name: OrganisationName | None = None
    hotel: PublicId | None = None


class Invite(Asked, frozen=True):
    #: Made by the page: asking again gives the same code. It is not called ``id``, under which an
    #: answer is kept for those who ask twice: a code is kept nowhere.
    invitation: ClientId
    role: InvitedRole
    #: One of the two; none: one's own.
    organisation: PublicId | None = None
    new: NewOrganisation | None = None


class CodeIssued(Answer, frozen=True):
    code: str
    path: str
    until: datetime


class Accept(Asked, frozen=True):
    code: InvitationCode
    name: PersonName
    label: Label = ""


class Accepted(Answer, frozen=True):
    #: For a quarter of an hour, to enrol a key, and nothing else.
    token: str


class OrganisationView(Answer, frozen=True):
    id: str
    kind: str
    name: str


class ColleagueView(Answer, frozen=True):
    member: str
    role: str
    name: str
    joined: datetime
    tablet: bool = False
    keyed: bool = False
    pin: bool = False
    me: bool = False


class StaffList(Answer, frozen=True):
    organisation: OrganisationView
    handle: str
    members: list[ColleagueView]
    #: Where one may invite, beside one's own; for administrators and supervisors.
    organisations: list[OrganisationView]
    stepped: bool


class MemberAsked(Asked, frozen=True):
    member: PublicId


class SessionView(Answer, frozen=True):
    id: str
    opened: datetime | None
    way: str
    label: str
    here: bool


class SessionList(Answer, frozen=True):
    sessions: list[SessionView]


class SessionAsked(Asked, frozen=True):
    session: PublicId


class DeskLinkAsked(Asked, frozen=True):
    hotel: PublicId


class DeskOpen(Asked, frozen=True):
    desk: PublicId
    code: SixFigures
    label: Label = ""


class TabletOpened(Answer, frozen=True):
    token: str


class ShiftSet(Asked, frozen=True):
    pin: SixFigures


class ShiftBegin(Asked, frozen=True):
    member: PublicId
    pin: SixFigures
    label: Label = ""


async def invite(call: Writing, asked: Invite) -> CodeIssued | AppError:
    if asked.organisation is not None and asked.new is not None:
        raise Malformed
    if asked.new is not None and asked.new.hotel is not None:
        refused = await _opens_desk(call, HotelId(asked.new.hotel))
        if refused is not None:
            return refused
    issued = await call.services.staff.invite(
        call.tx,
        call.caller,
        asked.invitation,
        role=Role(asked.role),
        where=asked.organisation if asked.new is None else _new(asked.new),
    )
    return _issued(issued)


async def accept(call: Writing, asked: Accept) -> Accepted:
    staff = call.services.staff
    opened = await staff.accept(call.tx, asked.code, asked.name.strip() or "?", asked.label)
    return Accepted(token=opened.token.reveal())


async def listed(call: Looking, asked: Nothing) -> StaffList:
    staff, reading, caller = call.services.staff, call.reading, call.caller
    me = await staff.member(reading, caller.person)
    everywhere = me.role in {Role.ADMIN, Role.SUPERVISOR}
    return StaffList(
        organisation=OrganisationView(
            id=me.organisation.id, kind=me.organisation.kind, name=me.organisation.name
        ),
        handle=me.handle,
        members=[
            ColleagueView(
                member=it.person,
                role=it.role,
                name=it.name,
                joined=it.joined,
                tablet=it.tablet,
                keyed=it.keyed,
                pin=it.pin,
                me=it.person == caller.person,
            )
            for it in await staff.colleagues(reading, me.organisation.id)
        ],
        organisations=[
            OrganisationView(id=it.id, kind=it.kind, name=it.name)
            for it in (await staff.organisations(reading) if everywhere else ())
        ],
        stepped=await staff.stepped_up(reading, caller.session),
    )


async def remove(call: Writing, asked: MemberAsked) -> Done:
    await call.services.staff.remove(call.tx, call.caller, PersonId(asked.member))
    return Done()


async def sessions(call: Looking, asked: Nothing) -> SessionList:
    found = await call.services.sessions.openings(call.reading, call.caller.person)
    return SessionList(
        sessions=[
            SessionView(
                id=session,
                opened=it.opened,
                way=it.way,
                label=it.label,
                here=session == call.caller.session,
            )
            for session, it in found
        ]
    )


async def end_session(call: Writing, asked: SessionAsked) -> Done:
    """One of the caller's own: another's does not exist."""
    found = await call.services.sessions.openings(call.tx, call.caller.person)
    if asked.session not in {session for session, _ in found}:
        raise NotFound
    call.tx.record(call.caller.person, "session.end", asked.session)
    await call.services.sessions.end(call.tx, asked.session)
    return Done()


async def link_desk(call: Writing, asked: DeskLinkAsked) -> CodeIssued | AppError:
    hotel = HotelId(asked.hotel)
    refused = await _opens_desk(call, hotel)
    if refused is not None:
        return refused
    return _issued(await call.services.staff.desks.link(call.tx, hotel, call.caller.person))


async def _opens_desk(call: Writing, hotel: HotelId) -> AppError | None:
    """Whoever has a desk sees its hotel's name: desks are given away as slowly as addresses.

    Before anything else: what is then raised undoes the count.
    """
    return await call.services.shelter.desk_opened(call.tx, call.caller.person, hotel)


async def open_desk(call: Writing, asked: DeskOpen) -> TabletOpened | AppError:
    opened = await call.services.staff.desks.open(call.tx, asked.desk, asked.code, asked.label)
    if opened is None:
        # Returned, so that the try is counted.
        return DeskRefused()
    return TabletOpened(token=opened.token.reveal())


async def set_pin(call: Living, asked: ShiftSet) -> Done:
    await call.services.staff.desks.set_pin(call.caller, asked.pin)
    return Done()


async def begin_shift(call: Living, asked: ShiftBegin) -> Entered:
    opened = await call.services.staff.desks.begin_shift(
        call.caller, PersonId(asked.member), asked.pin, asked.label
    )
    return Entered(token=opened.token.reveal(), role=opened.caller.role)


async def end_shift(call: Writing, asked: Nothing) -> Done:
    """A tablet stays a tablet: its own session is not a shift."""
    await call.services.staff.desks.end_shift(call.tx, call.caller)
    return Done()


def _new(asked: NewOrganisation) -> New:
    kind = OrganisationKind(asked.kind)
    if (kind is OrganisationKind.HOTEL) is (asked.name is not None):
        raise Malformed
    hotel = None if asked.hotel is None else HotelId(asked.hotel)
    return New(kind=kind, name=asked.name or "", hotel=hotel)


def _issued(issued: Issued) -> CodeIssued:
    return CodeIssued(code=issued.code, path=issued.path, until=issued.until)


COMMANDS = (
    Writes(
        method="staff.invite",
        title="Invite a colleague: a code that opens once, within 48 hours, and is shown once.",
        takes=Invite,
        gives=CodeIssued,
        errors=(NoAccount, StepUpNeeded, NotInvitable, NoSuchHotel, RevealsLocked, Malformed),
        door=Door.HTTP,
        run=invite,
    ),
    Writes(
        method="staff.accept",
        title="Come with an invitation: a quarter of an hour to enrol a key, and nothing else.",
        takes=Accept,
        gives=Accepted,
        errors=(InvitationSpent,),
        door=Door.HTTP,
        run=accept,
    ),
    Reads(
        method="staff.list",
        title="One's organisation and its members.",
        takes=Nothing,
        gives=StaffList,
        errors=(NoAccount,),
        run=listed,
    ),
    Writes(
        method="staff.remove",
        title="End an account: its keys, its sessions and their sockets.",
        takes=MemberAsked,
        gives=Done,
        errors=(NoAccount, StepUpNeeded, NotFound),
        run=remove,
    ),
    Reads(
        method="session.list",
        title="Where one is signed in.",
        takes=Nothing,
        gives=SessionList,
        run=sessions,
    ),
    Writes(
        method="session.end",
        title="Cut one of one's own sessions, with its sockets.",
        takes=SessionAsked,
        gives=Done,
        errors=(NotFound,),
        run=end_session,
    ),
    Writes(
        method="desk.link",
        title="A link and six figures for a hotel's tablet: once, within 24 hours.",
        takes=DeskLinkAsked,
        gives=CodeIssued,
        errors=(NoSuchHotel, RevealsLocked),
        door=Door.HTTP,
        run=link_desk,
    ),
    Writes(
        method="desk.open",
        title="Make a tablet a hotel's desk. Five wrong codes and the link is dead.",
        takes=DeskOpen,
        gives=TabletOpened,
        errors=(DeskRefused,),
        door=Door.HTTP,
        run=open_desk,
    ),
    Lives(
        method="shift.set",
        title="Choose the six figures by which one takes a shift on the tablet.",
        takes=ShiftSet,
        gives=Done,
        errors=(NoAccount, StepUpNeeded, WeakPin),
        run=set_pin,
    ),
    Lives(
        method="shift.begin",
        title="Take a shift on this tablet: eight hours.",
        takes=ShiftBegin,
        gives=Entered,
        errors=(NoAccount, WrongPin, PinLocked),
        door=Door.HTTP,
        run=begin_shift,
    ),
    Writes(
        method="shift.end",
        title="End the shift; the tablet goes on by itself.",
        takes=Nothing,
        gives=Done,
        errors=(NotFound,),
        run=end_shift,
    ),
)
