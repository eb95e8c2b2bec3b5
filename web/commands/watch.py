"""Being told of events on one's way: consent, lines that are muted for a while, agents."""

from alerts.witness.errors import TooManyMutes
from alerts.witness.messages import AgentSet, Watch
from geo.transit.values import LineId
from matching.helpers.errors import NotAHelper
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from web.commands.registry import Writes, Writing
from web.commands.witness_fields import AgentAsked, MuteAsked, UnmuteAsked, WatchSet


async def set_watch(call: Writing, asked: WatchSet) -> Watch:
    return await call.services.witness.watching.set(call.tx, call.caller.person, on=asked.on)


async def mute(call: Writing, asked: MuteAsked) -> Watch:
    return await call.services.witness.watching.mute(
        call.tx, call.caller.person, LineId(asked.line), asked.until
    )


async def unmute(call: Writing, asked: UnmuteAsked) -> Watch:
    return await call.services.witness.watching.unmute(
        call.tx, call.caller.person, LineId(asked.line)
    )


async def agent(call: Writing, asked: AgentAsked) -> AgentSet:
    return await call.services.witness.watching.agent(
        call.tx, call.caller.person, PersonId(asked.helper), asked.network
    )


COMMANDS = (
    Writes(
        method="watch.set",
        title="Be told of events on one's way, or not any more: one's rides are then forgotten.",
        takes=WatchSet,
        gives=Watch,
        errors=(NotAHelper,),
        run=set_watch,
    ),
    Writes(
        method="watch.mute",
        title="Not this line until then; it is told again by itself.",
        takes=MuteAsked,
        gives=Watch,
        errors=(TooManyMutes,),
        run=mute,
    ),
    Writes(
        method="watch.unmute",
        title="This line again.",
        takes=UnmuteAsked,
        gives=Watch,
        run=unmute,
    ),
    Writes(
        method="witness.agent",
        title="For which network an approved helper works, or for none any more.",
        takes=AgentAsked,
        gives=AgentSet,
        errors=(NotFound,),
        run=agent,
    ),
)
