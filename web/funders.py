"""Whose budgets somebody has to do with."""

from realtime.ledger import Reading
from realtime.ports import Caller
from web.access.tables import role_of
from web.access.vocabulary import Role
from web.auth.staff.values import OrganisationKind
from web.services import Services


async def funder_of(services: Services, reading: Reading, caller: Caller) -> str | None:
    """Whose budgets a caller has to do with; None: everybody's, for those who oversee them.

    A funder without an organisation (a token made for a script) is one of their own.
    """
    if role_of(caller.role) is not Role.FUNDER:
        return None
    found = await services.staff.organisation_of(reading, caller.person)
    if found is None or found.kind is not OrganisationKind.FUNDER:
        return caller.person
    return found.id
