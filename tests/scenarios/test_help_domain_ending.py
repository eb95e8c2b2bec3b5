"""A request that climbs, ends and is forgotten; what is kept of it and told, on a real ledger."""

from collections.abc import AsyncGenerator
from operator import itemgetter
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from alerts.errors import AlertAlreadyOpen, AlertEnded
from geo.cells import Cell, cell_of, centre
from geo.point import Point
from realtime import store as ledger_store
from realtime.kernel.errors import Gone, NotFound, TooManyRequests
from realtime.kernel.ids import Channel, PersonId
from realtime.ledger import Transaction
from tests.support.helping import ANNA, HERE, OPERATOR, Stage, north, stage


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger and the edge."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def scene(address: str) -> AsyncGenerator[Stage]:
    async with stage(address=address) as built:
        yield built


# Climbing.


async def test_nobody_accepted_after_a_minute_calls_the_board_then_the_duty_officer(
    scene: Stage,
) -> None:
    raised = await scene.raise_help()

    seen = []
    for seconds in (59.9, 0.1, 119.9, 0.1):
        await scene.pass_time(seconds)
        board = await scene.read(scene.alerts.board)
        seen.append(board.alerts[0].escalation)

    assert seen == [None, "board", "board", "duty"]
    queue = [body for it, body in scene.said if it == "queue:help" and body["type"] == "alert"]
    assert [it["escalation"] for it in queue] == [None, "board", "duty"]
    assert {it["alert"] for it in queue} == {raised.alert}


async def test_once_somebody_has_accepted_nobody_is_called(scene: Stage) -> None:
    await scene.crowd(1)
    raised = await scene.raise_help()
    await scene.says(PersonId("helper-00"), raised.alert, "accept")

    await scene.pass_time(300)

    assert (await scene.read(scene.alerts.board)).alerts[0].escalation is None


async def test_if_those_who_accepted_are_nowhere_operators_are_told(scene: Stage) -> None:
    await scene.crowd(2)
    raised = await scene.raise_help()
    for helper in ("helper-00", "helper-01"):
        await scene.says(PersonId(helper), raised.alert, "accept")

    seen = []
    for seconds in (15 * 60 - 0.1, 0.1):
        await scene.pass_time(seconds)
        seen.append((await scene.read(scene.alerts.board)).alerts[0].escalation)

    assert seen == [None, "board"]


async def test_once_somebody_is_there_operators_are_not_told(scene: Stage) -> None:
    await scene.crowd(1)
    raised = await scene.raise_help()
    for word in ("accept", "arrived"):
        await scene.says(PersonId("helper-00"), raised.alert, word)

    await scene.pass_time(20 * 60)

    assert (await scene.read(scene.alerts.board)).alerts[0].escalation is None


async def test_a_hand_that_raises_and_cancels_is_slowed_down_and_costs_nobody_their_day(
    scene: Stage,
) -> None:
    await scene.crowd(1)
    for _ in range(10):
        raised = await scene.raise_help()
        await scene.cancel(raised.alert)

    with pytest.raises(TooManyRequests):
        await scene.raise_help()

    await scene.pass_time(10 * 60 + 1)
    raised = await scene.raise_help()
    assert await scene.offer_of(PersonId("helper-00"), raised.alert)


async def test_if_all_turn_back_the_ladder_starts_again(scene: Stage) -> None:
    await scene.crowd(1)
    raised = await scene.raise_help()
    await scene.says(PersonId("helper-00"), raised.alert, "accept")
    await scene.pass_time(600)
    await scene.says(PersonId("helper-00"), raised.alert, "decline")

    await scene.pass_time(60)

    assert (await scene.read(scene.alerts.board)).alerts[0].escalation == "board"


# Ending.


async def test_one_open_request_each(scene: Stage) -> None:
    first = await scene.raise_help()
    said = len(scene.said)

    with pytest.raises(AlertAlreadyOpen):
        await scene.raise_help(mode="home")

    assert len(scene.said) == said
    await scene.cancel(first.alert)
    assert (await scene.raise_help()).alert != first.alert


