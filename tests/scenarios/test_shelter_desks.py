"""What a hotel's desk says, and what operators hear of it. On both engines."""

from collections.abc import AsyncGenerator

import pytest

from alerts.shelter.rules import BOARD_ALARMS
from tests.support.town import Inn, Town, many, town


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger and the edge."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def city(whole_address: str) -> AsyncGenerator[Town]:
    async with town(whole_address) as built:
        yield built


def states(city: Town, channel: str, kind: str, name: str) -> list[object]:
    return [it.get(name) for it in city.said_on(channel, kind)]


async def test_a_desk_says_he_is_here_and_operators_know(city: Town) -> None:
    inn = await city.hotel()
    operator = await city.staff()

    said = await city.ask(inn.desk, "desk.incident", id="incident-01", kind="here")
    board = await city.ask(operator, "shelter.board")
    await city.ask(operator, "alarm.seen", alarm=said["incident"])

    (alarm,) = city.said_on("queue:shelter", "alarm")
    assert (alarm["alarm"], alarm["kind"]) == (said["incident"], "here")
    assert alarm["handle"] == many(board, "rooms")[0]["handle"]
    assert inn.hotel not in str(alarm)
    assert states(city, inn.channel, "incident", "incident") == [said["incident"]]
    assert [it["alarm"] for it in many(board, "alarms")] == [said["incident"]]
    assert (await city.ask(operator, "shelter.board"))["alarms"] == []


async def test_a_desk_that_calls_again_and_again_is_one_alarm_and_hides_no_other(
    city: Town,
) -> None:
    loud, quiet, operator = await city.hotel(), await city.hotel(), await city.staff()

    async def says(inn: Inn, number: int, kind: str = "here") -> str:
        asked = {"id": f"incident-{inn.hotel}-{number:03d}", "kind": kind}
        return str((await city.world.ask(inn.desk, "desk.incident", **asked))["incident"])

    first = await says(quiet, 0)
    loudly = set()
    for number in range(BOARD_ALARMS + 1):
        await city.world.pass_time(1)
        loudly.add(await says(loud, number))
    other = await says(loud, BOARD_ALARMS + 1, "calls")
    board = many(await city.ask(operator, "shelter.board"), "alarms")
    heard = city.said_on("queue:shelter", "alarm")
    (one,) = loudly
    await city.ask(operator, "alarm.seen", alarm=one)
    after = await says(loud, BOARD_ALARMS + 2)

    assert {str(it["alarm"]) for it in board} == {first, one, other}
    assert len(board) == 3
    # Each time it is heard, and the board says when it was last.
    assert len(heard) == BOARD_ALARMS + 3
    assert board[0]["at"] > board[-1]["at"]  # type: ignore[operator]
    # Once somebody has had it in hand, it is another.
    assert after not in {first, one, other}


async def test_a_change_at_a_desk_is_on_the_board_at_once(city: Town) -> None:
    inn = await city.hotel(usual=2)
    operator = await city.staff()

    row = await city.ask(inn.desk, "desk.rooms", id="rooms-00001", kind=inn.kind, by=1)
    fresh = await city.ask(inn.desk, "desk.fresh", id="fresh-00001")
    board = await city.ask(operator, "shelter.board")

    shown = city.said_on("board:shelter", "rooms")
    assert row["free"] == 3
    assert fresh["freshness"] == "fresh"
    assert [it["kinds"][0]["free"] for it in shown] == [3, 3]  # type: ignore[index]
    assert shown[-1]["handle"] == many(board, "rooms")[0]["handle"]
    assert inn.hotel not in str(shown) + str(board)
    assert states(city, inn.channel, "rooms", "freshness") == ["fresh", "fresh"]
