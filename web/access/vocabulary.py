"""The words of the access tables, and the one question they answer. Pure.

A person has one role in a session and any number of relations to an object. A table says, for each
action, which roles may do it, and in which relation. What no row allows is refused.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

Action = NewType("Action", str)


class Role(StrEnum):
    ANYONE = "anyone"
    CITIZEN = "citizen"
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    DUTY = "duty"
    ADMIN = "admin"
    #: A worker of a partner association.
    ASSOCIATION = "association"
    #: A hotel's tablet, or somebody at its desk.
    DESK = "desk"
    #: Who pays for nights.
    FUNDER = "funder"
    #: Invited a moment ago: may enrol a key, and nothing else.
    NEWCOMER = "newcomer"


class Relation(StrEnum):
    """What a caller is to the object asked about."""

    #: The alert is hers: she raised it.
    HERS = "hers"
    #: An offer for this alert was made to the caller and is still open.
    OFFERED = "offered"
    #: The caller accepted, and is still coming or there.
    ACCEPTED = "accepted"
    #: Accepted, near, in public mode, and at least one other has accepted too.
    PAIRED = "paired"
    #: Accepted, and she or an operator opened the exact place to the caller by name.
    RELEASED = "released"
    #: The caller has reported it.
    REPORTED = "reported"
    #: The caller was told of it, and has not said no.
    CALLED = "called"
    #: The caller has come, and has a part.
    CAME = "came"
    #: The offer was made to the caller.
    OFFERED_TO = "offered_to"
    #: The caller sits in this room.
    MEMBER = "member"
    #: The caller sits in this room for the association.
    STAFF_MEMBER = "staff_member"
    #: The object is the caller.
    SELF = "self"
    #: The caller is an approved helper, tier 1 or more. It is true of every object.
    HELPER = "helper"
    #: The hotel is the caller's: the desk of another one is nobody's business.
    AT_DESK = "at_desk"
    #: The need is hers, or the caller is the worker who asked for her.
    OWN_NEED = "own_need"
    #: The budget was granted by the caller's organisation.
    OWN_BUDGET = "own_budget"
    #: The chat is hers, and she has not left it by the exit.
    OWN_CHAT = "own_chat"
    #: The caller answers this chat.
    CHAT_OPERATOR = "chat_operator"
    #: The chat is offered or handed to the caller.
    CHAT_ASKED = "chat_asked"
    #: The caller sits in the chat's room beside its operator.
    CHAT_BESIDE = "chat_beside"


class Kind(StrEnum):
    """What kind of thing an action is about."""

    ALERT = "alert"
    OFFER = "offer"
    ROOM = "room"
    PERSON = "person"
    HOTEL = "hotel"
    NEED = "need"
    HOLD = "hold"
    #: A question asked of several hotels.
    ASK = "ask"
    BUDGET = "budget"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Thing:
    kind: Kind
    id: str


CITIZENS = frozenset({Role.CITIZEN})
#: They answer alerts: the board, the rooms, the places (each look is in the audit).
STAFF = frozenset({Role.OPERATOR, Role.SUPERVISOR, Role.DUTY})
#: They say who may help. An administrator sees no alert.
VETTERS = frozenset({Role.OPERATOR, Role.SUPERVISOR, Role.ADMIN})
#: Their accounts are made by invitation; they sign in with a key of their own.
ACCOUNTS = STAFF | {Role.ADMIN, Role.ASSOCIATION, Role.DESK, Role.FUNDER}
#: A newcomer is not in yet.
SIGNED_IN = CITIZENS | ACCOUNTS
EVERYONE = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Grant:
    roles: frozenset[Role]
    #: One of these is enough; none means that any object will do.
    relations: frozenset[Relation] = frozenset()


Table = Mapping[Action, tuple[Grant, ...]]


def grant(roles: frozenset[Role], *relations: Relation) -> Grant:
    return Grant(roles, frozenset(relations))


def table(rows: Mapping[str, tuple[Grant, ...]]) -> Table:
    return {Action(name): grants for name, grants in rows.items()}


def allows(
    grants: Collection[Grant], role: Role, relations: Collection[Relation] = frozenset()
) -> bool:
    """Whether someone of this role, in these relations, may do what these grants are about.

    >>> allows([grant(CITIZENS, Relation.HERS)], Role.CITIZEN, {Relation.HERS})
    True
    >>> allows([grant(CITIZENS, Relation.HERS)], Role.OPERATOR, {Relation.HERS})
    False
    """
    held = frozenset(relations)
    return any(
        role in each.roles and (not each.relations or not held.isdisjoint(each.relations))
        for each in grants
    )


def could(grants: Collection[Grant], role: Role) -> bool:
    """Whether this role may ever do it, in some relation: else there is no need to look."""
    return any(role in each.roles for each in grants)


def needs_relation(grants: Collection[Grant], role: Role) -> bool:
    """Whether the answer depends on what the caller is to the object."""
    return could(grants, role) and not allows(grants, role)