async def test_closing_ends_everything_for_everybody(scene: Stage) -> None:
    alert, one, two, _ = await scene.covered()
    room = (await scene.state(alert)).room

    ended = await scene.write(lambda tx: scene.alerts.close(tx, OPERATOR, alert))
    await scene.pass_time(300)

    assert ended.state == "closed"
    for person in (one, two):
        assert scene.told(person)[-1]["state"] == "closed"
        assert {(person, f"alert:{alert}"), (person, f"room:{room}")} <= set(scene.revoked())
        with pytest.raises(NotFound):
            await scene.state(alert, person)
    assert (await scene.state(alert)).state == "closed"
    with pytest.raises(AlertEnded):
        await scene.release(ANNA, alert, one)
    again = await scene.cancel(alert)
    assert again.state == "closed"


async def test_a_request_nobody_closed_expires(scene: Stage) -> None:
    await scene.crowd(1)
    raised = await scene.raise_help()

    await scene.pass_time(4 * 3600)

    assert (await scene.state(raised.alert)).state == "expired"
    assert scene.told(PersonId("helper-00"))[-1]["state"] == "expired"
    assert await _tasks(scene) == {"alert.shred", "room.shred"}


async def test_the_place_is_unreadable_a_day_after_the_end(scene: Stage) -> None:
    raised = await scene.raise_help(note="porte bleue")
    await scene.write(lambda tx: scene.alerts.close(tx, ANNA, raised.alert))
    sealed = await _one(scene, "SELECT place FROM alert")
    await scene.pass_time(24 * 3600 - 1)
    assert (await scene.state(raised.alert)).place is not None

    await scene.pass_time(1)

    state = await scene.state(raised.alert)
    assert (state.place, state.note) == (None, None)
    with pytest.raises(Gone):
        await scene.read(lambda r: r.open(f"place:{raised.alert}", sealed, context="place"))
    fine = await _one(scene, "SELECT cell FROM incident")
    assert Cell(str(fine)) == cell_of(HERE, 7)


async def test_what_was_said_is_unreadable_a_week_after_the_end(scene: Stage) -> None:
    raised = await scene.raise_help()
    await scene.write(
        lambda tx: scene.rooms.say(tx, raised.room, ANNA, id="message-1", text="canari")
    )
    await scene.write(lambda tx: scene.alerts.close(tx, ANNA, raised.alert))

    await scene.pass_time(7 * 24 * 3600)

    channel = Channel(f"room:{raised.room}")
    async with scene.made.database.snapshot() as db:
        assert await ledger_store.wrapped_key(db, channel) is None


async def test_refusing_a_helper_ends_what_they_had_accepted(scene: Stage) -> None:
    alert, one, _, _ = await scene.covered()

    await scene.write(lambda tx: scene.alerts.refuse(tx, OPERATOR, one))
    await scene.settle()

    assert (await scene.state(alert)).accepted == 1
    assert not await scene.read(lambda r: scene.helpers.is_helper(r, one))
    assert scene.helpers.roster.post(one) is None


# What is kept and what is told.


async def test_every_step_is_in_the_audit_by_ids_only(scene: Stage) -> None:
    alert, one, _, _ = await scene.covered()
    await scene.says(one, alert, "arrived")
    await scene.release(OPERATOR, alert, one)

    async def looks(tx: Transaction) -> None:
        scene.alerts.looked(tx, OPERATOR, alert)

    await scene.write(looks)
    await scene.write(lambda tx: scene.alerts.close(tx, OPERATOR, alert))

    async with scene.made.database.snapshot() as db:
        lines = await ledger_store.read_audit(db)

    done = [(it.actor, it.action) for it in lines if it.thing == alert]
    assert ("anna", "help.raise") in done
    assert (OPERATOR, "place.looked") in done
    assert (OPERATOR, "alert.closed") in done
    assert [it for _, it in done if it.startswith("alert.")] == [
        "alert.covered",
        "alert.on_scene",
        "alert.closed",
    ]
    assert (OPERATOR, f"help.release.{alert}") in {(it.actor, it.action) for it in lines}


