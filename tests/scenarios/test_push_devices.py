"""A helper's devices, a test of one, the second channel, the operators' board."""

import base64
from collections.abc import AsyncGenerator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from matching.reach import store
from matching.reach.devices import name_of
from matching.reach.rules import DEVICES_MOST, SEEN_WITHIN, SMS_AFTER
from realtime.kernel.errors import Gone
from realtime.ports import Caller
from realtime.push.message import encoded
from tests.support.pockets import LAT, LON, Pockets, pockets
from tests.support.push_service import Answer, Browser

LATE = SMS_AFTER.total_seconds()


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the sender."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def street(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Pockets]:
    async with pockets(monkeypatch, sms=True) as made:
        yield made


async def test_a_page_is_told_the_key_and_whether_it_is_known(street: Pockets) -> None:
    helper = await street.helper()
    browser = street.service.subscribe()
    device = name_of(browser.endpoint)

    before = await street.world.ask(helper, "push.key", device=device)
    subscribed = await street.world.ask(helper, "push.subscribe", **browser.told)
    after = await street.world.ask(helper, "push.key", device=device)

    assert subscribed == {"device": device}
    assert (before["on"], after["on"]) == (False, True)
    assert len(base64.urlsafe_b64decode(str(before["key"]) + "=")) == 65


async def test_addresses_lie_sealed_in_the_table(street: Pockets) -> None:
    helper, browser = await street.sleeper()

    async with street.world.whole.durable.ledger.reading() as reading:
        (row,) = (await reading.db.execute(select(store.push_device))).all()

    told = browser.told
    assert row.person == helper.person
    for secret in (told["endpoint"], told["auth"], told["p256dh"], "127.0.0.1"):
        assert secret not in repr(row)
    assert helper.person not in row.seal


@pytest.mark.parametrize(
    "changes",
    [
        {"endpoint": "https://evil.example/push"},
        {"endpoint": "http://169.254.169.254/latest"},
        {"p256dh": encoded(b"\x04" + bytes(64))},
        {"auth": "AAAA"},
    ],
)
async def test_a_subscription_that_we_would_not_call_is_refused(
    street: Pockets, changes: dict[str, str]
) -> None:
    helper = await street.helper()
    told = {**street.service.subscribe().told, **changes}

    assert await street.world.ask(helper, "push.subscribe", **told) == {"error": "bad_subscription"}
    assert await street.devices() == 0


async def test_only_helpers_have_us_call_anybody(street: Pockets) -> None:
    anyone = street.world.somebody()
    told = street.service.subscribe().told

    assert await street.world.ask(anyone, "push.subscribe", **told) == {"error": "not_found"}
    assert await street.devices() == 0


async def test_five_devices_are_kept_the_longest_unseen_goes(street: Pockets) -> None:
    helper = await street.helper()
    browsers: list[Browser] = []
    for _ in range(DEVICES_MOST + 1):
        browsers.append(await street.subscribes(helper))
        await street.world.pass_time(1)
        # The first is seen again: the second is now the oldest.
        await street.world.ask(helper, "push.subscribe", **browsers[0].told)

    known = [
        (await street.world.ask(helper, "push.key", device=name_of(it.endpoint)))["on"]
        for it in browsers
    ]

    assert known == [True, False, True, True, True, True]


async def test_a_browser_wakes_whoever_holds_it_now(street: Pockets) -> None:
    one, browser = await street.sleeper()
    other = await street.helper()

    await street.world.ask(other, "push.subscribe", **browser.told)
    await street.raised()

    assert street.asked(one, other) == [False, True]
    assert await street.devices() == 1


async def test_nobody_ends_or_tests_the_device_of_another(street: Pockets) -> None:
    _, browser = await street.sleeper()
    other, device = await street.helper(), name_of(browser.endpoint)

    assert await street.world.ask(other, "push.unsubscribe", device=device) == {"device": device}
    assert await street.world.ask(other, "push.test", device=device) == {"error": "not_found"}
    assert await street.world.ask(other, "push.received", device=device) == {"test": False}
    assert (await street.world.ask(other, "push.key", device=device))["on"] is False
    assert await street.devices() == 1


async def _unsubscribes(street: Pockets, helper: Caller, browser: Browser) -> None:
    await street.world.ask(helper, "push.unsubscribe", device=name_of(browser.endpoint))


async def _is_refused(street: Pockets, helper: Caller, browser: Browser) -> None:
    operator = street.world.somebody("operator")
    await street.world.ask(operator, "helper.refuse", helper=helper.person)


async def _leaves(street: Pockets, helper: Caller, browser: Browser) -> None:
    services = street.world.whole.services
    await street.world.whole.durable.ledger.write(
        lambda tx: services.reach.forget(tx, helper.person)
    )


async def _stays_away(street: Pockets, helper: Caller, browser: Browser) -> None:
    await street.world.pass_time(SEEN_WITHIN.total_seconds() + 1)


@pytest.mark.parametrize("ends", [_unsubscribes, _is_refused, _leaves, _stays_away])
async def test_a_device_that_is_over_is_unreadable(street: Pockets, ends: object) -> None:
    helper, browser = await street.sleeper()
    async with street.world.whole.durable.ledger.reading() as reading:
        (row,) = await store.of_person(reading.db, helper.person)

    await ends(street, helper, browser)  # type: ignore[operator]
    await street.world.settle()

    assert await street.devices() == 0
    async with street.world.whole.durable.ledger.reading() as reading:
        with pytest.raises(Gone):
            await reading.open(row.seal, row.sealed, context="push device")


