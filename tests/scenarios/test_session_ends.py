"""A session that has had its time opens nothing more, its open socket included."""

from datetime import timedelta

import msgspec

from realtime.channels import CONTROL
from tests.support.world import World, world
from web.access.vocabulary import Role
from web.auth.sessions import LIFETIME


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


def ended(made: World) -> list[str]:
    orders = [msgspec.json.decode(body) for channel, body in made.said if channel == CONTROL]
    return [it["session"] for it in orders if it["type"] == "end_session"]
