"""A request for help from raise to shredding, by the services alone, on a real ledger."""

from collections.abc import AsyncGenerator

import pytest

from alerts.errors import AlertAlreadyOpen, AlertEnded, HelperNotComing
from geo.point import Point
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from tests.support.helping import ANNA, HERE, OPERATOR, Stage, north, stage


@pytest.fixture
async def scene() -> AsyncGenerator[Stage]:
    async with stage() as built:
        yield built


async def test_a_request_is_offered_to_the_seven_nearest(scene: Stage) -> None:
    near = await scene.crowd(9)

    raised = await scene.raise_help()

    asked = scene.asked(raised.alert)
    assert len(asked) == 7
    assert set(asked) <= set(near)


async def test_two_who_accept_cover_it_and_the_others_are_thanked(scene: Stage) -> None:
    await scene.crowd(8)
    raised = await scene.raise_help()
    one, two, *others = [PersonId(it) for it in scene.asked(raised.alert)]

    first = await scene.says(one, raised.alert, "accept")
    second = await scene.says(two, raised.alert, "accept")

    assert (first.state, second.state) == ("accepted", "accepted")
    state = await scene.state(raised.alert)
    assert (state.state, state.accepted) == ("covered", 2)
    assert {str(scene.told(it, "offer_state")[-1]["state"]) for it in others} == {"covered"}
    assert {str(it["state"]) for it in scene.told(ANNA, "alert")} == {"searching", "covered"}
