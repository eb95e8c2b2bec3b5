"""What rooms promise whoever builds on them, on every backend (``realtime/rooms/README.md``)."""

from collections.abc import AsyncGenerator, Awaitable
from datetime import timedelta

import pytest

from realtime.kernel.errors import Gone, Malformed
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from realtime.rooms.errors import (
    DraftHeld,
    NoSuchAttachment,
    NotAMember,
    NotLast,
    OnlyListening,
    RoomClosed,
    RoomFull,
    SeatTaken,
)
from realtime.rooms.messages import Attachment, NoteState, RoomState, Whisper
from realtime.rooms.pictures import Picture
from realtime.rooms.rules import MOST_PICTURES
from realtime.store import wrapped_key
from tests.support.helping import ANNA, Stage, stage

LEA, MIA, SUE, STRANGER = (PersonId(it) for it in ("lea", "mia", "sue", "stranger"))
PICTURE = Picture(40, 30, b"canari-pixels")


class Room:
    """One room: she, two of the staff, and a supervisor whom only they see."""

    def __init__(self, scene: Stage) -> None:
        self.scene = scene
        self.rooms = scene.rooms
        self._numbers = 0

    async def open(self) -> None:
        async def work(tx: Transaction) -> None:
            await self.rooms.open(tx, "r1", "chat-1")
            await self.rooms.join(tx, "r1", ANNA, "elle", alone=True)
            await self.rooms.join(tx, "r1", LEA, "ecoutante", staff=True)
            await self.rooms.join(tx, "r1", MIA, "ecoutante", staff=True)
            await self.rooms.join(tx, "r1", SUE, "superviseuse", staff=True, silent=True)

        await self.scene.write(work)

    async def say(self, who: PersonId, text: str, picture: str | None = None) -> str:
        self._numbers += 1
        name = f"message-{self._numbers}"
        await self.scene.write(
            lambda tx: self.rooms.say(tx, "r1", who, id=name, text=text, attachment=picture)
        )
        return name

    async def edit(self, who: PersonId, of: str, text: str) -> None:
        await self.scene.write(
            lambda tx: self.rooms.edit(tx, "r1", who, id=f"edit-{text}", of=of, text=text)
        )

    async def note(self, who: PersonId, text: str, to: str | None = None) -> None:
        kind = "note" if to is None else "whisper"
        await self.scene.write(
            lambda tx: self.rooms.note(
                tx,
                "r1",
                who,
                id=f"note-{text}",
                text=text,
                kind="note" if kind == "note" else "whisper",
                to=to,
            )
        )

    async def draft(self, who: PersonId, on: bool = True) -> str:
        return await self.scene.write(lambda tx: self.rooms.draft(tx, "r1", who, on=on))

    async def state(self, who: PersonId) -> RoomState:
        return await self.scene.read(lambda r: self.rooms.state(r, "r1", who))

    async def notes(self, who: PersonId) -> NoteState:
        return await self.scene.read(lambda r: self.rooms.notes(r, "r1", who))

    async def attach(self, who: PersonId) -> Attachment:
        return await self.scene.write(lambda tx: self.rooms.attach(tx, "r1", who, PICTURE))

    async def picture(self, who: PersonId, name: str) -> bytes:
        return await self.scene.read(lambda r: self.rooms.attachment(r, "r1", who, name))

    async def heard(self, channel: str) -> list[dict[str, object]]:
        await self.scene.settle()
        return [body for name, body in self.scene.said if name == channel]


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def room(address: str) -> AsyncGenerator[Room]:
    async with stage(address=address) as scene:
        made = Room(scene)
        await made.open()
        yield made


async def refused(work: Awaitable[object], error: type[Exception]) -> None:
    with pytest.raises(error):
        await work


async def test_only_ones_own_last_message_is_changed_and_not_for_long(room: Room) -> None:
    first = await room.say(ANNA, "bonjuor")
    await room.edit(ANNA, first, "bonjour")
    last = await room.say(ANNA, "je suis la")
    hers = await room.say(LEA, "oui")
    # Another has spoken since: it is her own last one all the same.
    await room.edit(ANNA, last, "je suis là")

    await refused(room.edit(ANNA, first, "encore"), NotLast)
    await refused(room.edit(ANNA, hers, "non"), NotLast)
    await refused(room.edit(MIA, last, "non"), NotLast)
    room.scene.clock.advance(301)
    await refused(room.edit(ANNA, last, "trop tard"), NotLast)

    state = await room.state(ANNA)
    assert [(it.seat, it.text, it.edited) for it in state.messages] == [
        ("elle", "bonjour", True),
        ("elle", "je suis là", True),
        ("ecoutante-1", "oui", False),
    ]


