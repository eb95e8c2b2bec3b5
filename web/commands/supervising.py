"""Supervisors: listen, join, take over, call an interpreter, open or close the line, its people."""

from datetime import timedelta

from matching.helpline.errors import ChatOver, OverCapacity
from matching.helpline.figures import Figures
from matching.helpline.hours import Offices
from matching.helpline.values import Chat
from realtime.kernel.errors import NotAvailable, NotFound
from realtime.kernel.ids import PersonId
from web.commands.fields import Answer, Instant, PublicId
from web.commands.helpline_fields import (
    ChatNamed,
    ChatTold,
    ChatWatch,
    Hours,
    Languages,
    LineName,
    LineNamed,
    Reason,
    Skills,
    of_chat,
)
from web.commands.listening import told
from web.commands.registry import Looking, Reads, Writes, Writing

#: There is one line yet.
LINE = "3919"


class ChatInterpret(ChatNamed, frozen=True):
    person: PublicId


class LineSet(LineNamed, frozen=True, kw_only=True):
    #: None: as its offices' hours say.
    open: bool | None
    reason: Reason
    until: Instant | None = None


class LineTold(Answer, frozen=True):
    line: str
    open: bool


class LineOffices(LineNamed, frozen=True):
    #: None: as they are.
    offices: Offices | None = None


class OfficesTold(Answer, frozen=True):
    line: str
    offices: Offices


class OperatorSet(LineNamed, frozen=True, kw_only=True):
    line: LineName = LINE
    person: PublicId
    trainee: bool
    languages: Languages
    skills: Skills


class OperatorTold(Answer, frozen=True):
    person: str
    trainee: bool
    languages: list[str]
    skills: list[str]


class FiguresAsked(LineNamed, frozen=True):
    hours: Hours = 24


async def watch(call: Writing, asked: ChatWatch) -> ChatTold:
    found = await call.services.helpline.supervising.watch(
        call.tx, call.caller.person, asked.name, on=asked.on
    )
    return told(found)


async def join(call: Writing, asked: ChatNamed) -> ChatTold:
    found = await call.services.helpline.supervising.join(call.tx, call.caller.person, asked.name)
    return told(found)


async def take(call: Writing, asked: ChatNamed) -> ChatTold:
    found: Chat = await call.services.helpline.supervising.take(
        call.tx, call.caller.person, asked.name
    )
    return told(found)


async def interpret(call: Writing, asked: ChatInterpret) -> ChatTold:
    found = await call.services.helpline.supervising.interpret(
        call.tx, call.caller.person, asked.name, PersonId(asked.person)
    )
    return told(found)


async def set_line(call: Writing, asked: LineSet) -> LineTold:
    now_open = await call.services.helpline.supervising.set_line(
        call.tx,
        call.caller.person,
        asked.name,
        open_=asked.open,
        reason=asked.reason,
        until=asked.until,
    )
    return LineTold(line=asked.line, open=now_open)


async def offices(call: Writing, asked: LineOffices) -> OfficesTold:
    found = await call.services.helpline.supervising.offices(
        call.tx, call.caller.person, asked.name, asked.offices
    )
    return OfficesTold(line=asked.line, offices=list(found))


async def set_operator(call: Writing, asked: OperatorSet) -> OperatorTold:
    row = await call.services.helpline.supervising.set_operator(
        call.tx,
        call.caller.person,
        asked.name,
        PersonId(asked.person),
        trainee=asked.trainee,
        languages=asked.languages,
        skills=asked.skills,
    )
    return OperatorTold(
        person=row.person,
        trainee=row.trainee,
        languages=list(row.languages),
        skills=list(row.skills),
    )


async def figures(call: Looking, asked: FiguresAsked) -> Figures:
    return await call.services.helpline.looking.figures(
        call.reading, asked.name, timedelta(hours=asked.hours)
    )


COMMANDS = (
    Writes(
        method="chat.watch",
        title="Read along without being seen by her, on the record; or stop.",
        takes=ChatWatch,
        gives=ChatTold,
        about=of_chat,
        errors=(ChatOver, NotFound),
        run=watch,
    ),
    Writes(
        method="chat.join",
        title="Be in the room, seen by everybody.",
        takes=ChatNamed,
        gives=ChatTold,
        about=of_chat,
        errors=(ChatOver, NotFound),
        run=join,
    ),
    Writes(
        method="chat.take",
        title="Have a chat oneself, whoever had it.",
        takes=ChatNamed,
        gives=ChatTold,
        about=of_chat,
        errors=(ChatOver, OverCapacity, NotFound),
        run=take,
    ),
    Writes(
        method="chat.interpret",
        title="Call a colleague who interprets into the room.",
        takes=ChatInterpret,
        gives=ChatTold,
        about=of_chat,
        errors=(ChatOver, NotFound, NotAvailable),
        run=interpret,
    ),
    Writes(
        method="line.set",
        title="Open or close a line, until a moment or until said otherwise; null: by its hours.",
        takes=LineSet,
        gives=LineTold,
        errors=(NotFound,),
        run=set_line,
    ),
    Writes(
        method="line.offices",
        title="Where a line's people sit and when; without offices, what is known.",
        takes=LineOffices,
        gives=OfficesTold,
        errors=(NotFound,),
        run=offices,
    ),
    Reads(
        method="line.figures",
        title="How a line has done in the last hours: waits, answers, who left; beside NENA's aim.",
        takes=FiguresAsked,
        gives=Figures,
        run=figures,
    ),
    Writes(
        method="operator.set",
        title="What somebody who answers speaks and may do, and whether she learns.",
        takes=OperatorSet,
        gives=OperatorTold,
        errors=(NotFound,),
        run=set_operator,
    ),
)
