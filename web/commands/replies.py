"""Sentences an operator need not type again."""

from matching.helpline.replies.errors import TooManyReplies, UnknownVariable
from matching.helpline.replies.messages import Replies, ReplyView
from realtime.kernel.errors import NotFound
from web.commands.fields import Asked, Done
from web.commands.helpline_fields import LineName, LineNamed
from web.commands.registry import Looking, Reads, Writes, Writing
from web.commands.tool_fields import ReplyLanguage, ReplyName, ReplyText, ReplyTitle


class ReplyNamed(Asked, frozen=True):
    line: LineName
    name: ReplyName
    language: ReplyLanguage


class ReplySet(Asked, frozen=True):
    line: LineName
    name: ReplyName
    language: ReplyLanguage
    title: ReplyTitle
    text: ReplyText


async def listed(call: Looking, asked: LineNamed) -> Replies:
    return await call.services.tools.replies.all_of(call.reading, asked.line)


async def put(call: Writing, asked: ReplySet) -> ReplyView:
    return await call.services.tools.replies.set(
        call.tx,
        call.caller.person,
        asked.line,
        name=asked.name,
        language=asked.language,
        title=asked.title,
        text=asked.text,
    )


async def drop(call: Writing, asked: ReplyNamed) -> Done:
    replies = call.services.tools.replies
    await replies.drop(call.tx, call.caller.person, asked.line, asked.name, asked.language)
    return Done()


async def used(call: Writing, asked: ReplyNamed) -> ReplyView:
    replies = call.services.tools.replies
    return await replies.used(call.tx, asked.line, asked.name, asked.language)


COMMANDS = (
    Reads(
        method="reply.list",
        title="The canned replies of a line, in every language, with how often each was used.",
        takes=LineNamed,
        gives=Replies,
        run=listed,
    ),
    Writes(
        method="reply.set",
        title="Write a reply, or change one; braces hold nothing but the variables there are.",
        takes=ReplySet,
        gives=ReplyView,
        errors=(UnknownVariable, TooManyReplies),
        run=put,
    ),
    Writes(
        method="reply.drop",
        title="Take a reply away, in one language.",
        takes=ReplyNamed,
        gives=Done,
        errors=(NotFound,),
        run=drop,
    ),
    Writes(
        method="reply.used",
        title="Count that a reply was inserted; who did, and where, is not kept.",
        takes=ReplyNamed,
        gives=ReplyView,
        errors=(NotFound,),
        run=used,
    ),
)
