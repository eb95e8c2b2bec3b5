"""Many at the same moment, on one node and on two, on both engines: parts, events, budgets."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from pathlib import Path
from random import Random

import pytest

from alerts.witness import machine, store
from alerts.witness.calls import store as calls
from alerts.witness.machine import Part, Parts
from alerts.witness.reports import store as reports
from alerts.witness.rules import CONTAINED_MOST
from alerts.witness.values import Call, CallState, EventId, Ring, Role
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from tests.support.witness_nodes import Node, nodes

RACERS, ROUNDS = 50, 4


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """Databases are waited for: one event loop is enough."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def pair(tmp_path: Path, address: str) -> AsyncGenerator[list[Node]]:
    """Two writers on PostgreSQL; SQLite has one."""
    async with nodes(tmp_path, address, 2 if address else 1) as made:
        yield made


async def all_told(node: Node, event: EventId, people: list[PersonId]) -> None:
    """As if a wave had asked every one of them."""
    now = node.clock.now()

    async def tell(tx: Transaction) -> None:
        told = [
            Call(event=event, person=it, ring=Ring.TRIP, state=CallState.ASKED, asked_at=now)
            for it in people
        ]
        await calls.add(tx.db, told)

    await node.write(tell)


async def race(
    pair: list[Node], event: EventId, people: list[PersonId], dice: Random
) -> Counter[str]:
    """Everybody wants a part at once, some want to go again; what they were told."""
    wanted = [(it, dice.choice(list(Role))) for it in people]
    answers = await asyncio.gather(
        *(
            pair[number % len(pair)].claim(person, event, role)
            for number, (person, role) in enumerate(wanted)
        )
    )
    parts = await pair[0].read(lambda reading: calls.parts_of(reading.db, event))
    holders = {part.person for part in parts.taken.values()}
    for (person, role), answer in zip(wanted, answers, strict=True):
        if answer == "came":
            assert parts.taken[role].person == person
        else:
            assert answer == "role_taken"
            assert person not in holders
    found = await pair[0].read(lambda reading: store.look(reading.db, event))
    assert found is not None
    assert found.came == len(parts.taken) == len({role for _, role in wanted})
    return Counter(answers)


async def test_no_part_is_ever_taken_twice(pair: list[Node]) -> None:
    people = [PersonId(f"racer-{number:02d}") for number in range(RACERS)]
    told: Counter[str] = Counter()
    dice = Random(6)
    for number in range(ROUNDS):
        event = await pair[0].report(f"she-{number}", car=str(number))
        await all_told(pair[0], event, people)
        told += await race(pair, event, people, dice)

    assert told == {"came": 5 * ROUNDS, "role_taken": (RACERS - 5) * ROUNDS}


async def test_the_table_itself_refuses_a_second(
    pair: list[Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planted bug: the rule forgets to look. The unique index is the last word."""

    def careless(parts: Parts, person: PersonId, role: Role, *, done: bool = False) -> Parts:
        return Parts({role: Part(person, done)})

    monkeypatch.setattr(calls, "parts_of", _nobody)
    monkeypatch.setattr(machine, "claimed", careless)
    event = await pair[0].report("she")
    people = [PersonId(f"racer-{number:02d}") for number in range(10)]
    await all_told(pair[0], event, people)

    answers = await asyncio.gather(
        *(pair[n % len(pair)].claim(it, event, Role.CALL) for n, it in enumerate(people))
    )

    assert Counter(answers) == {"came": 1, "role_taken": 9}


async def _nobody(db: object, event: EventId) -> Parts:
    return Parts()


async def test_reports_of_one_moment_are_one_event(pair: list[Node]) -> None:
    events = await asyncio.gather(
        *(pair[n % len(pair)].report(f"she-{n:02d}", origin=str(n)) for n in range(20))
    )

    assert len(set(events)) == 1
    found = await pair[0].read(lambda reading: store.look(reading.db, events[0]))
    assert found is not None
    assert found.reports == 20
    people = await pair[0].read(lambda reading: reports.reporters_of(reading.db, events[0]))
    assert len(people) == 20


async def test_events_of_one_line_that_are_carried_at_once_share_five_people(
    pair: list[Node],
) -> None:
    first, nodes_ = pair[0], len(pair)
    riders = [await first.vetted(f"rider-{number:02d}") for number in range(12)]
    for round_ in range(ROUNDS):
        # What was spent an hour ago counts no more.
        first.clock.advance(3_700)
        for rider in riders:
            await first.rides(rider)
        events = [
            await first.report(f"she-{round_}-{number}", car=str(number)) for number in range(6)
        ]

        asked = await asyncio.gather(
            *(pair[n % nodes_].step(event) for n, event in enumerate(events))
        )

        assert 0 < sum(asked) <= CONTAINED_MOST


async def test_a_step_that_is_run_twice_asks_nobody_twice(pair: list[Node]) -> None:
    for number in range(3):
        await pair[0].vetted(f"rider-{number:02d}")
    event = await pair[0].report("she")
    found = await pair[0].candidates(event)

    asked = await asyncio.gather(
        *(
            node.write(lambda tx, node=node: node.carrying.step(tx, event, found))  # type: ignore[misc]
            for node in (*pair, *pair)
        )
    )

    assert max(asked) == sum(asked) == 3
