"""Those who answer: their line, their duty, offers, the conversation, handing it on."""

from matching.helpline.errors import (
    ChatOver,
    NotYours,
    OffDuty,
    OfferOver,
    OverCapacity,
    TargetFull,
    TargetOff,
)
from matching.helpline.handing import Wish
from matching.helpline.queue import chat_of
from matching.helpline.values import Chat, ChatState, Way
from matching.helpline.views import LineState
from realtime.kernel.errors import NotAvailable, NotFound
from realtime.kernel.ids import PersonId
from web.commands.fields import Answer, Done
from web.commands.helpline_fields import (
    ChatNamed,
    ChatSwitched,
    ChatTold,
    ChatTransfer,
    ChatWrap,
    LineNamed,
    of_chat,
)
from web.commands.registry import Looking, Reads, Writes, Writing


class LineDuty(LineNamed, frozen=True):
    on: bool


class DutyTold(Answer, frozen=True):
    line: str
    on: bool


class NextTold(Answer, frozen=True):
    """The chat that is the caller's now; none: nobody waits whom she may have."""

    chat: str | None
    room: str | None


def told(chat: Chat) -> ChatTold:
    return ChatTold(chat=chat.chat, state=chat.state, room=chat.room)


async def state(call: Looking, asked: LineNamed) -> LineState:
    services, person = call.services, call.caller.person
    organisation = await services.staff.organisation_of(call.reading, person)
    names: dict[str, str] = {}
    if organisation is not None:
        members = await services.staff.colleagues(call.reading, organisation.id)
        names = {it.person: it.name for it in members}
    return await services.helpline.looking.line(
        call.reading, asked.name, person, names, all_talks=call.may("line.talks")
    )


async def duty(call: Writing, asked: LineDuty) -> DutyTold:
    await call.services.helpline.answering.duty(
        call.tx, call.caller.person, asked.name, on=asked.on
    )
    return DutyTold(line=asked.line, on=asked.on)


async def next_chat(call: Writing, asked: LineNamed) -> NextTold:
    found = await call.services.helpline.answering.next(call.tx, call.caller.person, asked.name)
    if found is None:
        return NextTold(chat=None, room=None)
    return NextTold(chat=found.chat, room=found.room)


async def accept(call: Writing, asked: ChatNamed) -> ChatTold:
    found = await call.services.helpline.answering.accept(call.tx, call.caller.person, asked.name)
    return told(found)


async def refuse(call: Writing, asked: ChatNamed) -> Done:
    await call.services.helpline.answering.refuse(call.tx, call.caller.person, asked.name)
    return Done()


async def hold(call: Writing, asked: ChatSwitched) -> ChatTold:
    found = await call.services.helpline.answering.hold(
        call.tx, call.caller.person, asked.name, on=asked.on
    )
    return told(found)


async def finish(call: Writing, asked: ChatNamed) -> ChatTold:
    found = await call.services.helpline.answering.finish(call.tx, call.caller.person, asked.name)
    return told(found)


async def wrap(call: Writing, asked: ChatWrap) -> ChatTold:
    before = await chat_of(call.tx, asked.name)
    found = await call.services.helpline.answering.wrap(call.tx, call.caller.person, asked.name)
    if before.state is not ChatState.CLOSED and not found.practice:
        # Counted once, in the transaction that closes it; the form itself is not kept.
        await call.services.tools.wrapups.count(call.tx, found.line, asked.form)
    return told(found)


async def transfer(call: Writing, asked: ChatTransfer) -> ChatTold:
    wish = Wish(
        way=Way(asked.way),
        person=None if asked.person is None else PersonId(asked.person),
        skill=asked.skill,
        note_id=asked.id,
        note=asked.note,
    )
    found = await call.services.helpline.handover.transfer(
        call.tx, call.caller.person, asked.name, wish
    )
    return told(found)