async def test_two_places_of_one_cell_cannot_be_told_apart(tmp_path: Path) -> None:
    cell = cell_of(HERE)
    middle = centre(cell)
    elsewhere = next(
        place for metres in range(150, 0, -10) if cell_of(place := north(metres, middle)) == cell
    )
    transcripts = []
    for place in (middle, elsewhere):
        async with stage() as scene:
            for number in range(12):
                await scene.helper(f"helper-{number:02d}", north(150 * number, middle))
            raised = await scene.raise_help(place=place, note="porte bleue")
            for word in ("received", "accept", "decline"):
                for person in scene.asked(raised.alert)[:3]:
                    await scene.says(PersonId(person), raised.alert, word)
            await scene.pass_time(61)
            await scene.cancel(raised.alert)
            # By channel: what is told on two at the same time has no order that anybody sees.
            said = sorted(scene.said, key=itemgetter(0))
            transcripts.append(msgspec.json.encode([(str(a), b) for a, b in said]))

    assert transcripts[0] == transcripts[1]
    assert len(transcripts[0]) > 1000


async def test_no_name_phone_note_or_place_is_kept_in_clear(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        await scene.helper("canarname", phone="06 12 34 56 78")
        await scene.exclude(ANNA, phone="07 98 76 54 32")
        place = Point(lat=48.8567891, lon=2.3522198)
        await scene.raise_help(note="canarnote", place=place)
        known = str(await _one(scene, "SELECT cell FROM incident"))

    kept = b"".join(it.read_bytes() for it in tmp_path.iterdir())
    for canary in (b"Canarname", b"canarnote", b"612345678", b"798765432", b"48.8567", b"2.35221"):
        assert canary not in kept
    assert known == cell_of(place, 9)
    zone = cell_of(HERE, 7)
    assert zone.encode() not in kept


async def test_after_a_restart_the_wave_is_repeated_as_helpers_return(tmp_path: Path) -> None:
    async with stage(tmp_path) as first:
        await first.crowd(2)
        clock = first.clock
        raised = await first.raise_help()
        one, two = [PersonId(it) for it in first.asked(raised.alert)]
        three = await first.helper("late")
        assert len(first.helpers.roster) == 3

    async with stage(tmp_path, clock=clock, run="second") as after:
        assert len(after.helpers.roster) == 3
        waiting = await after.read(lambda r: after.alerts.offers_of(r, one))
        await after.pass_time(20)
        nobody = after.asked(raised.alert)
        for person in (one, two, three):
            await after.presence.arrive(person, "phone")
        await after.pass_time(5)

        assert [it.alert for it in waiting] == [raised.alert]
        assert nobody == []
        assert after.asked(raised.alert) == [three]
        offer = (await after.read(lambda r: after.alerts.offers_of(r, two)))[0].offer
        answer = await after.write(lambda tx: after.alerts.accept(tx, two, offer))
        assert answer.state == "accepted"


async def test_the_snapshot_of_oneself_has_offers_and_alerts(scene: Stage) -> None:
    alert, one, _, others = await scene.covered()

    mine = await scene.read(lambda r: scene.alerts.alerts_of(r, ANNA))
    theirs = await scene.read(lambda r: scene.alerts.alerts_of(r, one))
    offers = await scene.read(lambda r: scene.alerts.offers_of(r, one))

    assert [(it.alert, it.mine, it.accepted) for it in mine] == [(alert, True, 2)]
    assert [(it.alert, it.mine) for it in theirs] == [(alert, False)]
    assert [(it.state, it.room is not None) for it in offers] == [("accepted", True)]
    assert await scene.read(lambda r: scene.alerts.offers_of(r, others[0])) == []
    offer = await scene.offer_of(one, alert)
    assert await scene.read(lambda r: scene.alerts.offer_is_to(r, one, offer))
    assert not await scene.read(lambda r: scene.alerts.offer_is_to(r, others[0], offer))


async def test_the_board_is_told_its_counts_once_in_a_while(scene: Stage) -> None:
    await scene.crowd(6)
    await scene.raise_help()

    await scene.pass_time(5)

    told = [body for channel, body in scene.said if channel == "board:help"]
    assert told == [{"type": "counts", "on_duty": 6, "live": 6, "open": 1}]
    board = await scene.read(scene.alerts.board)
    assert (board.helpers.on_duty, board.helpers.live) == (6, 6)
    assert [it.count for it in board.cells] == [6]


async def _tasks(scene: Stage) -> set[str]:
    async with scene.made.database.snapshot() as db:
        waiting = set(await ledger_store.count_tasks(db))
        return waiting - {"board.tell", "relay"}


async def _one(scene: Stage, query: str) -> bytes:
    async with scene.made.database.snapshot() as db:
        found: bytes = (await db.execute(text(query))).scalar_one()
        return found
