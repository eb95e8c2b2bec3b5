"""What a hotel's desk says, and what operators hear of it. On both engines."""

from collections.abc import AsyncGenerator

import pytest

from alerts.shelter.rules import BOARD_ALARMS
from matching.shelter.rules import REVEALS
from tests.support.accounts import audited
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


async def test_an_operator_who_hears_an_alarm_is_given_the_desk_and_it_counts(city: Town) -> None:
    inn, other = await city.hotel(phone="+33987654321", usual=2), await city.hotel(north_km=9)
    operator, her, waits = await city.staff(), city.world.somebody(), city.world.somebody()
    need = await city.needs(her)
    held = await city.sheltered(her, inn, need)
    await city.holds(waits, await city.needs(waits))
    said = await city.ask(inn.desk, "desk.incident", id="incident-01", kind="here")
    alarm, unproven = said["incident"], await city.staff(stepped=False)

    found = await city.ask(operator, "alarm.desk", alarm=alarm)
    again = await city.ask(operator, "alarm.desk", alarm=alarm)
    await city.ask(operator, "alarm.seen", alarm=alarm)
    mine = await city.ask(operator, "alarm.desk", alarm=alarm)
    refused = [
        await city.ask(await city.staff(), "alarm.desk", alarm=alarm),
        await city.ask(operator, "alarm.desk", alarm="none-such"),
        await city.ask(unproven, "alarm.desk", alarm=alarm),
        *[await city.ask(it, "alarm.desk", alarm=alarm) for it in (her, inn.desk, other.desk)],
    ]

    assert (found["phone"], found["name"]) == ("+33987654321", "Hôtel")
    # Who only waits for an answer is not there.
    assert many(found, "stays") == [{"need": need, "alias": held["alias"], "state": "confirmed"}]
    assert found["left"] == again["left"] == mine["left"] == REVEALS - 1
    assert [it["error"] for it in refused] == [
        *("not_found", "not_found", "step_up_needed"),
        *("not_allowed", "not_allowed", "not_allowed"),
    ]
    assert (await audited(city.world, str(alarm))).count("alarm.opened") == 3


async def test_who_has_opened_too_many_is_given_no_desk_either(city: Town) -> None:
    operator = await city.staff()
    alarms = []
    for number in range(REVEALS + 1):
        inn = await city.hotel(north_km=number + 1)
        said = await city.ask(inn.desk, "desk.incident", id=f"incident-{number:02d}", kind="here")
        alarms.append(said["incident"])

    answers = [await city.ask(operator, "alarm.desk", alarm=it) for it in alarms]

    assert ["phone" in it for it in answers] == [True] * REVEALS + [False]
    assert answers[-1] == {"error": "reveals_locked"}
    assert city.said_on("queue:shelter", "alarm")[-1]["kind"] == "reveals"


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
