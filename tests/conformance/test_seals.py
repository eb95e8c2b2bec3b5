"""What is sealed opens until its key is shredded; the audit chain shows where it was touched."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update

from realtime import store
from realtime.audit import Chain
from realtime.kernel.errors import Gone, NotAllowed
from realtime.ledger import Transaction
from tests.support.house import ROOM, House, Work, adds


async def test_a_sealed_stream_is_in_clear_nowhere_in_the_files(
    house: House, files: Callable[[], dict[str, bytes]]
) -> None:
    await house.write(adds("x", says=ROOM))

    async def says(tx: Transaction) -> None:
        tx.publish(ROOM, {"text": "canary-word"})

    await house.write(says)

    on_disk = files()
    assert any(b"id-000001" in it for it in on_disk.values())
    for name, content in on_disk.items():
        assert b"canary-word" not in content, name
    assert all(b"canary" not in it.body for each in house.committed for it in each.deliveries)
    page = await house.made.ledger.history(ROOM, limit=5, since=1, reverse=False)
    assert page.missed is not None
    assert page.missed[0].body == b'{"text":"canary-word"}'


async def test_what_is_shredded_is_gone_for_everyone_at_once(house: House) -> None:
    await house.write(adds("x", says=ROOM))

    async def shreds(tx: Transaction) -> None:
        await tx.shred(ROOM)

    await house.write(shreds)

    with pytest.raises(Gone):
        await house.made.ledger.history(ROOM, limit=5, since=0, reverse=False)


async def test_a_command_that_was_undone_leaves_no_key_in_memory(house: House) -> None:
    sealed: list[bytes] = []

    async def seals_and_fails(tx: Transaction) -> None:
        sealed.append(await tx.seal("place:1", b"here", context="c"))
        raise NotAllowed

    await house.together(seals_and_fails)

    async with house.made.ledger.reading() as reading:
        with pytest.raises(Gone):
            await reading.open("place:1", sealed[0], context="c")
    assert house.made.seals.remembered("place:1") is None


async def test_a_shredding_that_was_undone_did_not_happen(house: House) -> None:
    sealed: list[bytes] = []

    async def seals(tx: Transaction) -> None:
        sealed.append(await tx.seal("place:1", b"here", context="c"))

    async def shreds_and_fails(tx: Transaction) -> None:
        await tx.shred("place:1")
        raise NotAllowed

    await house.write(seals)
    await house.together(shreds_and_fails)

    async with house.made.ledger.reading() as reading:
        assert await reading.open("place:1", sealed[0], context="c") == b"here"


async def test_what_is_sealed_in_the_commit_that_shreds_its_old_key_can_be_read(
    house: House,
) -> None:
    sealed: list[bytes] = []

    async def seals(tx: Transaction) -> None:
        sealed.append(await tx.seal("zone:1", b"%d" % len(sealed), context="c"))

    async def shreds(tx: Transaction) -> None:
        await tx.shred("zone:1")

    await house.write(seals)
    await house.together(shreds, seals)

    async with house.made.ledger.reading() as reading:
        with pytest.raises(Gone):
            await reading.open("zone:1", sealed[0], context="c")
        assert await reading.open("zone:1", sealed[1], context="c") == b"1"


async def test_a_key_made_anew_opens_also_when_the_word_of_its_shredding_comes_late(
    house: House,
) -> None:
    sealed: list[bytes] = []

    async def seals(tx: Transaction) -> None:
        sealed.append(await tx.seal("zone:1", b"here", context="c"))

    async def shreds(tx: Transaction) -> None:
        await tx.shred("zone:1")

    for work in (seals, shreds, seals):
        await house.write(work)
    house.made.ledger.forget_key("zone:1")

    async with house.made.ledger.reading() as reading:
        assert await reading.open("zone:1", sealed[1], context="c") == b"here"
    await house.write(seals)
    async with house.made.ledger.reading() as reading:
        assert await reading.open("zone:1", sealed[2], context="c") == b"here"


async def test_a_body_moved_elsewhere_does_not_open(house: House) -> None:
    sealed: list[bytes] = []

    async def seals(tx: Transaction) -> None:
        sealed.append(await tx.seal("place:1", b"here", context="alert 1"))
        assert await tx.open("place:1", sealed[0], context="alert 1") == b"here"

    await house.write(seals)

    async with house.made.ledger.reading() as reading:
        with pytest.raises(Gone):
            await reading.open("place:1", sealed[0], context="alert 2")
        with pytest.raises(Gone):
            await reading.open("place:2", sealed[0], context="alert 1")


async def test_at_once_opens_only_what_its_remembered_key_opens(house: House) -> None:
    ledger = house.made.ledger
    await house.write(adds("x", says=ROOM))
    async with ledger.reading() as reading:
        kept = (await store.page(reading.db, ROOM, limit=1, since=None, reverse=True))[0]

    assert ledger.opened_at_once(kept) == b'{"added":"x"}'
    assert ledger.opened_at_once(replace(kept, offset=2)) is None
    house.made.seals.forget(ROOM)
    assert ledger.opened_at_once(kept) is None


# The audit chain.


async def test_a_thousand_ways_of_touching_the_audit_are_all_noticed(house: House) -> None:
    dice = random.Random(11)

    def notes(number: int) -> Work:
        async def work(tx: Transaction) -> None:
            tx.record(f"actor {number % 3}", "did", f"thing {number}")

        return work

    await house.together(*(notes(number) for number in range(40)))
    assert await house.made.ledger.audit_break() is None
    async with house.made.ledger.reading() as reading:
        lines = await store.read_audit(reading.db)
        end = await store.find_audit_end(reading.db)

    missed = 0
    for _ in range(1000):
        touched = list(lines)
        victim = dice.randrange(len(touched))
        match dice.randrange(3):
            case 0:
                line = touched[victim]
                edits = (
                    replace(line, actor="somebody else"),
                    replace(line, action="somebody else"),
                    replace(line, thing="somebody else"),
                )
                touched[victim] = dice.choice(edits)
            case 1:
                del touched[victim : victim + dice.randint(1, 5)]
            case _:
                other = (victim + dice.randint(1, len(touched) - 1)) % len(touched)
                touched[victim], touched[other] = touched[other], touched[victim]
        chain = Chain()
        whole = chain.first_break(touched) is None
        missed += whole and chain.broken_end(end, house.made.seals.vouch) is None
    assert missed == 0


async def test_a_line_edited_in_the_table_is_found(house: House) -> None:
    async def notes(tx: Transaction) -> None:
        tx.record("op", "released", "alert-1")
        tx.record("op", "closed", "alert-1")

    async def edits(tx: Transaction) -> None:
        await tx.db.execute(update(store.audit).where(store.audit.c.number == 2).values(actor="x"))

    await house.write(notes)
    await house.write(edits)

    assert await house.made.ledger.audit_break() == 2
