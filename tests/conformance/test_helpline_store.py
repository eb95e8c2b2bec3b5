"""The helpline's statements on both engines: one story that goes through nearly all of them."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from matching.helpline import store
from matching.helpline.asking import Asked
from matching.helpline.handing import Wish
from matching.helpline.hours import ALWAYS
from matching.helpline.staffing import store as staffing
from matching.helpline.values import Chat, ChatId, ChatState, Ending, Way
from realtime.kernel.ids import PersonId
from tests.support.helpline_nodes import BOSS, LINE, Node, helplines

SHE, AGAIN, ANNA, BEA = (PersonId(it) for it in ("she", "she-again", "anna", "bea"))


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """Databases are waited for: one event loop is enough."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def node(tmp_path: Path, address: str) -> AsyncGenerator[Node]:
    async with helplines(tmp_path, address, 1) as made:
        yield made[0]


async def look(node: Node, chat: ChatId) -> Chat:
    found = await node.read(lambda reading: store.look(reading.db, chat))
    assert found is not None
    return found


async def test_a_whole_conversation_is_kept_alike(node: Node) -> None:
    line = node.helpline
    asked = Asked(
        asked_as="asked-0001", language="fr", answers=("weapon",), seen="yes", area="75", word="mot"
    )
    opened = await node.write(lambda tx: line.asking.ask(tx, SHE, LINE, asked))
    chat = opened.chat.chat
    await node.duty("anna")
    await node.duty("bea")
    first = (await look(node, chat)).offered_to
    assert first in {ANNA, BEA}

    # Refused by the first, accepted by the second, held, handed on warmly.
    await node.write(lambda tx: line.answering.refuse(tx, PersonId(str(first)), chat))
    second = (await look(node, chat)).offered_to
    assert second == ({ANNA, BEA} - {first}).pop()
    assert await node.accept(str(second), chat) == "active"
    await node.write(lambda tx: line.answering.hold(tx, PersonId(str(second)), chat, on=True))
    wish = Wish(way=Way.WARM, person=PersonId(str(first)), note_id="note-00001", note="x")
    await node.write(lambda tx: line.handover.transfer(tx, PersonId(str(second)), chat, wish))
    await node.write(lambda tx: line.handover.accept(tx, PersonId(str(first)), chat))
    both = await look(node, chat)
    assert (both.operator, both.next_operator, both.state) == (second, first, ChatState.HELD)
    await node.write(lambda tx: line.handover.finish(tx, PersonId(str(second)), chat))
    await node.write(lambda tx: line.supervising.watch(tx, BOSS, chat, on=True))

    # She leaves by the exit and returns.
    await node.write(lambda tx: line.depart(tx, SHE))
    assert (await look(node, chat)).exited_at is not None
    back = await node.write(lambda tx: line.asking.resume(tx, AGAIN, opened.words, "mot"))
    assert isinstance(back, Chat)
    assert (back.visitor, back.exited_at, back.operator) == (AGAIN, None, first)

    # What each may read of it.
    state = await node.read(
        lambda reading: line.looking.line(reading, LINE, BOSS, {}, all_talks=True)
    )
    assert [(it.chat, it.role, it.reasons) for it in state.mine] == [
        (chat, "watch", ["weapon", "seen"])
    ]
    assert [(it.chat, it.operator) for it in state.talks or ()] == [(chat, first)]
    assert {it.person: it.load for it in state.colleagues} == {first: 1, second: 0}
    assert (state.figures.answered, state.figures.on_duty) == (1, 2)
    assert await node.read(lambda reading: line.looking.own(reading, AGAIN)) is not None
    hours = await node.read(lambda reading: line.looking.hours(reading, LINE))
    assert (hours.open, hours.high_s) == (True, 60)

    # The end, and that nothing of her is left.
    await node.write(lambda tx: line.asking.leave(tx, chat))
    await node.write(lambda tx: line.answering.wrap(tx, PersonId(str(first)), chat))
    over = await look(node, chat)
    assert (over.state, over.ending) == (ChatState.CLOSED, Ending.LEFT)
    steps = await node.read(lambda reading: store.steps(reading.db, chat))
    assert [it for _, it in steps] == [
        ChatState(it)
        for it in (
            *("waiting", "offered", "waiting", "offered", "active", "held", "held"),
            *("wrap_up", "closed"),
        )
    ]
    await node.write(lambda tx: line.closing.forget(tx, chat))
    gone = await look(node, chat)
    assert (gone.visitor, gone.has_word) == ("", False)
    assert await node.read(lambda reading: store.sealed(reading.db, [chat])) == {}


async def test_places_offices_and_lines_are_kept_alike(node: Node) -> None:
    line = node.helpline
    names = [await node.ask(f"she-{number}") for number in range(3)]
    await node.write(lambda tx: line.looking.tell(tx, LINE))
    told = await node.read(lambda reading: store.told(reading.db, LINE))
    assert told == {name: place for place, name in enumerate(names, start=1)}
    await node.duty("anna")
    assert await node.read(lambda reading: staffing.watched(reading.db, LINE)) == ["anna"]
    await node.write(lambda tx: line.depart(tx, ANNA))
    assert await node.read(lambda reading: staffing.watched(reading.db, LINE)) == []
    assert await node.read(lambda reading: staffing.lines_of(reading.db, ANNA)) == [LINE]
    assert await node.read(lambda reading: staffing.lines(reading.db)) == [LINE]
    await node.write(lambda tx: line.open_line(tx, LINE))
    found = await node.read(lambda reading: staffing.find_line(reading.db, LINE))
    assert found is not None
    # A supervisor had said so: the demo does not undo it.
    assert (found.open, list(found.offices)) == (True, [ALWAYS])
    figures = await node.read(
        lambda reading: line.looking.figures(reading, LINE, timedelta(hours=1))
    )
    assert (figures.waiting, figures.asked) == (3, 3)
