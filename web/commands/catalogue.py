"""All commands of this program, as one table."""

from functools import cache

from web.commands import (
    blocks,
    board,
    bridges,
    campaign,
    counts,
    desk,
    directory,
    exclude,
    funds,
    helpers,
    helpline,
    holds,
    keys,
    listening,
    me,
    networks,
    notes,
    offers,
    practice,
    push,
    replies,
    rooms,
    session,
    shelter,
    staff,
    supervising,
    transit,
    watch,
    witness,
)
from web.commands import help as requests
from web.commands.registry import Registry


@cache
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
            *helpline.COMMANDS,
            *listening.COMMANDS,
            *supervising.COMMANDS,
            *replies.COMMANDS,
            *directory.COMMANDS,
            *counts.COMMANDS,
            *blocks.COMMANDS,
            *bridges.COMMANDS,
            *practice.COMMANDS,
            *campaign.COMMANDS,
            *networks.COMMANDS,
            *transit.COMMANDS,
            *witness.COMMANDS,
            *watch.COMMANDS,
        )
    )
