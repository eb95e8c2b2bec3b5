"""Two hubs on one PostgreSQL and one Redis: as one, and when Redis, a hub or its line is away."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AsyncExitStack
from typing import cast

import pytest

from matching.dispatch.rules import RAISES_MOST
from tests.support.authenticator import Authenticator
from tests.support.hubs import Citizen, Hubs, serving_hubs, until
from tests.support.phone import Phone
from tests.support.postgres import Postgres
from tests.support.redis_servers import RedisServer, redis_alone
from web.access.vocabulary import Role

pytestmark = pytest.mark.timeout(180)
Here = tuple[Citizen, Phone]


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    """One of our own: it is killed."""
    with redis_alone() as server:
        yield server


@pytest.fixture(scope="module")
async def two(
    postgres: Postgres, redis: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Hubs]:
    folder = tmp_path_factory.mktemp("nodes")
    database = await asyncio.to_thread(postgres.new_database)
    async with serving_hubs(folder, database=database, broker=redis.url) as made:
        yield made


async def ready_helpers(made: Hubs, stack: AsyncExitStack, count: int) -> list[Here]:
    """Helpers with a page on either hub, who went on duty by way of the other."""
    here = []
    for helper in await made.helpers(count):
        other = next(hub for hub in made.hubs if hub is not helper.hub)
        await helper.at(other).on_duty()
        here.append((helper, await stack.enter_async_context(helper.online())))
    return here


async def accepted(alert: object, helpers: list[Here]) -> str:
    """They accept what they are offered: the room."""
    room = ""
    for helper, page in helpers:
        offer = await helper.offer(page, alert)
        await helper.ask("offer.received", offer=offer)
        room = str((await helper.ask("offer.accept", offer=offer))["room"])
    return room


async def off_duty(helpers: list[Here]) -> None:
    for helper, _ in helpers:
        await helper.ask("helper.duty", on=False)


async def test_a_victim_on_each_hub_and_helpers_on_both(two: Hubs) -> None:
    async with AsyncExitStack() as stack:
        helpers = await ready_helpers(two, stack, 4)
        for number, pair in ((0, helpers[:2]), (1, helpers[2:])):
            victim = await two.citizen(number)
            async with victim.online() as page:
                await an_alert(two, victim, page, pair)
        await off_duty(helpers)


async def an_alert(two: Hubs, victim: Citizen, page: Phone, pair: list[Here]) -> None:
    """From the request to its end: one of the pair is on her hub, the other is not."""
    alert = str((await victim.raise_help())["alert"])
    _, states = await page.listen(f"alert:{alert}")

    room = f"room:{await accepted(alert, pair)}"

    await until(lambda: [it["accepted"] for _, it in states.publications[-1:]] == [2])
    mine, said = await page.listen(room)
    (first, first_heard), (second, second_heard) = [await at.listen(room) for _, at in pair]
    await mine.publish({"id": f"first-{alert}", "text": "j'attends"})
    await first.publish({"id": f"second-{alert}", "text": "on arrive"})
    hearing = (said, first_heard, second_heard)
    await until(lambda: all(it.texts == ["j'attends", "on arrive"] for it in hearing))
    for sub in (mine, first, second):
        seats = {it.user for it in (await sub.presence()).clients.values()}
        assert seats == {"elle", "aide-1", "aide-2"}
    await until(lambda: {"aide-1", "aide-2"} <= set(said.joined))

    helper, helper_page = pair[0]
    other = next(hub for hub in two.hubs if hub is not helper.hub)
    offer = await helper.offer(helper_page, alert)
    await helper.at(other).ask("offer.decline", offer=offer)

    await until(lambda: len(first_heard.unsubscribed) == 1 and "aide-1" in said.left)
    await mine.publish({"id": f"third-{alert}", "text": "une seule"})
    await until(lambda: second_heard.texts[-1:] == ["une seule"])
    assert first_heard.texts == ["j'attends", "on arrive"]
    await victim.ask("help.cancel", alert=alert)


async def test_a_request_closed_on_one_hub_makes_way_for_the_next_on_the_other(two: Hubs) -> None:
    """However much is being written: helpers are asked and answer all the while."""
    async with AsyncExitStack() as stack:
        helpers = await ready_helpers(two, stack, 4)
        victims = [await two.citizen(number % 2) for number in range(8)]

        async def again_and_again(victim: Citizen) -> list[object]:
            here, there = victim, victim.at(next(it for it in two.hubs if it is not victim.hub))
            ends: list[object] = []
            for _ in range(RAISES_MOST):
                alert = (await here.raise_help())["alert"]
                here, there = there, here
                ends.append((await here.ask("help.close", alert=alert))["state"])
            return ends

        ended = await asyncio.gather(*map(again_and_again, victims))

        assert ended == [["closed"] * RAISES_MOST] * len(victims)
        await off_duty(helpers)


async def test_a_session_left_on_one_hub_closes_its_socket_on_the_other(two: Hubs) -> None:
    citizen = await two.citizen(0)

    async with citizen.online() as page:
        await citizen.at(two.hubs[1]).ask_silently("session.leave")
        await until(lambda: len(page.life.disconnected) == 1)


async def test_a_session_cut_on_one_hub_is_out_of_the_other(
    two: Hubs, record_property: Callable[[str, object], None]
) -> None:
    device = Authenticator()
    her = await two.member(0, Role.OPERATOR, device)
    nobody = Citizen(two.hubs[1], two.http, "")
    # Asked on one hub, answered on the other; and the session is known on both.
    asked = await Citizen(two.hubs[0], two.http, "").ask("passkey.ask")
    entered = await nobody.ask("passkey.enter", **device.show(asked))
    lost = Citizen(two.hubs[1], two.http, str(entered["token"]), her.person)
    (there,) = [
        it["id"]
        for it in cast("list[dict[str, object]]", (await her.ask("session.list"))["sessions"])
        if not it["here"]
    ]

    async with her.online() as kept, lost.online() as page:
        began = time.monotonic()
        await her.ask("session.end", session=there)
        await until(lambda: len(page.life.disconnected) == 1)
        record_property("seconds_to_be_out", round(time.monotonic() - began, 2))

        assert kept.life.disconnected == []
    with pytest.raises(AssertionError, match="401"):
        await lost.ask("session.ticket")


async def test_while_redis_is_away_everything_goes_on_through_the_ledger(
    two: Hubs, redis: RedisServer, record_property: Callable[[str, object], None]
) -> None:
    async with AsyncExitStack() as stack:
        helpers = await ready_helpers(two, stack, 2)
        victim = await two.citizen(0)
        page = await stack.enter_async_context(victim.online())
        alert = str((await victim.raise_help())["alert"])
        room = f"room:{await accepted(alert, helpers)}"
        mine, _ = await page.listen(room)
        far, far_page = next(it for it in helpers if it[0].hub is two.hubs[1])
        _, heard = await far_page.listen(room)

        await asyncio.to_thread(redis.kill)
        began = time.monotonic()
        await mine.publish({"id": f"away-{alert}", "text": "redis est mort"})
        await until(lambda: heard.texts == ["redis est mort"])
        record_property("seconds_to_hear", round(time.monotonic() - began, 2))

        offer = await far.offer(far_page, alert)
        began = time.monotonic()
        await far.at(two.hubs[0]).ask("offer.decline", offer=offer)
        await until(lambda: len(heard.unsubscribed) == 1)
        record_property("seconds_to_revoke", round(time.monotonic() - began, 2))
        # A page that comes now finds its way in, too.
        late = await two.citizen(1)
        async with late.online() as arrived:
            assert len(arrived.life.home) == 1

        await asyncio.to_thread(redis.start)
        _, near_page = next(it for it in helpers if it[0].hub is two.hubs[0])
        _, back = await near_page.listen(room)
        await mine.publish({"id": f"back-{alert}", "text": "redis est revenu"})
        await until(lambda: back.texts[-1:] == ["redis est revenu"])
        await victim.ask("help.cancel", alert=alert)
        await off_duty(helpers)


async def test_a_hub_stopped_for_a_while_does_no_harm_when_it_goes_on(two: Hubs) -> None:
    async with AsyncExitStack() as stack:
        helpers = await ready_helpers(two, stack, 2)
        victim = await two.citizen(0)
        page = await stack.enter_async_context(victim.online())
        alert = str((await victim.raise_help())["alert"])
        room = f"room:{await accepted(alert, helpers)}"
        mine, _ = await page.listen(room)
        far, far_page = next(it for it in helpers if it[0].hub is two.hubs[1])
        _, heard = await far_page.listen(room)
        offer = await far.offer(far_page, alert)
        two.pause(1)
        try:
            await far.at(two.hubs[0]).ask("offer.decline", offer=offer)
            for number in range(3):
                await mine.publish({"id": f"paused-{number}-{alert}", "text": "pas pour elle"})
            # Longer than a lease of a task, and than what a node believes without asking.
            await asyncio.sleep(7)
        finally:
            two.resume(1)

        await until(lambda: len(heard.unsubscribed) == 1)
        other = await two.citizen(1)
        async with other.online():
            second = str((await other.raise_help())["alert"])
            await far.offer(far_page, second)
            await other.ask("help.cancel", alert=second)
        assert heard.texts == []
        offers = [told for _, told in far_page.life.told if told["type"] == "offer"]
        assert len(offers) == len({it["offer"] for it in offers}) == 2
        await victim.ask("help.cancel", alert=alert)
        await off_duty(helpers)


async def test_a_hub_killed_in_the_middle_of_a_dispatch_leaves_the_other_to_go_on(
    two: Hubs,
) -> None:
    async with AsyncExitStack() as stack:
        # Both pages are on the hub that lives.
        helpers = []
        for helper in await two.helpers(2):
            there = helper.at(two.hubs[1])
            await there.on_duty()
            helpers.append((there, await stack.enter_async_context(there.online())))
        victim = await two.citizen(0)

        alert = str((await victim.raise_help())["alert"])
        await asyncio.to_thread(two.hubs[0].kill)

        room = await accepted(alert, helpers)
        assert room
        state = await victim.at(two.hubs[1]).ask("help.state", alert=alert)
        assert state["accepted"] == 2
        await two.hubs[0].start()
        again = await victim.ask("help.state", alert=alert)
        assert (again["state"], again["accepted"]) == (state["state"], 2)
        await victim.ask("help.cancel", alert=alert)
        for helper, page in helpers:
            offers = [told for _, told in page.life.told if told["type"] == "offer"]
            assert len(offers) == 1, helper
