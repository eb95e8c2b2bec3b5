"""Devices and results of pushes, on each engine."""

from datetime import timedelta

import pytest

from matching.reach import devices, store
from matching.reach.rules import DEVICES_MOST
from realtime.kernel.errors import Gone
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from realtime.push.message import Keys, decoded
from realtime.push.sender import Subscription
from tests.support.house import House, Work

ANNA, BEA = PersonId("anna"), PersonId("bea")
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
KEYS = Keys(decoded(POINT), b"a" * 16)


def phone(name: str) -> Subscription:
    return Subscription(f"https://fcm.googleapis.com/{name}", KEYS)


def keeping(person: PersonId, name: str) -> Work:
    async def work(tx: Transaction) -> None:
        await devices.keep(tx, person, phone(name))

    return work


def forgetting(device: store.Device) -> Work:
    async def work(tx: Transaction) -> None:
        await devices.forget(tx, [device])

    return work


def adding(*rows: tuple[str, str]) -> Work:
    async def work(tx: Transaction) -> None:
        await store.add_results(tx.db, rows, tx.now)

    return work


async def keeps(house: House, person: PersonId, *names: str) -> list[str]:
    """Each a second later."""
    for name in names:
        await house.write(keeping(person, name))
        house.clock.advance(1)
    return [devices.name_of(phone(name).endpoint) for name in names]


async def found(house: House, person: PersonId) -> list[store.Device]:
    async with house.made.ledger.reading() as reading:
        return await store.of_person(reading.db, person)


async def test_what_was_sealed_is_opened(house: House) -> None:
    await keeps(house, ANNA, "one", "two")

    own = await found(house, ANNA)
    async with house.made.ledger.reading() as reading:
        opened = await devices.opened(reading, own)

    assert [it.subscription for it in opened] == [phone("two"), phone("one")]
    assert len({it.seal for it in own}) == 1


async def test_the_longest_unseen_goes(house: House) -> None:
    names = [f"p{number}" for number in range(DEVICES_MOST)]
    await keeps(house, ANNA, *names, "p0", "new")

    left = {it.device for it in await found(house, ANNA)}

    assert left == {devices.name_of(phone(it).endpoint) for it in ("p0", "p2", "p3", "p4", "new")}


async def test_two_at_once_are_both_kept_and_forgotten_whole(house: House) -> None:
    """As on two nodes: each may have made a key."""
    await house.together(keeping(ANNA, "one"), keeping(ANNA, "two"))
    own = await found(house, ANNA)
    assert len(own) == 2

    for device in own:
        await house.write(forgetting(device))

    async with house.made.ledger.reading() as reading:
        for device in own:
            with pytest.raises(Gone):
                await reading.open(device.seal, device.sealed, context="push device")


async def test_of_thousands_those_who_have_one_seen_since_are_found(house: House) -> None:
    await keeps(house, ANNA, "one")
    since = house.clock.now()
    await keeps(house, BEA, "two")
    crowd = [PersonId(f"person-{number}") for number in range(2_500)]
    asked = [*crowd[:1200], ANNA, *crowd[1200:], BEA]

    async with house.made.ledger.reading() as reading:
        ever = await store.having_devices(reading.db, asked, since=since - timedelta(seconds=10))
        since_then = await store.having_devices(reading.db, asked, since=since)
        nobody = await store.having_devices(reading.db, [], since=since)

    assert ever == {ANNA, BEA}
    assert since_then == {BEA}
    assert not nobody


async def test_a_device_keeps_its_dates_when_it_is_seen_again(house: House) -> None:
    (name,) = await keeps(house, ANNA, "one")
    now = house.clock.now()
    await house.write(lambda tx: store.tested(tx.db, name, now))
    await house.write(lambda tx: store.received(tx.db, name, now + timedelta(seconds=1)))
    await house.write(lambda tx: store.quiet(tx.db, name, now + timedelta(seconds=2)))

    await keeps(house, ANNA, "one")

    (device,) = await found(house, ANNA)
    assert device.tested == now
    assert device.received == now + timedelta(seconds=1)
    assert device.quiet_until == now + timedelta(seconds=2)
    assert device.seen == now
    async with house.made.ledger.reading() as reading:
        assert await store.last_test(reading.db) == device.received


async def test_results_are_counted_since_a_moment_and_dropped_before_one(house: House) -> None:
    for at, rows in enumerate((["a", "b"], ["a"], ["a", "c"])):
        named = [(f"{at}-{number}", result) for number, result in enumerate(rows)]
        await house.write(adding(*named))
        house.clock.advance(10)
    now = house.clock.now()
    await house.write(adding())

    async with house.made.ledger.reading() as reading:
        late = await store.count_results(reading.db, now - timedelta(seconds=20))
    gone = await house.made.ledger.write(
        lambda tx: store.drop_results(tx.db, now - timedelta(seconds=15), limit=2)
    )
    async with house.made.ledger.reading() as reading:
        left = await store.count_results(reading.db, now - timedelta(hours=1))

    assert late == [("a", 2), ("c", 1)]
    assert gone == 2
    assert left == [("a", 2), ("c", 1)]
