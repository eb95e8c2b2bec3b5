"""One night, whole: asked, chosen, held, confirmed, found, slept, over. On both engines."""

from collections.abc import AsyncGenerator

import pytest

from tests.support.town import Town, many, town


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger and the edge."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def city(whole_address: str) -> AsyncGenerator[Town]:
    async with town(whole_address) as built:
        yield built


async def test_from_the_asking_to_the_morning(city: Town) -> None:
    inn = await city.hotel(name="Hôtel du Nord", street="8 quai de Valmy")
    her = city.world.somebody()
    need = await city.needs(her)

    (option,) = await city.options(her, need)
    assert (option["area"], option["km"], option["free"]) == ("Paris", 1, "1")
    assert "price_cents" not in option
    assert inn.hotel not in str(option)

    held = await city.holds(her, need)
    assert held["state"] == "held"
    assert "code" not in held
    assert await city.ask(her, "hold.address", hold=held["hold"]) == {"error": "address_closed"}

    (expected,) = many(await city.ask(inn.desk, "desk.state"), "holds")
    assert (expected["alias"], expected["word"]) == (held["alias"], held["word"])
    assert (expected["people"], expected["children"], expected["cots"]) == (3, 2, 1)
    await city.ask(inn.desk, "hold.confirm", hold=held["hold"])

    seen = await city.ask(her, "shelter.state", need=need)
    assert seen["state"] == "confirmed"
    code = seen["hold"]["code"]  # type: ignore[index]
    assert len(code) == 6
    address = await city.ask(her, "hold.address", hold=held["hold"])
    assert (address["name"], address["street"]) == ("Hôtel du Nord", "8 quai de Valmy")

    wrong = await city.ask(inn.desk, "hold.arrive", hold=held["hold"], code=_other(code))
    assert wrong == {"error": "wrong_code"}
    arrived = await city.ask(inn.desk, "hold.arrive", hold=held["hold"], code=code)
    assert arrived["state"] == "arrived"

    await city.world.pass_time(12.5 * 3600)
    (asked,) = city.said_on("queue:shelter", "followup")
    assert (asked["hold"], asked["day"]) == (held["hold"], 1)
    operator = await city.staff()
    board = await city.ask(operator, "shelter.board")
    assert [it["day"] for it in many(board, "followups")] == [1]
    await city.ask(operator, "stay.followup", hold=held["hold"], day=1, done=True)
    assert (await city.ask(operator, "shelter.board"))["followups"] == []

    left = await city.ask(inn.desk, "hold.left", hold=held["hold"])
    assert left["state"] == "left"
    assert (await city.ask(her, "shelter.state", need=need))["state"] == "safe"
    assert (await city.ask(her, "me.state"))["shelter"] is None
    assert board["nights_given"] == 1


def _other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"
