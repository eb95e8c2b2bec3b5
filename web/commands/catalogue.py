"""All commands of this program, as one table."""

from web.commands import (
    board,
    desk,
    exclude,
    funds,
    helpers,
    holds,
    keys,
    me,
    notes,
    offers,
    push,
    rooms,
    session,
    shelter,
    staff,
)
from web.commands import help as requests
from web.commands.registry import Registry


def registry() -> Registry:
    return Registry(
        (
            *session.COMMANDS,
            *me.COMMANDS,
            *helpers.COMMANDS,
            *exclude.COMMANDS,
            *requests.COMMANDS,
            *offers.COMMANDS,
            *rooms.COMMANDS,
            *notes.COMMANDS,
            *board.COMMANDS,
            *push.COMMANDS,
            *staff.COMMANDS,
            *keys.COMMANDS,
            *shelter.COMMANDS,
            *holds.COMMANDS,
            *desk.COMMANDS,
            *funds.COMMANDS,
        )
    )
