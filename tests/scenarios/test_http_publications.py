"""Everything a whole alert publishes is in the AsyncAPI document, field for field."""

from functools import reduce
from operator import or_

import msgspec
import pytest

from realtime.kernel.ids import Channel
from realtime.ports import Caller
from tests.support.world import World, world
from web.api.pushes import MESSAGES
from web.channels import channel_table


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return ("asyncio", {"use_uvloop": True})


async def offer_of(made: World, caller: Caller) -> str:
    offers = (await made.ask(caller, "me.state"))["offers"]
    assert isinstance(offers, list)
    return str(offers[0]["offer"])


async def a_whole_alert(made: World) -> None:
    """Apply, raise, decline, two accepts, talk, release, arrive, close; another one cancelled."""
    helpers = [await made.helper(lat=48.857, lon=2.352) for _ in range(4)]
    her, operator = made.somebody(), made.somebody("operator")
    raised = await made.raise_help(her, note="canary")
    for helper, word in zip(helpers, ("decline", "accept", "accept"), strict=False):
        await made.ask(helper, f"offer.{word}", offer=await offer_of(made, helper))
        await made.settle()
    await made.ask(her, "help.release", alert=raised["alert"], helper=helpers[1].person)
    await made.ask(her, "room.say", room=raised["room"], id="say-00001", text="je suis ici")
    await made.ask(helpers[1], "offer.arrived", offer=await offer_of(made, helpers[1]))
    await made.ask(operator, "help.close", alert=raised["alert"])
    await made.pass_time(10)
    again = await made.raise_help(her, mode="home")
    await made.pass_time(200)
    await made.ask(her, "help.cancel", alert=again["alert"])
    await made.pass_time(10)


def read_back(channel: Channel, body: bytes) -> dict[str, object]:
    """The publication through the document's types: what they do not know is lost on the way."""
    kinds = MESSAGES[channel_table().rule(channel).prefix]
    known = msgspec.json.decode(body, type=reduce(or_, kinds))
    said: dict[str, object] = msgspec.to_builtins(known)
    return said


async def test_every_publication_is_one_of_the_documented_messages() -> None:
    async with world() as made:
        await a_whole_alert(made)
        said = [it for it in made.said if not it[0].startswith("control:")]

    kinds = {channel.partition(":")[0] for channel, _ in said}
    types = {msgspec.json.decode(body).get("type") for _, body in said}
    assert kinds == {"me", "alert", "room", "queue", "board"}
    assert types >= {
        "offer",
        "offer_state",
        "place_open",
        "alert",
        "helper",
        "state",
        "application",
    }
    for channel, body in said:
        heard = msgspec.json.decode(body)
        kept = {name: value for name, value in read_back(channel, body).items() if name in heard}
        # Dates are read as dates: compare what was said with what is said again.
        assert msgspec.json.decode(msgspec.json.encode(kept)) == heard, channel


async def test_no_publication_holds_the_place_or_the_note() -> None:
    async with world() as made:
        await a_whole_alert(made)

    for _, body in made.said:
        assert b"48.857" not in body
        assert b"2.352" not in body
        assert b"canary" not in body
