"""All access tables as one, and the error each kind of refusal answers with."""

from collections.abc import Collection, Mapping

from realtime.kernel.errors import AppError, NotAllowed, NotFound, Unauthorized
from web.access.alerts import ALERTS
from web.access.board import BOARD
from web.access.campaign import CAMPAIGN
from web.access.desk import DESK
from web.access.door import DOOR
from web.access.funds import MONEY
from web.access.helpers import HELPERS
from web.access.helpline import HELPLINE
from web.access.networks import NETWORKS
from web.access.push import PUSH
from web.access.rooms import ROOMS
from web.access.shelter import SHELTER
from web.access.staff import ACCOUNT
from web.access.tools import TOOLS
from web.access.transit import TRANSIT
from web.access.vocabulary import (
    Action,
    Grant,
    Relation,
    Role,
    Table,
    allows,
    could,
    needs_relation,
)
from web.access.witness import WITNESS


def joined(*tables: Table) -> Table:
    """One table; the same action in two of them would be two truths.

    >>> joined(DOOR, DOOR)
    Traceback (most recent call last):
    ValueError: action 'config' is in two tables
    """
    every: dict[Action, tuple[Grant, ...]] = {}
    for each in tables:
        if twice := sorted(every.keys() & each.keys()):
            raise ValueError(f"action {twice[0]!r} is in two tables")
        every |= each
    return every


ACCESS = joined(
    DOOR,
    HELPERS,
    ALERTS,
    ROOMS,
    BOARD,
    PUSH,
    ACCOUNT,
    SHELTER,
    DESK,
    MONEY,
    HELPLINE,
    TOOLS,
    CAMPAIGN,
    NETWORKS,
    TRANSIT,
    WITNESS,
)


def role_of(name: str) -> Role:
    """The role a session was given; one we do not know may do nothing."""
    try:
        return Role(name)
    except ValueError:
        return Role.ANYONE


class Access:
    """Answers for commands, subscriptions and fields alike."""

    def __init__(self, rows: Mapping[Action, tuple[Grant, ...]] = ACCESS) -> None:
        self._rows = rows

    def __contains__(self, action: str) -> bool:
        return Action(action) in self._rows

    def may(self, action: str, role: Role, relations: Collection[Relation] = frozenset()) -> bool:
        return allows(self._rows[Action(action)], role, relations)

    def sees(self, role: Role, relations: frozenset[Relation], field: str) -> bool:
        """``may``, in the order in which an answer's fields are asked about."""
        return self.may(field, role, relations)

    def must_look(self, action: str, role: Role) -> bool:
        """Whether the caller's relations to the object have to be asked for."""
        return needs_relation(self._rows[Action(action)], role)

    def refuse_role(self, action: str, role: Role) -> None:
        """Refuse at once, before anything is read, what this role may never do."""
        if not could(self._rows[Action(action)], role):
            raise Unauthorized if role is Role.ANYONE else NotAllowed

    def check(
        self,
        action: str,
        role: Role,
        relations: Collection[Relation],
        *,
        otherwise: type[AppError] = NotFound,
    ) -> None:
        """Refuse what these relations do not allow.

        An object that does not exist and one that is somebody else's are refused alike.
        """
        self.refuse_role(action, role)
        if not self.may(action, role, relations):
            raise otherwise