async def transfer_accept(call: Writing, asked: ChatNamed) -> ChatTold:
    found = await call.services.helpline.handover.accept(call.tx, call.caller.person, asked.name)
    return told(found)


async def transfer_refuse(call: Writing, asked: ChatNamed) -> Done:
    await call.services.helpline.handover.refuse(call.tx, call.caller.person, asked.name)
    return Done()


async def transfer_finish(call: Writing, asked: ChatNamed) -> ChatTold:
    found = await call.services.helpline.handover.finish(call.tx, call.caller.person, asked.name)
    return told(found)


async def part(call: Writing, asked: ChatNamed) -> Done:
    await call.services.helpline.supervising.part(call.tx, call.caller.person, asked.name)
    return Done()


COMMANDS = (
    Reads(
        method="line.state",
        title="A line as somebody who answers sees it: the snapshot of queue:<line>.",
        takes=LineNamed,
        gives=LineState,
        errors=(NotFound,),
        run=state,
    ),
    Writes(
        method="line.duty",
        title="Come on duty, or be offered nothing more: what one has, one keeps.",
        takes=LineDuty,
        gives=DutyTold,
        errors=(NotFound,),
        run=duty,
    ),
    Writes(
        method="chat.next",
        title="Take the first who waits, without waiting to be offered her.",
        takes=LineNamed,
        gives=NextTold,
        errors=(OffDuty, OverCapacity, NotFound),
        run=next_chat,
    ),
    Writes(
        method="chat.accept",
        title="Say yes to an offer: she is the caller's.",
        takes=ChatNamed,
        gives=ChatTold,
        about=of_chat,
        errors=(OfferOver,),
        run=accept,
    ),
    Writes(
        method="chat.refuse",
        title="Say no to an offer: it goes to the next at once.",
        takes=ChatNamed,
        gives=Done,
        about=of_chat,
        run=refuse,
    ),
    Writes(
        method="chat.hold",
        title="Ask her to wait a moment, or be back.",
        takes=ChatSwitched,
        gives=ChatTold,
        about=of_chat,
        errors=(ChatOver, NotYours),
        run=hold,
    ),
    Writes(
        method="chat.finish",
        title="Goodbye is said: the room is closed, a form remains.",
        takes=ChatNamed,
        gives=ChatTold,
        about=of_chat,
        errors=(NotYours,),
        run=finish,
    ),
    Writes(
        method="chat.wrap",
        title="The form is filled in: there is room for another. It names nobody.",
        takes=ChatWrap,
        gives=ChatTold,
        about=of_chat,
        errors=(NotYours,),
        run=wrap,
    ),
    Writes(
        method="chat.transfer",
        title="Hand a chat on: to a person, to a skill, or (neither, cold) to the queue.",
        takes=ChatTransfer,
        gives=ChatTold,
        about=of_chat,
        errors=(TargetOff, TargetFull, ChatOver, NotYours, NotAvailable),
        run=transfer,
    ),
    Writes(
        method="transfer.accept",
        title="Say yes to a chat that is handed on: a seat in its room.",
        takes=ChatNamed,
        gives=ChatTold,
        about=of_chat,
        errors=(OfferOver,),
        run=transfer_accept,
    ),
    Writes(
        method="transfer.refuse",
        title="Say no to it; or leave again, before it is finished.",
        takes=ChatNamed,
        gives=Done,
        about=of_chat,
        errors=(OfferOver,),
        run=transfer_refuse,
    ),
    Writes(
        method="transfer.finish",
        title="After a warm transfer the colleague has it; after advice, its operator still has.",
        takes=ChatNamed,
        gives=ChatTold,
        about=of_chat,
        errors=(OfferOver, NotYours),
        run=transfer_finish,
    ),
    Writes(
        method="chat.part",
        title="Leave a room in which one sits beside its operator.",
        takes=ChatNamed,
        gives=Done,
        about=of_chat,
        run=part,
    ),
)