async def test_a_silent_member_is_seen_by_staff_only_and_says_nothing(room: Room) -> None:
    await room.say(ANNA, "là")

    await refused(room.say(SUE, "bonjour"), OnlyListening)
    await refused(
        room.scene.write(lambda tx: room.rooms.typing(tx, "r1", SUE, on=True)), OnlyListening
    )
    await refused(room.draft(SUE), OnlyListening)
    await refused(room.attach(SUE), OnlyListening)
    await room.scene.write(lambda tx: room.rooms.read(tx, "r1", SUE, 1))
    await room.scene.write(lambda tx: room.rooms.event(tx, "r1", "joined", "superviseuse-1"))

    hers, staffs = await room.state(ANNA), await room.state(LEA)
    assert "superviseuse-1" not in {it.seat for it in hers.members}
    assert "superviseuse-1" in {it.seat for it in staffs.members if it.silent}
    assert (hers.read, hers.events) == ([], [])
    assert await room.heard("typing:r1") == []
    assert len(await room.heard("room:r1")) == 1


async def test_who_joins_aloud_is_seen_and_does_not_hide_again(room: Room) -> None:
    async def join(silent: bool) -> str:
        return await room.scene.write(
            lambda tx: room.rooms.join(tx, "r1", SUE, "superviseuse", staff=True, silent=silent)
        )

    seats = [await join(False), await join(True)]
    await room.say(SUE, "bonjour")
    seen = {it.seat: it.silent for it in (await room.state(ANNA)).members}
    await room.scene.write(lambda tx: room.rooms.leave(tx, "r1", SUE))
    seats.append(await join(True))

    assert seats == ["superviseuse-1"] * 3
    assert seen["superviseuse-1"] is False
    assert "superviseuse-1" not in {it.seat for it in (await room.state(ANNA)).members}


async def test_notes_are_on_their_own_stream_for_staff_only(room: Room) -> None:
    await room.say(ANNA, "là")
    await room.note(LEA, "elle a peur")
    await room.note(SUE, "propose le foyer", to="ecoutante-1")

    found = await room.notes(MIA)

    assert [(type(it) is Whisper, it.seat, it.text, it.to) for it in found.notes] == [
        (False, "ecoutante-1", "elle a peur", ""),
        (True, "superviseuse-1", "propose le foyer", "ecoutante-1"),
    ]
    assert (found.seat, found.offset) == ("ecoutante-2", 2)
    assert [it["type"] for it in await room.heard("staff:r1")] == ["note", "whisper"]
    assert [it["type"] for it in await room.heard("room:r1")] == ["say"]
    for who in (ANNA, STRANGER):
        await refused(room.notes(who), NotAMember)
        await refused(room.note(who, "x"), NotAMember)


async def test_one_of_the_staff_writes_at_a_time(room: Room) -> None:
    assert await room.draft(LEA) == "ecoutante-1"
    assert await room.draft(MIA) == "ecoutante-1"
    await refused(room.say(MIA, "moi aussi"), DraftHeld)
    await room.say(ANNA, "vous êtes là ?")
    held = (await room.notes(MIA)).draft
    room.scene.clock.advance(10)
    assert await room.draft(LEA) == "ecoutante-1"
    room.scene.clock.advance(10)
    await refused(room.say(MIA, "moi aussi"), DraftHeld)

    await room.say(LEA, "oui")
    await room.say(MIA, "moi aussi")

    assert held is not None
    assert (held.seat, (await room.notes(MIA)).draft) == ("ecoutante-1", None)
    assert [it["state"] for it in await room.heard("looking:r1")] == ["draft", "draft", "looking"]
    await refused(room.draft(ANNA), NotAMember)


async def test_a_draft_is_let_go_of_or_runs_out(room: Room) -> None:
    await room.draft(LEA)
    assert await room.draft(MIA, on=False) == "ecoutante-1"
    assert await room.draft(LEA, on=False) == ""
    assert await room.draft(MIA) == "ecoutante-2"
    room.scene.clock.advance(15)
    assert (await room.notes(LEA)).draft is None
    assert await room.draft(LEA, on=False) == ""
    assert await room.draft(LEA) == "ecoutante-1"
    await room.scene.write(lambda tx: room.rooms.leave(tx, "r1", LEA))
    assert await room.draft(MIA) == "ecoutante-2"


async def test_marks_say_how_far_each_has_read_and_never_go_back(room: Room) -> None:
    for text in ("un", "deux", "trois"):
        await room.say(ANNA, text)

    for offset in (0, 2, 1, 99):
        await room.scene.write(lambda tx, it=offset: room.rooms.read(tx, "r1", LEA, it))  # type: ignore[misc]
    await room.scene.write(lambda tx: room.rooms.typing(tx, "r1", LEA, on=True))
    await room.scene.write(lambda tx: room.rooms.look(tx, "r1", MIA, "looking"))

    assert [(it.seat, it.read) for it in (await room.state(ANNA)).read] == [("ecoutante-1", 3)]
    assert await room.heard("typing:r1") == [
        {"key": "read:ecoutante-1", "seat": "ecoutante-1", "read": 2},
        {"key": "read:ecoutante-1", "seat": "ecoutante-1", "read": 3},
        {"key": "typing:ecoutante-1", "seat": "ecoutante-1", "on": True},
    ]
    assert await room.heard("looking:r1") == [
        {"key": "ecoutante-2", "seat": "ecoutante-2", "state": "looking"}
    ]


