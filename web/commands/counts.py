"""What conversations were about, month by month, without anybody in it."""

from matching.helpline.wrapup.errors import MonthNotTold
from matching.helpline.wrapup.messages import MonthCounts
from web.commands.helpline_fields import LineNamed
from web.commands.registry import Looking, Reads
from web.commands.tool_fields import Month


class CountsOf(LineNamed, frozen=True):
    #: ``2026-11``: one that is over.
    month: Month


async def month(call: Looking, asked: CountsOf) -> MonthCounts:
    return await call.services.tools.wrapups.month(call.reading, asked.line, asked.month)


COMMANDS = (
    Reads(
        method="line.counts",
        title="A month of forms, counted; what is below five, or gives that away, is null.",
        takes=CountsOf,
        gives=MonthCounts,
        errors=(MonthNotTold,),
        run=month,
    ),
)
