"""Organisations, their members, and the invitations by which one becomes a member. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from matching.shelter.values import HotelId
from realtime.kernel.ids import PersonId
from web.access.vocabulary import Role


class OrganisationKind(StrEnum):
    HELPLINE = "helpline"
    ASSOCIATION = "association"
    HOTEL = "hotel"
    FUNDER = "funder"


@dataclass(frozen=True, slots=True)
class Organisation:
    id: str
    kind: OrganisationKind
    #: Empty for a hotel: its name leads to its street, and lies sealed with it.
    name: str
    #: Which hotel it is, if it is one.
    hotel: HotelId | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with an account, or a tablet."""

    person: PersonId
    organisation: Organisation
    role: Role
    #: What she types to sign in with a code: random, it says nothing of her.
    handle: str
    #: A thing at a desk, which nobody in particular holds.
    tablet: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member as colleagues see her."""

    person: PersonId
    role: Role
    #: Empty for a tablet.
    name: str
    tablet: bool
    joined: datetime
    #: Has enrolled a key or an application; until then nobody can sign in as her.
    keyed: bool
    #: Can take a shift on the tablet.
    pin: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    organisation: str
    role: Role
    until: datetime


@dataclass(frozen=True, slots=True)
class Issued:
    """A code that is shown once, where it is to be typed, and until when it is worth something."""

    code: str
    path: str
    until: datetime


class Way(StrEnum):
    """How a session was opened."""

    KEY = "key"
    CODE = "code"
    SHIFT = "shift"
    TABLET = "tablet"
    INVITATION = "invitation"