async def test_another_person_takes_the_seat_and_the_first_has_none(room: Room) -> None:
    await room.say(ANNA, "là")
    again = PersonId("anna-elsewhere")

    await refused(
        room.scene.write(lambda tx: room.rooms.replace(tx, "r1", STRANGER, again)), NotAMember
    )
    await refused(room.scene.write(lambda tx: room.rooms.replace(tx, "r1", ANNA, LEA)), SeatTaken)
    await room.scene.write(lambda tx: room.rooms.replace(tx, "r1", ANNA, again))
    await room.scene.settle()

    await refused(room.state(ANNA), NotAMember)
    await refused(room.say(ANNA, "encore"), NotAMember)
    assert (await room.state(again)).seat == "elle"
    # What the other device said is not hers to change from this one.
    await refused(room.edit(again, "message-1", "x"), NotLast)
    assert room.scene.revoked() == [(ANNA, "room:r1"), (ANNA, "typing:r1")]


async def test_what_happens_is_told_to_everyone_with_what_the_domain_says_of_it(
    room: Room,
) -> None:
    await room.scene.write(
        lambda tx: room.rooms.event(tx, "r1", "bridge", "ecoutante-1", kind="shelter", nights=2)
    )
    await room.scene.write(lambda tx: room.rooms.event(tx, "r1", "closed"))

    assert [(it.what, it.seat, it.facts) for it in (await room.state(ANNA)).events] == [
        ("bridge", "ecoutante-1", {"kind": "shelter", "nights": 2}),
        ("closed", "", {}),
    ]
    assert [it["type"] for it in await room.heard("room:r1")] == ["event", "event"]


async def test_whoever_of_the_staff_leaves_hears_nothing_more(room: Room) -> None:
    await room.scene.write(lambda tx: room.rooms.leave(tx, "r1", LEA))
    await room.scene.settle()

    assert {channel for _, channel in room.scene.revoked()} == {
        f"{kind}:r1" for kind in ("room", "typing", "staff", "looking")
    }
    await refused(room.notes(LEA), NotAMember)


async def test_a_picture_is_for_members_and_shown_by_who_sent_it(room: Room) -> None:
    kept = await room.attach(ANNA)

    await refused(room.say(LEA, "", kept.attachment), NoSuchAttachment)
    await refused(room.say(ANNA, "", "no-such"), NoSuchAttachment)
    await refused(room.say(ANNA, ""), Malformed)
    await room.say(ANNA, "", kept.attachment)

    state = await room.state(LEA)
    assert state.attachments == [kept]
    assert state.messages[0].attachment == kept.attachment
    assert await room.picture(LEA, kept.attachment) == PICTURE.body
    await refused(room.picture(STRANGER, kept.attachment), NotAMember)
    await refused(room.picture(LEA, "no-such"), NoSuchAttachment)


async def test_a_room_holds_so_many_pictures(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.rooms.rules.MOST_PICTURES", 2)
    assert MOST_PICTURES > 2
    await room.attach(ANNA)
    await room.attach(LEA)
    await refused(room.attach(ANNA), RoomFull)
    monkeypatch.setattr("realtime.rooms.rules.MOST_PICTURES", 10)
    monkeypatch.setattr("realtime.rooms.rules.MOST_PICTURE_BYTES", 2 * len(PICTURE.body))
    await refused(room.attach(ANNA), RoomFull)


async def test_in_a_closed_room_nothing_is_said_changed_or_noted(room: Room) -> None:
    last = await room.say(ANNA, "là")
    await room.scene.write(lambda tx: room.rooms.close(tx, "r1"))

    await refused(room.edit(ANNA, last, "ici"), RoomClosed)
    await refused(room.note(LEA, "x"), RoomClosed)
    await refused(room.attach(ANNA), RoomClosed)
    assert (await room.state(ANNA)).open is False


async def test_what_is_kept_until_a_moment_is_gone_then_whole(room: Room) -> None:
    kept = await room.attach(ANNA)
    await room.say(ANNA, "canari", kept.attachment)
    await room.note(LEA, "canari")
    now = room.scene.clock.now()
    for days in (1, 30):
        until = now + timedelta(days=days)
        await room.scene.write(lambda tx, it=until: room.rooms.retain(tx, "r1", it))  # type: ignore[misc]

    await room.scene.pass_time(29 * 86_400)
    assert (await room.state(LEA)).messages[0].text == "canari"
    await room.scene.pass_time(86_400)

    state, notes = await room.state(LEA), await room.notes(LEA)
    assert (state.messages, state.attachments, state.read, notes.notes) == ([], [], [], [])
    assert (state.open, state.offset, notes.offset) == (False, 1, 1)
    await refused(room.picture(LEA, kept.attachment), NoSuchAttachment)
    await refused(room.say(ANNA, "encore"), RoomClosed)
    async with room.scene.made.database.snapshot() as db:
        assert [await wrapped_key(db, f"{kind}:r1") for kind in ("room", "staff")] == [None, None]
    with pytest.raises(Gone):
        await room.scene.read(lambda r: r.open("room:r1", b"x" * 40, context="picture x"))
