"""What may be read of a line and its chats; who may read it is asked in ``web/access``."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec

from matching.helpline import store
from matching.helpline.estimate import Range, expected
from matching.helpline.figures import Figures, Timed, figures
from matching.helpline.messages import BoardFigures, board_of, changed, queue_of, shown
from matching.helpline.opening import is_line_open, line_opens_at
from matching.helpline.order import places
from matching.helpline.queue import NOTHING, Sealed, chat_key, staff, unseal
from matching.helpline.rules import FIGURES_OF, USUAL_CHAT, capacity
from matching.helpline.staffing import store as staffing
from matching.helpline.transcript import Spoken, transcript
from matching.helpline.values import (
    TALKING,
    UNANSWERED,
    Chat,
    ChatId,
    LineId,
    Operator,
)
from matching.helpline.views import (
    ChatView,
    Colleague,
    LineHours,
    LineState,
    MineEntry,
    OwnChat,
    QueueEntry,
    TalkEntry,
    TransferView,
)
from realtime.channels import own_channel
from realtime.kernel.errors import Gone, NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Ledger, Reading, Transaction
from realtime.rooms.errors import NotAMember
from realtime.rooms.service import Rooms

#: Fewer conversations than that say nothing about how long one lasts.
ENOUGH = 10


class Looking:
    def __init__(self, ledger: Ledger, rooms: Rooms) -> None:
        self._ledger = ledger
        self._rooms = rooms

    # For her.

    async def view(self, reading: Reading, chat: Chat, *, words: str | None = None) -> ChatView:
        place, wait = None, None
        if chat.state in UNANSWERED and chat.exited_at is None:
            place = _places(await store.unanswered(reading.db, chat.line)).get(chat.chat)
            wait = await self._wait(reading, chat.line, place)
        at = await reading.place(own_channel(chat.visitor))
        return ChatView(
            chat=chat.chat,
            line=chat.line,
            state=shown(chat.state),
            room=chat.room,
            since=chat.asked_at,
            words=words,
            place=place,
            low_s=None if wait is None else wait.low_s,
            high_s=None if wait is None else wait.high_s,
            ending=chat.ending,
            epoch=at.epoch,
            offset=at.offset,
        )

    async def state(self, reading: Reading, name: ChatId) -> ChatView:
        chat = await store.look(reading.db, name)
        if chat is None:
            raise NotFound
        return await self.view(reading, chat)

    async def transcript(self, reading: Reading, name: ChatId) -> list[Spoken]:
        chat = await store.look(reading.db, name)
        if chat is None:
            raise NotFound
        return await transcript(self._ledger, reading, chat.room)

    async def own(self, reading: Reading, person: PersonId) -> OwnChat | None:
        """The conversation somebody has open."""
        chat = await store.open_of(reading.db, person)
        if chat is None or chat.exited_at is not None:
            return None
        return OwnChat(chat=chat.chat, line=chat.line, room=chat.room, state=shown(chat.state))

    async def hours(self, reading: Reading, line: LineId) -> LineHours:
        found = await staffing.find_line(reading.db, line)
        if found is None:
            raise NotFound
        on = await staff(reading, line)
        open_ = is_line_open(found, reading.now)
        wait = None
        if open_:
            waiting = await store.waiting(reading.db, line)
            wait = await self._wait(reading, line, waiting + 1)
        return LineHours(
            line=line,
            open=open_,
            languages=sorted({language for it in on for language in it.languages}),
            opens_at=line_opens_at(found, reading.now),
            low_s=None if wait is None else wait.low_s,
            high_s=None if wait is None else wait.high_s,
        )

    async def _wait(self, reading: Reading, line: LineId, place: int | None) -> Range | None:
        if place is None:
            return None
        pace = await self._pace(reading, line)
        return expected(place, slots=pace[0], taken=pace[1], chat=pace[2])

    async def _pace(self, reading: Reading, line: LineId) -> tuple[int, int, timedelta]:
        """Conversations that can be had at once, those under way, and how long one lasts."""
        on = await staff(reading, line)
        slots = sum(capacity(trainee=it.trainee) for it in on)
        talking = [it for it in await store.taken(reading.db, line) if it.state not in UNANSWERED]
        lately = await store.timed(reading.db, line, reading.now - FIGURES_OF)
        return slots, len(talking), lasts(lately)

    # For those who answer.

    async def line(
        self,
        reading: Reading,
        line: LineId,
        person: PersonId,
        names: Mapping[str, str],
        *,
        all_talks: bool,
    ) -> LineState:
        found = await staffing.find_line(reading.db, line)
        if found is None:
            raise NotFound
        waiting = await store.unanswered(reading.db, line)
        taken = await store.taken(reading.db, line)
        mine = await self._mine(reading, person)
        everyone = await staff(reading, line, on=False)
        inside = await self._inside(
            reading, [it.chat for it in (*waiting, *(it for it, _ in mine))]
        )
        place = await reading.place(queue_of(line))
        return LineState(
            line=line,
            open=is_line_open(found, reading.now),
            on=any(it.person == person and it.on for it in everyone),
            queue=_entries(waiting, inside),
            mine=[
                await self._entry(reading, it, role, person, inside.get(it.chat, NOTHING))
                for it, role in mine
            ],
            colleagues=[_colleague(it, names) for it in everyone],
            figures=await self.figures(reading, line, FIGURES_OF),
            talks=[_talk(it) for it in taken if it.state in TALKING] if all_talks else None,
            epoch=place.epoch,
            offset=place.offset,
        )

    async def _mine(self, reading: Reading, person: PersonId) -> list[tuple[Chat, str]]:
        """Chats that somebody has to do with, and as what."""
        found = {
            it.chat: (it, _role(it, person)) for it in await store.of_operator(reading.db, person)
        }
        beside = await staffing.chats_beside(reading.db, person)
        for chat in await store.named(reading.db, beside.keys() - found.keys()):
            found[chat.chat] = (chat, beside[chat.chat])
        return list(found.values())

    async def _entry(
        self, reading: Reading, chat: Chat, role: str, person: PersonId, inside: Sealed
    ) -> MineEntry:
        handing = chat.handing
        view = None
        if handing is not None:
            view = TransferView(
                way=handing.way,
                to=handing.to,
                by=chat.operator,
                joined=handing.joined,
                until=handing.until,
            )
        expires = chat.offer_until if role == "offer" else None
        if handing is not None and handing.to == person:
            expires = handing.until
        return MineEntry(
            chat=chat.chat,
            room=chat.room,
            state=chat.state,
            since=chat.since,
            level=chat.level,
            reasons=list(inside.reasons),
            language=chat.language,
            area=inside.area,
            seat=await self._seat(reading, chat, person),
            role=role,
            expires_at=expires,
            exited=chat.exited_at is not None,
            practice=chat.practice,
            transfer=view,
        )

    async def _seat(self, reading: Reading, chat: Chat, person: PersonId) -> str | None:
        try:
            return await self._rooms.seat(reading, chat.room, person)
        except NotAMember:
            return None

    async def _inside(self, reading: Reading, chats: Sequence[ChatId]) -> dict[ChatId, Sealed]:
        kept = await store.sealed(reading.db, chats)
        await reading.fetch_keys([chat_key(it) for it in kept])
        found = {}
        for name, sealed in kept.items():
            try:
                found[name] = await unseal(reading, name, sealed)
            except Gone:
                found[name] = NOTHING
        return found

    async def figures(self, reading: Reading, line: LineId, of: timedelta) -> Figures:
        waiting = await store.unanswered(reading.db, line)
        taken = await store.taken(reading.db, line)
        on = await staffing.operators(reading.db, line, on=True)
        return figures(
            await store.timed(reading.db, line, reading.now - of),
            reading.now,
            hours=round(of / timedelta(hours=1)),
            waiting_since=[it.asked_at for it in waiting if it.exited_at is None],
            talking=sum(it.state in TALKING for it in taken),
            on_duty=len(on),
        )

    # Told.

    async def tell(self, tx: Transaction, line: LineId) -> None:
        """Whoever waits learns her place where it is another, and the board its figures."""
        waiting = await store.unanswered(tx.db, line)
        now = _places(waiting)
        before = await store.told(tx.db, line)
        moved = {chat: place for chat, place in now.items() if before.get(chat) != place}
        if moved:
            slots, taken, lasting = await self._pace(tx, line)
            for chat in waiting:
                if chat.chat in moved:
                    place = moved[chat.chat]
                    wait = expected(place, slots=slots, taken=taken, chat=lasting)
                    tx.publish(own_channel(chat.visitor), changed(chat, place, wait))
            await store.set_told(tx.db, moved)
        told = msgspec.structs.asdict(await self.figures(tx, line, FIGURES_OF))
        tx.publish(board_of(line), BoardFigures(handle=line, **told))


def lasts(lately: Sequence[Timed]) -> timedelta:
    """How long a conversation lasts here, on average."""
    done = [it for it in lately if it.answered_at is not None and it.ended_at is not None]
    if len(done) < ENOUGH:
        return USUAL_CHAT
    times = [it.ended_at - it.answered_at for it in done if it.ended_at and it.answered_at]
    return sum(times, timedelta()) / len(times)


def _places(waiting: Sequence[Chat]) -> dict[ChatId, int]:
    """Of those who are here: she who left by the exit keeps nobody behind her."""
    return places(it for it in waiting if it.exited_at is None)


def _entries(waiting: Sequence[Chat], inside: Mapping[ChatId, Sealed]) -> list[QueueEntry]:
    everyone = places(waiting)
    return [
        QueueEntry(
            chat=it.chat,
            state=it.state,
            place=everyone[it.chat],
            since=it.asked_at,
            level=it.level,
            reasons=list(inside.get(it.chat, NOTHING).reasons),
            language=it.language,
            area=inside.get(it.chat, NOTHING).area,
            exited=it.exited_at is not None,
            skill=it.skill,
        )
        for it in waiting
    ]


def _role(chat: Chat, person: PersonId) -> str:
    if chat.operator == person:
        return "operator"
    if chat.offered_to == person:
        return "offer"
    return "operator" if chat.handing is None else chat.handing.way.value


def _colleague(of: Operator, names: Mapping[str, str]) -> Colleague:
    return Colleague(
        person=of.person,
        name=names.get(of.person, ""),
        on=of.on,
        load=of.load,
        capacity=capacity(trainee=of.trainee),
        languages=list(of.languages),
        skills=list(of.skills),
        trainee=of.trainee,
    )


def _talk(chat: Chat) -> TalkEntry:
    return TalkEntry(
        chat=chat.chat,
        operator=chat.operator or "",
        state=chat.state,
        since=chat.since,
        level=chat.level,
        language=chat.language,
        exited=chat.exited_at is not None,
    )
