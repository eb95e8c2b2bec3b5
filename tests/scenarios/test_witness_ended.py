"""Those who come, and how it ends: told, counted, forgotten."""

from collections.abc import AsyncGenerator

import pytest
from sqlalchemy import text

from realtime.kernel.ids import Channel
from realtime.ports import Caller
from tests.support.transport import T1, T2, Json, Tramway, stop_id, trail, tramway


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """Databases are waited for: one event loop is enough."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def line() -> AsyncGenerator[Tramway]:
    async with tramway() as made:
        yield made


def roles(state: Json) -> dict[str, bool]:
    return {str(it["role"]): bool(it["taken"]) for it in state["roles"]}


async def board(line: Tramway) -> list[Json]:
    answer = await line.ask(line.world.somebody("operator"), "witness.board")
    return list(answer["events"])


def operator_of(line: Tramway) -> Caller:
    return line.world.somebody("operator")


# Those who come.


async def test_each_part_is_taken_once_and_all_who_came_see_it(line: Tramway) -> None:
    one, two, three = [await line.vetted(along_m=3_000) for _ in range(3)]
    her = line.world.somebody()
    alert = (await line.reports(her))["alert"]

    claimed = await line.ask(one, "witness.claim", alert=alert, role="call")
    refused = await line.ask(two, "witness.claim", alert=alert, role="call")
    other = await line.ask(two, "witness.claim", alert=alert, role="sit")

    assert claimed == {"alert": alert, "state": "came", "role": "call"}
    assert refused == {"error": "role_taken"}
    assert other["role"] == "sit"
    state = await line.ask(three, "witness.state", alert=alert)
    assert roles(state) == {
        "distract": False, "sit": True, "call": True, "driver": False, "document": False
    }  # fmt: skip
    assert line.told(her, "witness_own")[-1]["came"] == 2
    last = line.said_on(f"alert:{alert}", "witness_state")[-1]
    assert last["roles"]["call"] == "taken"
    # Another part instead, and one that is done.
    await line.ask(one, "witness.claim", alert=alert, role="driver", done=True)
    taken = roles(await line.ask(two, "witness.state", alert=alert))
    assert (taken["call"], taken["driver"]) == (False, True)
    assert line.said_on(f"alert:{alert}")[-1]["roles"]["driver"] == "done"


async def test_only_who_has_come_follows_its_stream(line: Tramway) -> None:
    gate = line.world.whole.gate
    told, her = await line.vetted(along_m=3_000), line.world.somebody()
    alert = (await line.reports(her))["alert"]

    async def follows(caller: Caller) -> bool:
        try:
            await gate.may_subscribe(caller, Channel(f"alert:{alert}"))
        except Exception:  # noqa: BLE001
            return False
        return True

    # Who reported it may be whom she fears: its stream would say what others report.
    assert not await follows(her)
    assert not await follows(told)
    await line.ask(told, "witness.claim", alert=alert, role="sit")
    assert await follows(told)
    assert not await follows(line.world.somebody())
    await line.ask(told, "witness.decline", alert=alert)
    assert not await follows(told)
    assert await line.ask(told, "witness.claim", alert=alert, role="sit") == {"error": "not_found"}


async def test_what_is_delivered_and_seen_is_counted_once(line: Tramway) -> None:
    rider = await line.vetted(along_m=3_000)
    alert = (await line.reports())["alert"]

    for word in ("received", "received", "seen", "seen", "received"):
        answer = await line.ask(rider, f"witness.{word}", alert=alert)
        assert answer == {"alert": alert, "state": "asked"}

    [listed] = await board(line)
    assert (listed["told"], listed["delivered"], listed["seen"]) == (1, 1, 1)


async def test_whoever_leaves_for_good_comes_no_more_and_watches_no_more(line: Tramway) -> None:
    rider = await line.vetted(along_m=3_000)
    alert = (await line.reports())["alert"]
    await line.ask(rider, "witness.claim", alert=alert, role="sit")

    await line.world.whole.durable.ledger.write(
        lambda tx: line.world.whole.services.witness.depart(tx, rider.person)
    )

    assert (await board(line))[0]["came"] == 0
    assert (await line.ask(rider, "me.state"))["watch"] == {"on": False, "muted": []}


# The end.


async def test_it_ends_with_the_trip(line: Tramway) -> None:
    """3,600 m are left of the line at 5 m/s: twelve minutes, not thirty."""
    rider, her = await line.vetted(along_m=3_000), line.world.somebody()
    alert = (await line.reports(her))["alert"]
    hand = (await line.reports(trail=[], direction=1))["alert"]

    await line.pass_time(11 * 60)
    assert len(await board(line)) == 2
    await line.pass_time(2 * 60)

    assert [it["alert"] for it in await board(line)] == [hand]
    assert line.told(rider, "witness_end") == [
        {"type": "witness_end", "alert": alert, "outcome": "expired"}
    ]
    assert line.told(her, "witness_own")[-1]["outcome"] == "expired"
    await line.pass_time(18 * 60)
    assert await board(line) == []


async def test_a_report_that_goes_on_keeps_it_open(line: Tramway) -> None:
    her = line.world.somebody()
    await line.reports(her, trail=[])
    await line.pass_time(9 * 60)
    await line.reports(trail=[])

    await line.pass_time(25 * 60)

    assert len(await board(line)) == 1
    await line.pass_time(6 * 60)
    assert await board(line) == []


async def test_it_is_cancelled_when_everybody_has_taken_it_back(line: Tramway) -> None:
    rider, one, two = await line.vetted(along_m=3_000), *(line.world.somebody() for _ in range(2))
    alert = (await line.reports(one, car="3"))["alert"]
    await line.reports(two)

    first = await line.ask(one, "witness.cancel", alert=alert)
    # Over for her; that somebody else says it is not told to her.
    assert (first["state"], (await board(line))[0]["reports"]) == ("cancelled", 1)
    last = await line.ask(two, "witness.cancel", alert=alert)

    assert last == {"alert": alert, "state": "cancelled", "outcome": "cancelled"}
    assert await line.ask(two, "witness.cancel", alert=alert) == last
    assert line.told(rider, "witness_end")[-1]["outcome"] == "cancelled"
    assert await line.ask(one, "witness.update", alert=alert, car="4") == {"error": "witness_ended"}
    assert await line.ask(rider, "witness.claim", alert=alert, role="sit") == {"error": "not_found"}
    # What is over is not joined: the next one is another event.
    assert (await line.reports(two))["alert"] != alert


async def test_what_is_said_can_be_said_otherwise(line: Tramway) -> None:
    her = line.world.somebody()
    alert = (await line.reports(her))["alert"]

    answer = await line.ask(
        her, "witness.update", alert=alert, kind="sexual", car="12", stop=stop_id(6)
    )

    assert (answer["kind"], answer["car"]) == ("sexual", "12")
    assert answer["stop"]["name"] == "Arrêt 6"
    assert line.said_on(f"alert:{alert}")[-1]["car"] == "12"
    assert await line.ask(line.world.somebody(), "witness.update", alert=alert, car="1") == {
        "error": "not_found"
    }


async def test_what_happened_next_is_told_to_who_reported_it(line: Tramway) -> None:
    her, operator = line.world.somebody(), operator_of(line)
    alert = (await line.reports(her))["alert"]

    ended = await line.ask(operator, "witness.close", alert=alert, outcome="agents")

    assert ended == {"alert": alert, "state": "closed", "outcome": "agents"}
    assert line.told(her, "witness_own")[-1]["outcome"] == "agents"
    own = (await line.ask(her, "me.state"))["witness"]["reports"]
    assert [(it["alert"], it["outcome"]) for it in own] == [(alert, "agents")]
    assert (await line.ask(her, "witness.state", alert=alert))["outcome"] == "agents"


async def test_a_day_later_nothing_is_left_of_it_but_an_hour_at_a_stop(line: Tramway) -> None:
    rider, her, operator = (
        await line.vetted(along_m=3_000),
        line.world.somebody(),
        operator_of(line),
    )
    alert = (await line.reports(her, note="canari"))["alert"]
    await line.ask(rider, "witness.claim", alert=alert, role="sit")
    await line.ask(operator, "witness.close", alert=alert, outcome="helped")

    await line.pass_time(24 * 3_600 + 60)

    assert await line.ask(operator, "witness.state", alert=alert) == {"error": "not_found"}
    assert (await line.ask(her, "me.state"))["witness"] == {"reports": [], "calls": []}
    async with line.world.whole.durable.database.snapshot() as db:
        for table in ("event", "report", "call", "part", "spent"):
            found = (await db.execute(text(f"SELECT count(*) FROM witness_{table}"))).scalar()  # noqa: S608
            assert found == 0, table
        spots = (await db.execute(text("SELECT stop, hour FROM witness_spot"))).all()
    assert [tuple(it) for it in spots] == [(stop_id(6), 21)]


async def test_a_day_later_no_table_says_what_it_was_or_in_which_car(line: Tramway) -> None:
    """Also what was told to whom, what waited for operators, and what was answered."""
    rider, her, operator = (
        await line.vetted(along_m=3_000),
        line.world.somebody(),
        operator_of(line),
    )
    alert = (await line.reports(her, car="CANARI7", note="canari"))["alert"]
    await line.ask(her, "witness.update", alert=alert, car="CANARI8")
    await line.ask(rider, "witness.claim", alert=alert, role="sit")
    await line.ask(operator, "witness.close", alert=alert, outcome="helped")
    assert await tables_with(line, b"CANARI") != []

    await line.pass_time(24 * 3_600 + 3_700)

    assert await tables_with(line, b"CANARI") == []


async def tables_with(line: Tramway, word: bytes) -> list[str]:
    found = []
    async with line.world.whole.durable.database.snapshot() as db:
        names = (
            await db.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        ).scalars()
        for name in names.all():
            rows = (await db.execute(text(f'SELECT * FROM "{name}"'))).all()  # noqa: S608
            if any(
                word in (it if isinstance(it, bytes) else str(it).encode())
                for row in rows
                for it in row
            ):
                found.append(name)
    return found


async def test_hotspots_of_fewer_than_five_are_not_told(line: Tramway) -> None:
    operator = operator_of(line)
    for number, metres in [*((n, 3_000) for n in range(7)), *((n, 4_200) for n in range(4))]:
        report = await line.reports(car=str(number), trail=trail(metres))
        await line.ask(operator, "witness.close", alert=report["alert"], outcome="gone")
    false = await line.reports(trail=trail(4_200))
    await line.ask(operator, "witness.judge", alert=false["alert"], verdict="false")
    nothing = await line.reports(trail=trail(4_200))
    await line.ask(operator, "witness.close", alert=nothing["alert"], outcome="nothing_seen")

    found = await line.ask(operator, "witness.hotspots", days=90)

    assert [(it["stop"]["id"], it["hour"], it["events"]) for it in found["spots"]] == [
        (stop_id(6), 21, 5)
    ]


async def test_an_exercise_says_so_and_is_measured(line: Tramway) -> None:
    near, far, other = (
        await line.vetted(along_m=600),
        await line.vetted(along_m=5_000),
        await line.vetted(along_m=600, line=T2),
    )
    witness, ledger = line.world.whole.services.witness, line.world.whole.durable.ledger

    alert = await ledger.write(lambda tx: witness.drill(tx, T1, 0, actor=near.person))
    await line.world.settle()
    assert await line.told_of(alert, near, far, other) == [0, 1]
    assert line.told(near)[0]["drill"] is True
    await line.ask(near, "witness.received", alert=alert)
    await line.pass_time(7)
    await line.ask(near, "witness.claim", alert=alert, role="sit")
    await line.ask(near, "witness.confirm", alert=alert, seen=True)
    # A real one there is not taken for it.
    assert (await line.reports(trail=[]))["alert"] != alert
    await line.pass_time(31 * 60)
    await line.pass_time(25 * 3_600)

    async with ledger.reading() as reading:
        drilled = await witness.drilled(reading, alert)
    assert (drilled.asked, drilled.delivered, drilled.seen, drilled.claimed) == (2, 1, 1, 1)
    assert drilled.first_claim_s == 7
    assert await line.ask(operator_of(line), "witness.hotspots", days=1) == {
        "days": 1, "spots": []
    }  # fmt: skip


async def test_operators_are_seen_reading_what_was_written(line: Tramway) -> None:
    operator = operator_of(line)
    alert = (await line.reports(note="canari"))["alert"]

    await line.ask(operator, "witness.state", alert=alert)

    async with line.world.whole.durable.database.snapshot() as db:
        found = await db.execute(text("SELECT action FROM audit WHERE thing = :it"), {"it": alert})
        assert "witness.looked" in found.scalars().all()
