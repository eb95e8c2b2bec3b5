"""The silent exclusion list: whoever is on it is never called to help her, and cannot tell."""

from matching.helpers.errors import BadPhone, ExclusionListFull
from matching.helpers.messages import Excluded
from realtime.kernel.ids import PersonId
from web.commands.fields import Asked, ClientId, Nothing, Phone, PublicId
from web.commands.registry import Writes, Writing


class ExcludeAdd(Asked, frozen=True):
    """One of the two."""

    id: ClientId
    phone: Phone | None = None
    helper: PublicId | None = None


async def add(call: Writing, asked: ExcludeAdd) -> Excluded:
    answer = await call.services.alerts.exclude(
        call.tx,
        call.caller.person,
        phone=asked.phone,
        helper=None if asked.helper is None else PersonId(asked.helper),
    )
    await call.services.witness.excluded(call.tx, call.caller.person)
    return answer


async def clear(call: Writing, asked: Nothing) -> Excluded:
    return await call.services.alerts.clear_exclusions(call.tx, call.caller.person)


COMMANDS = (
    Writes(
        method="exclude.add",
        title="Never call this person to help me: by phone number, or by helper.",
        takes=ExcludeAdd,
        gives=Excluded,
        errors=(BadPhone, ExclusionListFull),
        run=add,
    ),
    Writes(
        method="exclude.clear",
        title="Empty one's exclusion list.",
        takes=Nothing,
        gives=Excluded,
        run=clear,
    ),
)
