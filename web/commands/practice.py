"""Learning to answer: a chat like any other, for one operator, whose visitor is a script."""

from matching.helpline.errors import OverCapacity
from matching.helpline.practice.messages import PracticeBegun, Scripts
from realtime.kernel.errors import NotFound
from web.commands.fields import ClientId, Nothing
from web.commands.helpline_fields import LineNamed
from web.commands.registry import Looking, Reads, Writes, Writing
from web.commands.tool_fields import ScriptName


class PracticeBegin(LineNamed, frozen=True, kw_only=True):
    id: ClientId
    script: ScriptName


async def listed(call: Looking, asked: Nothing) -> Scripts:
    return call.services.tools.practice.all()


async def begin(call: Writing, asked: PracticeBegin) -> PracticeBegun:
    return await call.services.tools.practice.begin(
        call.tx, call.caller.person, asked.name, asked.script
    )


COMMANDS = (
    Reads(
        method="practice.list",
        title="The exercises there are, and what to have thought of in each.",
        takes=Nothing,
        gives=Scripts,
        run=listed,
    ),
    Writes(
        method="practice.begin",
        title="Begin an exercise: a chat for this operator alone, in no queue, figure or count.",
        takes=PracticeBegin,
        gives=PracticeBegun,
        errors=(NotFound, OverCapacity),
        run=begin,
    ),
)
