"""The queue of a line: who decides holds the line; what changes is kept, told, and settled.

Every use case that changes a chat begins with ``held`` or ``chat``, so that one decides about a
line at a time, on whichever node: two would offer one chat twice, or fill an operator beyond what
she may have. It ends with ``settle``, which offers whatever can be offered now.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from matching.helpline import machine, store
from matching.helpline.choosing import choose, load, wished_until
from matching.helpline.messages import ChatOffered, changed, queue_of, queued, shown
from matching.helpline.rules import ASK_AGAIN, OFFER_FOR, PULSE_EVERY, TOLD_EVERY, WAITING_LONGEST
from matching.helpline.staffing import store as staffing
from matching.helpline.staffing.store import LineRow, OperatorRow
from matching.helpline.values import Chat, ChatId, ChatState, LineId, Operator
from realtime.channels import own_channel
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction

#: An offer that nobody answered; the key is the chat.
OFFER = "chat.offer"
#: She has waited for as long as anybody may; the key is the chat.
WAITED = "chat.waited"
#: Those who let somebody pass may be asked again; the key is the line and a moment.
AGAIN = "line.again"
#: Places and figures are told again; the key is the line and a moment.
TELL = "line.tell"
#: Whether operators' lines live; the key is the line.
PULSE = "line.pulse"
_EPOCH = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
_SEALED = "chat"


class Sealed(msgspec.Struct, frozen=True):
    """What is sealed of a chat in its table."""

    reasons: tuple[str, ...]
    area: str | None
    seen: str | None


#: Once it has been forgotten.
NOTHING = Sealed((), None, None)


def chat_key(chat: ChatId) -> str:
    return f"chat:{chat}"


async def held(tx: Transaction, line: LineId) -> LineRow:
    """The line, ours until the commit."""
    found = await staffing.hold_line(tx.db, line)
    if found is None:
        raise NotFound
    return found


async def chat_of(tx: Transaction, name: ChatId) -> Chat:
    """A chat of a line that is ours from here on."""
    line = await store.line_of(tx.db, name)
    if line is None:
        raise NotFound
    await held(tx, line)
    found = await store.find(tx.db, name)
    if found is None:
        raise NotFound
    return found


async def staff(reading: Reading, line: LineId, *, on: bool = True) -> list[Operator]:
    """Those who answer on a line, with what they have in hand."""
    rows = await staffing.operators(reading.db, line, on=on)
    loads = load(await store.taken(reading.db, line))
    return [as_operator(it, loads[it.person]) for it in rows]


def as_operator(row: OperatorRow, chats: int) -> Operator:
    return Operator(
        person=row.person,
        on=row.on,
        trainee=row.trainee,
        languages=row.languages,
        skills=row.skills,
        load=chats,
        idle_since=row.idle,
        missed=row.missed,
    )


async def keep(tx: Transaction, before: Chat, after: Chat) -> Chat:
    """Save what a chat has become, and tell it to whom it concerns."""
    if after == before:
        return after
    await store.save(tx.db, before, after, tx.now)
    if after.practice:
        return after
    if (before.state, before.exited_at) != (after.state, after.exited_at):
        tx.publish(queue_of(after.line), queued(after))
    if shown(before.state) != shown(after.state) and after.exited_at is None:
        tx.publish(own_channel(after.visitor), changed(after))
    return after


async def settle(tx: Transaction, line: LineId) -> None:
    """Offer what can be offered now, and have places told. The line is ours."""
    waiting = [it for it in await store.unanswered(tx.db, line) if it.state is ChatState.WAITING]
    if waiting:
        passed = await store.passes(tx.db, [it.chat for it in waiting], tx.now - ASK_AGAIN)
        offers = choose(waiting, await staff(tx, line), passed, tx.now)
        for offer in offers:
            await propose(tx, offer.chat, offer.to)
        if passed.keys() - {it.chat.chat for it in offers}:
            _soon(tx, AGAIN, line, tx.now + ASK_AGAIN)
        offered = {it.chat.chat for it in offers}
        wished = [wished_until(it) for it in waiting if it.chat not in offered]
        if later := [it for it in wished if it > tx.now]:
            _soon(tx, AGAIN, line, min(later))
    _soon(tx, TELL, line, tx.now)


def _soon(tx: Transaction, kind: str, line: LineId, after: datetime) -> None:
    """Leave something to do at the next moment of a grid, once for all who ask for it.

    Each moment is a task of its own: with one for the line, those who ask just before it is
    carried out would put it off, on a busy line for ever.
    """
    due = next_step(after, TOLD_EVERY)
    tx.schedule(kind, f"{line} {due:%H%M%S}", due=due)


def line_of_task(key: str) -> LineId:
    """The line that such a task is about."""
    return LineId(key.partition(" ")[0])


async def propose(tx: Transaction, chat: Chat, to: PersonId) -> Chat:
    """Offer a chat to one operator."""
    until = tx.now + OFFER_FOR
    tx.publish(own_channel(to), ChatOffered(chat=chat.chat, expires_at=until))
    tx.schedule(OFFER, chat.chat, due=until)
    return await keep(tx, chat, machine.offered(chat, to, until, tx.now))


def waits(tx: Transaction, chat: ChatId) -> None:
    """She is in the queue from now on, and not for ever."""
    tx.schedule(WAITED, chat, due=tx.now + WAITING_LONGEST)


async def freed(tx: Transaction, line: LineId, person: PersonId, *, missed: int = 0) -> None:
    """Somebody has had nothing new since now."""
    row = await staffing.find_operator(tx.db, line, person)
    if row is not None:
        await staffing.put_operator(tx.db, line, replace(row, idle=tx.now, missed=missed))


def next_step(now: datetime, every: timedelta) -> datetime:
    """The next moment on a grid: asked for often, a task is put off no further.

    >>> next_step(_EPOCH + timedelta(seconds=7), timedelta(seconds=5)) - _EPOCH
    datetime.timedelta(seconds=10)
    """
    return _EPOCH + ((now - _EPOCH) // every + 1) * every


async def watch(tx: Transaction, line: LineId) -> None:
    """Look at operators' lines from now on; it stops by itself when nobody is left."""
    tx.schedule(PULSE, line, due=next_step(tx.now, PULSE_EVERY))


async def seal(tx: Transaction, chat: ChatId, inside: Sealed) -> bytes:
    return await tx.seal(chat_key(chat), msgspec.json.encode(inside), context=_SEALED)


async def unseal(reading: Reading, chat: ChatId, kept: bytes | None) -> Sealed:
    if kept is None:
        return NOTHING
    clear = await reading.open(chat_key(chat), kept, context=_SEALED)
    return msgspec.json.decode(clear, type=Sealed)
