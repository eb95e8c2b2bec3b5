"""She writes to the helpline: whether somebody is there, asking, waiting, leaving, returning."""

from msgspec import field

from matching.helpline.area import area_of_postcode
from matching.helpline.asking import Asked as ChatAsked
from matching.helpline.ending import answer_key
from matching.helpline.errors import (
    ChatAlreadyOpen,
    ChatBlocked,
    ChatOver,
    LineClosed,
    WordAsked,
    WordsLimited,
    WrongWords,
)
from matching.helpline.transcript import Spoken
from matching.helpline.views import ChatView, LineHours
from realtime.kernel.errors import AppError, NotFound
from web.commands.fields import Answer, Asked, ClientId, LanguageTag
from web.commands.helpline_fields import (
    Answers,
    ChatNamed,
    CodeWord,
    LineNamed,
    Postcode,
    Seen,
    Words,
    of_chat,
)
from web.commands.registry import Door, Looking, Reads, Writes, Writing


class ChatAsk(LineNamed, frozen=True, kw_only=True):
    id: ClientId
    language: LanguageTag
    postcode: Postcode | None = None
    #: Whether somebody can see her screen.
    seen: Seen | None = None
    answers: Answers = field(default_factory=list)
    #: A word of her own, asked for when she returns.
    word: CodeWord | None = None


class ChatResume(Asked, frozen=True):
    words: Words
    word: CodeWord | None = None


class Transcript(Answer, frozen=True):
    chat: str
    lines: list[Spoken]


async def hours(call: Looking, asked: LineNamed) -> LineHours:
    return await call.services.helpline.looking.hours(call.reading, asked.name)


async def ask(call: Writing, asked: ChatAsk) -> ChatView:
    helpline, blocks = call.services.helpline, call.services.tools.blocks
    if not await blocks.admit(
        call.tx,
        line=asked.line,
        person=call.caller.person,
        network=call.network,
        dangers=asked.answers,
    ):
        raise ChatBlocked
    opened = await helpline.asking.ask(
        call.tx,
        call.caller.person,
        asked.name,
        ChatAsked(
            asked_as=asked.id,
            language=asked.language,
            answers=asked.answers,
            seen=asked.seen,
            area=None if asked.postcode is None else area_of_postcode(asked.postcode),
            word=asked.word,
        ),
    )
    await blocks.remember(call.tx, line=asked.line, chat=opened.chat.chat, network=call.network)
    return await helpline.looking.view(call.tx, opened.chat, words=opened.words)


async def state(call: Looking, asked: ChatNamed) -> ChatView:
    return await call.services.helpline.looking.state(call.reading, asked.name)


async def leave(call: Writing, asked: ChatNamed) -> ChatView:
    helpline = call.services.helpline
    return await helpline.looking.view(call.tx, await helpline.asking.leave(call.tx, asked.name))


async def resume(call: Writing, asked: ChatResume) -> ChatView | AppError:
    helpline = call.services.helpline
    found = await helpline.asking.resume(call.tx, call.caller.person, asked.words, asked.word)
    if isinstance(found, AppError):
        return found
    return await helpline.looking.view(call.tx, found)


async def transcript(call: Looking, asked: ChatNamed) -> Transcript:
    lines = await call.services.helpline.looking.transcript(call.reading, asked.name)
    return Transcript(chat=asked.chat, lines=lines)


COMMANDS = (
    Reads(
        method="line.hours",
        title="Whether somebody would answer now, in which languages, and after how long.",
        takes=LineNamed,
        gives=LineHours,
        errors=(NotFound,),
        run=hours,
    ),
    Writes(
        method="chat.ask",
        title="Write to the helpline: she waits. The answer holds the three words, this once.",
        takes=ChatAsk,
        gives=ChatView,
        errors=(LineClosed, ChatBlocked, ChatAlreadyOpen),
        # Who is kept out is known by address too, which only HTTP has.
        door=Door.HTTP,
        # Her words.
        sealed=lambda asked: answer_key(asked.id),
        run=ask,
    ),
    Reads(
        method="chat.state",
        title="Her own chat: the snapshot of her me:#.",
        takes=ChatNamed,
        gives=ChatView,
        about=of_chat,
        run=state,
    ),
    Writes(
        method="chat.leave",
        title="It is over for her. Over already, it answers how.",
        takes=ChatNamed,
        gives=ChatView,
        about=of_chat,
        run=leave,
    ),
    Writes(
        method="chat.resume",
        title="Return with three words, and the code word if there is one; on any device.",
        takes=ChatResume,
        gives=ChatView,
        errors=(WrongWords, WordAsked, WordsLimited, ChatAlreadyOpen),
        # Tries are limited by address, which only HTTP has.
        door=Door.HTTP,
        run=resume,
    ),
    Reads(
        method="chat.transcript",
        title="What was said, for her who asks for it, until it is shredded.",
        takes=ChatNamed,
        gives=Transcript,
        about=of_chat,
        errors=(ChatOver,),
        run=transcript,
    ),
)