async def test_a_test_wakes_this_device_and_its_receipt_is_dated(street: Pockets) -> None:
    helper, one = await street.sleeper()
    two, device = await street.subscribes(helper), name_of(one.endpoint)

    tested = await street.world.ask(helper, "push.test", device=device)
    await street.world.settle()
    await street.world.pass_time(3)
    waiting = await street.world.ask(helper, "push.key", device=device)
    received = await street.world.ask(helper, "push.received", device=device)
    again = await street.world.ask(helper, "push.received", device=device)
    after = await street.world.ask(helper, "push.key", device=device)

    assert (street.woken(one), street.woken(two)) == (1, 0)
    assert waiting["tested_at"] == tested["tested_at"]
    assert "received_at" not in waiting
    assert (received, again) == ({"test": True}, {"test": False})
    assert str(after["received_at"]) > str(after["tested_at"])


async def test_without_its_name_a_device_is_known_when_it_alone_is_tested(
    street: Pockets,
) -> None:
    helper, one = await street.sleeper()
    two = await street.subscribes(helper)
    await street.world.ask(helper, "push.test", device=name_of(one.endpoint))
    await street.world.settle()
    assert await street.world.ask(helper, "push.received") == {"test": True}
    await street.world.pass_time(1)

    for browser in (one, two):
        await street.world.ask(helper, "push.test", device=name_of(browser.endpoint))
        await street.world.pass_time(1)

    assert await street.world.ask(helper, "push.received") == {"test": False}


async def test_the_board_counts_and_names_nobody(street: Pockets) -> None:
    helper, browser = await street.sleeper()
    street.service.answers.extend([Answer(201), Answer(500)])
    await street.world.ask(helper, "push.test", device=name_of(browser.endpoint))
    await street.world.settle()
    await street.world.ask(helper, "push.received")
    await street.raised()

    board = await street.board()

    assert board["results"] == [
        {"result": "offer.failed", "count": 1},
        {"result": "test.received", "count": 1},
        {"result": "test.sent", "count": 1},
    ]
    assert board["hosts"] == [{"host": "127.0.0.1", "state": "closed"}]
    assert (board["on"], board["sms"], board["devices"]) == (True, True, 1)
    assert board["last_test_at"] is not None
    assert helper.person not in repr(board)


async def test_a_day_later_the_board_has_forgotten(street: Pockets) -> None:
    await street.sleeper()
    await street.raised()
    await street.world.pass_time(25 * 3600)
    await street.world.pass_time(600)

    assert await street.results() == {}
    async with street.world.whole.durable.ledger.reading() as reading:
        assert (await reading.db.execute(select(store.push_result))).all() == []


async def test_no_receipt_and_the_gateway_is_told_a_reference_and_a_template(
    street: Pockets,
) -> None:
    helper, _ = await street.sleeper()
    reference = (await street.world.ask(helper, "push.key"))["reference"]
    alert = await street.raised()
    await street.world.pass_time(LATE - 1)
    assert street.gateway.told == []

    await street.world.pass_time(1)

    (told,) = street.gateway.told
    assert msgspec.json.decode(told.body) == {"person": reference, "template": "offer"}
    assert told.is_signed(_sms_key(street.world.folder))
    assert not told.is_signed(bytes(32))
    for secret in (helper.person, alert, street.offer(helper)):
        assert secret not in f"{told.body!r} {dict(told.headers)}"
    assert (await street.results())["sms.sent"] == 1


def _sms_key(folder: Path) -> bytes:
    return base64.b64decode((folder / "keys" / "sms.key").read_bytes())


async def test_a_receipt_and_the_gateway_is_told_nothing(street: Pockets) -> None:
    helper, _ = await street.sleeper()
    await street.raised()
    await street.world.ask(helper, "offer.received", offer=street.offer(helper))

    await street.world.pass_time(LATE * 2)

    assert street.gateway.told == []


async def test_repeated_a_message_has_the_same_name_and_another_has_another(
    street: Pockets,
) -> None:
    await street.sleeper()
    street.gateway.answers.append(500)
    await street.raised()
    await street.world.pass_time(LATE)
    await street.world.pass_time(2)
    await street.raised()
    await street.world.pass_time(LATE)

    one, again, other = street.gateway.told
    assert one.repeat == again.repeat != other.repeat
    assert one.body == again.body == other.body


async def test_a_gateway_that_does_not_know_her_is_not_asked_again(street: Pockets) -> None:
    await street.sleeper()
    street.gateway.answers.append(404)
    await street.raised()

    await street.world.pass_time(LATE)
    await street.world.pass_time(60)

    assert len(street.gateway.told) == 1
    assert await street.devices() == 1


async def test_who_has_no_phone_to_wake_gets_no_message(street: Pockets) -> None:
    await street.helper(live=True)
    await street.raised()

    await street.world.pass_time(LATE * 2)

    assert street.gateway.told == []


def test_the_places_of_the_tests_are_those_of_the_world() -> None:
    assert (LAT, LON) == (48.857, 2.352)
