"""The operators' board."""

from alerts.messages import BoardState
from web.commands.fields import Nothing
from web.commands.registry import Looking, Reads


async def state(call: Looking, asked: Nothing) -> BoardState:
    return await call.services.alerts.board(call.reading)


COMMANDS = (
    Reads(
        method="board.state",
        title="Open requests, helpers on duty, counts by cell: the snapshot of queue:help.",
        takes=Nothing,
        gives=BoardState,
        run=state,
    ),
)
