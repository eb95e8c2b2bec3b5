"""What operators have at hand is kept alike on both engines: replies, services, counts, blocks."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from matching.helpline.blocks.service import BlockList
from matching.helpline.bridges import store as bridging
from matching.helpline.bridges.machine import Kind, State, answered, asked
from matching.helpline.directory import store as services
from matching.helpline.directory.values import Entry
from matching.helpline.practice import store as exercises
from matching.helpline.replies.errors import TooManyReplies
from matching.helpline.replies.ours import Ours
from matching.helpline.replies.service import CannedReplies
from matching.helpline.wrapup import store as counts
from matching.helpline.wrapup.counts import Answers
from realtime.kernel.errors import Gone, NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from tests.support.house import House

T = TypeVar("T")


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """What differs between loops is tested with the ledger."""
    return "asyncio", {"use_uvloop": True}


ANNA, CHIEF = PersonId("anna"), PersonId("chief")
LINE = "3919"


async def done(house: House, work: Callable[[Transaction], Awaitable[T]]) -> T:
    return await house.made.ledger.write(work)


async def test_replies_are_ours_until_a_supervisor_decides_otherwise(house: House) -> None:
    ours = [Ours("bonjour", {"fr": "Accueillir"}, {"fr": "Bonjour.", "en": "Hello."})]
    replies = CannedReplies(ours)

    async def all_of() -> list[tuple[str, str, str, int, bool]]:
        async with house.made.ledger.reading() as reading:
            found = await replies.all_of(reading, LINE)
        return [(it.name, it.language, it.text, it.uses, it.ours) for it in found.replies]

    async def story(tx: Transaction) -> None:
        await replies.used(tx, LINE, "bonjour", "fr")
        await replies.used(tx, LINE, "bonjour", "fr")
        await replies.drop(tx, CHIEF, LINE, "bonjour", "en")
        for text in ("Salut {numero}.", "Salut."):
            await replies.set(
                tx, CHIEF, LINE, name="salut", language="fr", title="Salut", text=text
            )

    await house.write(story)

    assert await all_of() == [
        ("bonjour", "fr", "Bonjour.", 2, True),
        ("salut", "fr", "Salut.", 0, False),
    ]

    async def again(tx: Transaction) -> None:
        await replies.set(
            tx, CHIEF, LINE, name="bonjour", language="fr", title="A", text="Bonsoir."
        )
        await replies.used(tx, LINE, "salut", "fr")

    await house.write(again)

    assert await all_of() == [
        ("bonjour", "fr", "Bonsoir.", 2, False),
        ("salut", "fr", "Salut.", 1, False),
    ]
    for gone in ("bonjour", "nothing"):
        with pytest.raises(NotFound):
            await done(house, lambda tx, name=gone: replies.used(tx, LINE, name, "en"))  # type: ignore[misc]


async def test_there_are_no_more_replies_than_can_be_looked_through(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matching.helpline.replies.service.MOST", 2)
    replies = CannedReplies([])

    def add(name: str) -> Callable[[Transaction], Awaitable[object]]:
        return lambda tx: replies.set(
            tx, CHIEF, LINE, name=name, language="fr", title="T", text="Texte."
        )

    await done(house, add("un"))
    await done(house, add("deux"))

    with pytest.raises(TooManyReplies):
        await done(house, add("trois"))
    # What is there can still be changed, and dropped.
    await done(house, add("deux"))


async def test_services_are_found_by_area_words_kind_and_language(house: House) -> None:
    entries = [
        Entry(
            service="z", name="Écoute", kinds=("listening",), languages=("fr", "ar"), areas=("",)
        ),
        Entry(service="a", name="Abri 100 %", kinds=("shelter",), areas=("69", "75")),
        Entry(service="m", name="Ailleurs", kinds=("shelter",), areas=()),
    ]

    async def load(tx: Transaction) -> None:
        await services.add(tx.db, "e1", 0, entries)
        await services.add(tx.db, "e0", 0, entries[:1])
        assert await services.clear_some(tx.db, limit=1)
        await services.add(tx.db, "e2", 0, entries)
        await services.use(tx.db, services.Edition("e2", 3, tx.now))
        while await services.clear_some(tx.db, limit=2):
            pass
        assert [await services.count(tx.db, it) for it in ("e0", "e1", "e2")] == [0, 0, 3]

    await house.write(load)

    async def found(**asked: object) -> list[str]:
        given = {"area": None, "kind": None, "words": [], "language": None, "limit": 9, **asked}
        async with house.made.ledger.reading() as reading:
            return [it.service for it in await services.find(reading.db, **given)]  # type: ignore[arg-type]

    assert await found() == ["z", "a", "m"]
    assert await found(area="69") == ["a", "z"]
    assert await found(area="01") == ["z"]
    assert await found(words=["100", "%"]) == ["a"]
    assert await found(words=["_"]) == []
    assert await found(kind="shelter", language="fr") == []
    assert await found(language="ar") == ["z"]
    assert await found(limit=1) == ["z"]


async def test_counts_add_up_across_commands_of_one_commit(house: House) -> None:
    def one(area: str) -> Callable[[Transaction], Awaitable[None]]:
        answers = [("kinds", "cyber"), ("children", "none")]
        return lambda tx: counts.add(tx.db, LINE, "2026-10", area, answers)

    await house.together(*[one("69")] * 3, one("75"))

    async with house.made.ledger.reading() as reading:
        found = await counts.of_month(reading.db, LINE, "2026-10")
        other = await counts.of_month(reading.db, LINE, "2026-11")
    assert sorted(found) == [
        Answers("69", "children", "none", 3),
        Answers("69", "kinds", "cyber", 3),
        Answers("75", "children", "none", 1),
        Answers("75", "kinds", "cyber", 1),
    ]
    assert other == []


async def test_a_block_ends_by_itself_and_an_address_within_a_day(house: House) -> None:
    blocks = BlockList(b"k" * 32)

    async def admits(person: PersonId, network: str, dangers: list[str]) -> bool:
        return await done(
            house,
            lambda tx: blocks.admit(tx, line=LINE, person=person, network=network, dangers=dangers),
        )

    async def block(tx: Transaction) -> None:
        await blocks.remember(tx, line=LINE, chat="c1", network="203.0.113.9")
        await blocks.remember(tx, line=LINE, chat="c2", network="")
        for chat, person, days in (("c1", "him", 2), ("c2", "other", None)):
            await blocks.set(
                tx,
                CHIEF,
                line=LINE,
                chat=chat,
                person=PersonId(person),
                reason="insults",
                days=days,
                supervisor=True,
            )

    await house.write(block)
    him, again = PersonId("him"), PersonId("him, anew")

    assert not await admits(him, "198.51.100.1", ["danger_now"])
    assert not await admits(again, "203.0.113.9", [])
    assert await admits(again, "203.0.113.9", ["danger_now"])
    assert await admits(again, "198.51.100.1", [])
    assert await admits(again, "", [])
    async with house.made.ledger.reading() as reading:
        listed = (await blocks.all_of(reading, LINE)).blocks
        assert (await blocks.all_of(reading, "other line")).blocks == []
    assert sorted(it.until is None for it in listed) == [False, True]

    house.clock.advance(timedelta(hours=24).total_seconds())
    assert await admits(again, "203.0.113.9", [])
    assert not await admits(him, "", [])
    house.clock.advance(timedelta(hours=24).total_seconds())
    assert await admits(him, "", [])
    assert not await admits(PersonId("other"), "", [])


async def test_a_block_that_is_dropped_is_gone_with_its_address(house: House) -> None:
    blocks = BlockList(b"k" * 32)

    async def block(tx: Transaction) -> str:
        await blocks.remember(tx, line=LINE, chat="c1", network="203.0.113.9")
        made = await blocks.set(
            tx,
            CHIEF,
            line=LINE,
            chat="c1",
            person=ANNA,
            reason="prank",
            days=1,
            supervisor=False,
        )
        return made.block

    name = await done(house, block)
    with pytest.raises(NotFound):
        await done(house, lambda tx: blocks.drop(tx, CHIEF, "other line", name))
    await done(house, lambda tx: blocks.drop(tx, CHIEF, LINE, name))

    for person in (ANNA, PersonId("anew")):
        assert await done(
            house,
            lambda tx, it=person: blocks.admit(  # type: ignore[misc]
                tx, line=LINE, person=it, network="203.0.113.9", dangers=[]
            ),
        )
    with pytest.raises(NotFound):
        await done(house, lambda tx: blocks.drop(tx, CHIEF, LINE, name))


async def test_no_address_is_in_the_files_and_no_prepared_question_after_its_answer(
    house: House, files: Callable[[], dict[str, bytes]]
) -> None:
    blocks = BlockList(b"k" * 32)
    new = asked("b1", chat="c1", room="r1", kind=Kind.SHELTER, by=CHIEF, now=house.clock.now())

    async def work(tx: Transaction) -> None:
        await blocks.remember(tx, line=LINE, chat="c1", network="203.0.113.77")
        sealed = await tx.seal("bridge:b1", b"canary household", context="bridge")
        await bridging.put(tx.db, new, sealed)

    await house.write(work)

    async def answer(tx: Transaction) -> None:
        kept = await bridging.find(tx.db, "b1")
        assert kept is not None
        assert kept.bridge == new
        assert kept.sealed is not None
        after = answered(kept.bridge, yes=False, now=tx.now)
        await bridging.settle(tx.db, after)
        await tx.shred("bridge:b1")
        with pytest.raises(Gone):
            await tx.open("bridge:b1", kept.sealed, context="bridge")

    await house.write(answer)

    async with house.made.ledger.reading() as reading:
        (kept,) = await bridging.of_chat(reading.db, "c1")
        found = await bridging.find(reading.db, "b1")
    assert kept.state is State.NO
    assert found is not None
    assert found.sealed is None
    everything = b"".join(files().values())
    assert b"203.0.113.77" not in everything
    assert b"canary household" not in everything


async def test_an_exercise_is_where_it_was(house: House) -> None:
    new = exercises.Exercise("c1", "practice-1", "premier", 0)

    async def work(tx: Transaction) -> None:
        await exercises.put(tx.db, new)
        await exercises.move(tx.db, "c1", 2)

    await house.write(work)

    async with house.made.ledger.reading() as reading:
        by_room = await exercises.in_room(reading.db, "practice-1")
        by_chat = await exercises.find(reading.db, "c1")
        assert await exercises.in_room(reading.db, "another") is None
    assert by_room == by_chat == exercises.Exercise("c1", "practice-1", "premier", 2)
    await house.write(lambda tx: exercises.drop(tx.db, "c1"))
    async with house.made.ledger.reading() as reading:
        assert await exercises.find(reading.db, "c1") is None
