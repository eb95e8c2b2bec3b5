"""A session that has had its time opens nothing more, its open socket included."""

from datetime import timedelta

import msgspec

from realtime.channels import CONTROL
from tests.support.world import World, world
from web.access.vocabulary import Role
from web.auth.sessions import LIFETIME
from web.commands.registry import Door


async def opened(made: World, role: Role) -> str:
    sessions = made.whole.services.sessions
    found = await made.whole.durable.ledger.write(lambda tx: sessions.open(tx, role))
    return found.caller.session


async def test_the_sockets_of_a_session_that_is_over_are_closed_within_a_minute() -> None:
    async with world() as made:
        shift, citizen = await opened(made, Role.OPERATOR), await opened(made, Role.CITIZEN)

        await made.pass_time(LIFETIME[Role.OPERATOR].total_seconds() - 120)
        early = ended(made)
        await made.pass_time(timedelta(minutes=3).total_seconds())

        assert early == []
        assert ended(made) == [shift]
        assert citizen not in ended(made)


async def test_who_leaves_for_good_is_not_waited_for() -> None:
    async with world() as made:
        helper, her = await made.helper(lat=48.857, lon=2.352), made.somebody()
        raised = await made.raise_help(her)
        state = await made.ask(helper, "me.state")
        offers = msgspec.convert(state["offers"], list[dict[str, object]])
        await made.ask(helper, "offer.accept", offer=offers[0]["offer"])

        await made.whole.pipeline.run(helper, "session.leave", b"{}", door=Door.HTTP)
        await made.settle()

        assert (await made.ask(her, "help.state", alert=raised["alert"])).get("accepted", 0) == 0
        board = await made.ask(made.somebody("operator"), "board.state")
        assert msgspec.convert(board["helpers"], dict[str, int])["on_duty"] == 0


def ended(made: World) -> list[str]:
    orders = [msgspec.json.decode(body) for channel, body in made.said if channel == CONTROL]
    return [it["session"] for it in orders if it["type"] == "end_session"]
