"""Keeping somebody from writing for a while; they are told the numbers that answer by telephone."""

from matching.helpline.blocks.errors import BlockTooLong
from matching.helpline.blocks.messages import Blocks, BlockView, Dropped
from matching.helpline.blocks.rules import Reason
from matching.helpline.queue import chat_of, settle
from matching.helpline.values import Ending
from realtime.kernel.errors import NotAvailable, NotFound
from web.access.tables import role_of
from web.access.tools import SUPERVISORS
from web.commands.fields import PublicId
from web.commands.helpline_fields import ChatNamed, LineNamed, of_chat
from web.commands.registry import Looking, Reads, Writes, Writing
from web.commands.tool_fields import Days


class BlockSet(ChatNamed, frozen=True, kw_only=True):
    reason: Reason
    #: Null: without end, which a supervisor alone decides.
    days: Days | None


class BlockNamed(LineNamed, frozen=True):
    block: PublicId


async def put(call: Writing, asked: BlockSet) -> BlockView:
    """The conversation ends with it: nobody goes on writing who may not begin."""
    chat = await chat_of(call.tx, asked.name)
    if chat.practice:
        raise NotAvailable
    made = await call.services.tools.blocks.set(
        call.tx,
        call.caller.person,
        line=chat.line,
        chat=chat.chat,
        person=chat.visitor,
        reason=asked.reason,
        days=asked.days,
        supervisor=role_of(call.caller.role) in SUPERVISORS,
    )
    if not chat.over:
        await call.services.helpline.closing.end(call.tx, chat, Ending.FINISHED)
        await settle(call.tx, chat.line)
    return made


async def listed(call: Looking, asked: LineNamed) -> Blocks:
    return await call.services.tools.blocks.all_of(call.reading, asked.line)


async def drop(call: Writing, asked: BlockNamed) -> Dropped:
    return await call.services.tools.blocks.drop(
        call.tx, call.caller.person, asked.line, asked.block
    )


COMMANDS = (
    Writes(
        method="block.set",
        title="Keep the person of a chat from writing; for a day, whoever writes from there too.",
        takes=BlockSet,
        gives=BlockView,
        about=of_chat,
        errors=(BlockTooLong, NotAvailable),
        run=put,
    ),
    Reads(
        method="block.list",
        title="Blocks that have not ended, the newest first; they name nobody.",
        takes=LineNamed,
        gives=Blocks,
        run=listed,
    ),
    Writes(
        method="block.drop",
        title="Take a block back.",
        takes=BlockNamed,
        gives=Dropped,
        errors=(NotFound,),
        run=drop,
    ),
)
