"""A task is run at least once, and its effects happen exactly once."""

from datetime import timedelta
from functools import partial

import pytest

from realtime import store
from realtime.haste import Haste
from realtime.kernel.errors import Unavailable
from realtime.ledger import Transaction
from realtime.store import Task
from realtime.tasks import LEASE, Tasks
from tests.support.house import House, adds
from tests.support.phone import until
from tests.support.work import Work, runner, schedules, some_task_is_running, times, waiting


async def test_work_due_now_is_woken_at_once(
    house: House, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.tasks.SCAN_S", 3600.0)
    async with runner(house, work):
        await house.write(schedules("a", payload=b"x"))
        await until(lambda: len(work.applied) == 1)

        assert work.applied[0].payload == b"x"
        assert await waiting(house) == {}


async def test_a_timer_runs_when_its_time_has_come_and_not_before(house: House, work: Work) -> None:
    async with runner(house, work) as tasks:
        await house.write(schedules("later", after=60))
        await house.write(schedules("marker"))
        await until(lambda: [it.key for it in work.applied] == ["marker"])

        house.clock.advance(60)
        tasks.look()

        await until(lambda: [it.key for it in work.applied] == ["marker", "later"])


async def test_what_another_process_left_is_found_by_the_scan(house: House, work: Work) -> None:
    await house.write(schedules("left"))
    house.clock.advance(6)  # the lease it was born with is over

    async with runner(house, work):
        await until(lambda: len(work.applied) == 1)


async def test_a_process_that_is_alone_does_not_wait_for_dead_leases(
    file_house: House, work: Work
) -> None:
    house = file_house
    await house.write(schedules("left"))

    async with runner(house, work, alone=True):
        await until(lambda: len(work.applied) == 1)


async def test_on_a_database_for_many_a_process_never_takes_itself_for_alone(
    house: House, work: Work
) -> None:
    if not house.made.database.shared:
        return
    await house.write(schedules("left"))

    async with runner(house, work, alone=True):
        await house.write(schedules("marker"))
        await until(lambda: len(work.applied) == 1)

    assert [it.key for it in work.applied] == ["marker"]


def _is_prepared(key: str, *works: Work) -> bool:
    return any(it.key == key for work in works for it in work.prepared)


async def test_work_born_here_is_leased_and_no_other_process_takes_it(house: House) -> None:
    here, there = Work(), Work()
    there.gate.set()
    async with runner(house, there) as other, runner(house, here):
        await house.write(schedules("a"))
        await until(lambda: len(here.prepared) == 1)
        for number in range(100):
            # Either of the two may be the first to see a marker; one that the other process has
            # applied shows that it has looked.
            key = f"marker-{number}"
            await house.write(schedules(key, after=0.001))
            house.clock.advance(0.001)
            other.look()
            await until(partial(_is_prepared, key, here, there))
            if there.prepared:
                break
        here.gate.set()

        await until(lambda: "a" in {it.key for it in here.applied})
        assert there.prepared
        assert "a" not in {it.key for it in there.prepared}


async def test_a_task_run_twice_at_the_same_time_has_its_effect_once(house: House) -> None:
    slow, quick = Work(), Work()
    quick.gate.set()
    async with runner(house, quick) as other, runner(house, slow):
        await house.write(schedules("a"))
        await until(lambda: len(slow.prepared) == 1)
        # To the other process, whoever holds it has died.
        house.clock.advance(LEASE.total_seconds() + 1)
        other.look()
        await until(lambda: len(quick.applied) == 1)
        slow.gate.set()
        await house.write(adds("marker"))

        await until(lambda: not some_task_is_running())
        assert slow.applied == []
        assert len([it for it in await house.things() if it.startswith("a ")]) == 1


async def test_work_that_takes_its_time_is_kept_by_who_does_it(house: House) -> None:
    slow, quick = Work(), Work()
    quick.gate.set()
    async with runner(house, quick) as other, runner(house, slow) as holder:
        await house.write(schedules("a"))
        await until(lambda: len(slow.prepared) == 1)
        for _ in range(4):
            house.clock.advance(LEASE.total_seconds() * 0.6)
            holder.look()
            before = len(house.committed)
            await until(lambda before=before: len(house.committed) > before)  # type: ignore[misc]
            other.look()
        slow.gate.set()

        await until(lambda: len(slow.applied) == 1)
        assert quick.prepared == []


async def test_a_task_replaced_while_it_is_prepared_runs_once_as_the_new_one(
    house: House, work: Work
) -> None:
    work.gate.clear()
    async with runner(house, work):
        await house.write(schedules("a", payload=b"old"))
        await until(lambda: len(work.prepared) == 1)
        await house.write(schedules("a", payload=b"new"))
        await until(lambda: len(work.prepared) == 2)
        work.gate.set()

        await until(lambda: len(work.applied) == 1)
        await house.write(adds("marker"))
        assert [it.payload for it in work.applied] == [b"new"]
        assert await waiting(house) == {}


async def test_a_task_taken_back_while_it_is_prepared_has_no_effect(
    house: House, work: Work
) -> None:
    async def takes_back(tx: Transaction) -> None:
        tx.unschedule("kind", "a")

    work.gate.clear()
    async with runner(house, work):
        await house.write(schedules("a"))
        await until(lambda: len(work.prepared) == 1)
        await house.write(takes_back)
        work.gate.set()

        await until(lambda: not some_task_is_running())
        assert work.applied == []


async def test_a_task_taken_back_in_the_same_commit_has_no_effect(house: House) -> None:
    found: list[bool] = []

    async def takes_back(tx: Transaction) -> None:
        tx.unschedule("kind", "a")

    await house.write(schedules("a"))
    [task] = house.committed[-1].tasks

    async def runs(tx: Transaction) -> None:
        found.append(await tx.finish(task))

    await house.together(takes_back, runs)

    assert found == [False]
    assert await waiting(house) == {}


async def test_a_task_may_plan_itself_again(house: House) -> None:
    ran: list[int] = []
    tasks = Tasks(house.made.ledger, house.made.database, ids=house.ids)

    async def again(tx: Transaction, task: Task, prepared: None) -> None:
        ran.append(len(ran))
        if len(ran) < 3:
            tx.schedule("again", task.key)

    async def begins(tx: Transaction) -> None:
        tx.schedule("again", "a")

    tasks.handle("again", again)
    house.made.writer.committed = lambda done: tasks.committed(done.tasks)
    async with tasks.running(alone=True):
        await house.write(begins)
        await until(lambda: ran == [0, 1, 2])
        # A later commit: the one in which it ran is over.
        await house.write(adds("marker"))

        assert await waiting(house) == {}


async def test_a_task_that_failed_is_tried_again_after_growing_pauses(
    house: House, work: Work
) -> None:
    work.fails = 3
    async with runner(house, work) as tasks:
        await house.write(schedules("a"))
        for attempt, pause in enumerate((1, 2, 4), start=1):
            await until(lambda: not some_task_is_running())
            house.clock.advance(pause - 0.001)
            tasks.look()
            await house.write(schedules(f"marker {pause}"))
            await until(lambda: len(work.applied) == attempt)  # noqa: B023
            assert times(work, "a") == attempt
            house.clock.advance(0.001)
            tasks.look()
            await until(lambda: times(work, "a") == attempt + 1)  # noqa: B023

        await until(lambda: work.applied[-1].key == "a")
        assert tasks.failures == 3
        assert work.applied[-1].attempt == 3


async def test_a_bug_in_a_handler_is_a_failure_like_another(house: House) -> None:
    tasks = Tasks(house.made.ledger, house.made.database, ids=house.ids)

    async def bug(tx: Transaction, task: Task, prepared: None) -> None:
        raise ZeroDivisionError

    tasks.handle("kind", bug)
    house.made.writer.committed = lambda done: tasks.committed(done.tasks)
    async with tasks.running(alone=True):
        await house.write(schedules("a"))
        await until(lambda: tasks.failures == 1)
        await until(lambda: not some_task_is_running())

    assert await waiting(house) == {"kind": 1}


async def test_a_preparation_that_hangs_is_given_up_and_tried_again(
    house: House, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.tasks.LONGEST_PREPARE_S", 0.05)
    work.gate.clear()
    async with runner(house, work) as tasks:
        await house.write(schedules("a"))
        await until(lambda: tasks.failures == 1)
        work.gate.set()
        await until(lambda: not some_task_is_running())
        house.clock.advance(1)
        tasks.look()

        await until(lambda: len(work.applied) == 1)


async def test_more_work_than_is_done_at_once_waits_here_and_not_for_the_lease(
    house: House, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.tasks.MOST_AT_ONCE", 4)
    async with runner(house, work):
        # The clock stands still: no lease will ever run out.
        await house.together(*(schedules(f"{number}") for number in range(40)))

        await until(lambda: len(work.applied) == 40)
        assert len(work.prepared) == 40


async def test_an_alarm_does_not_wait_behind_a_full_house(
    house: House, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.tasks.MOST_AT_ONCE", 2)
    work.gate.clear()
    rung: list[str] = []

    async def ring(tx: Transaction, task: Task, prepared: None) -> None:
        rung.append(task.key)

    async def plans(tx: Transaction) -> None:
        tx.schedule("alarm", "a rung", due=tx.now + timedelta(seconds=60))

    async with runner(house, work) as tasks:
        tasks.handle("alarm", ring, haste=Haste.URGENT)
        await house.write(plans)
        # Two are held while they prepare, eight wait here: there is no room for anything else.
        await house.together(*(schedules(f"{number}") for number in range(10)))
        await until(lambda: len(work.prepared) == 2)

        house.clock.advance(60)
        tasks.look()
        await until(lambda: rung == ["a rung"])

        assert not work.applied
        work.gate.set()
        await until(lambda: len(work.applied) == 10)


async def test_work_that_nobody_here_knows_does_not_stand_in_the_way(
    house: House, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.tasks.MOST_AT_ONCE", 2)

    async def plans(tx: Transaction) -> None:
        for number in range(10):
            tx.schedule("unknown here", f"{number}", due=tx.now - timedelta(hours=1))

    await house.write(plans)
    await house.write(schedules("mine"))
    house.clock.advance(6)

    async with runner(house, work):
        await until(lambda: [it.key for it in work.applied] == ["mine"])

    assert await waiting(house) == {"unknown here": 10}


async def test_what_cannot_even_be_postponed_is_found_again_when_its_lease_is_over(
    house: House, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses(*_: object, **__: object) -> None:
        raise Unavailable

    monkeypatch.setattr(store, "postpone_task", refuses)
    work.fails = 1
    async with runner(house, work) as tasks:
        await house.write(schedules("a"))
        await until(lambda: tasks.failures == 1)
        await until(lambda: not some_task_is_running())

        house.clock.advance(LEASE.total_seconds() + 1)
        tasks.look()

        await until(lambda: len(work.applied) == 1)


async def test_what_is_committed_here_and_known_elsewhere_is_done_elsewhere(
    house: House, work: Work
) -> None:
    async with runner(house, work) as elsewhere:
        here = Tasks(house.made.ledger, house.made.database, ids=house.ids)
        house.made.writer.committed = lambda done: here.committed(done.tasks)
        async with here.running(alone=False):
            await house.write(schedules("a"))
            house.clock.advance(LEASE.total_seconds() + 1)
            elsewhere.look()

            await until(lambda: len(work.applied) == 1)


async def test_the_scan_survives_whatever_happens_to_it(
    house: House, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [Unavailable(), ZeroDivisionError()]
    honest = store.due_tasks

    async def sometimes(*args: object, **kwargs: object) -> list[Task]:
        if failures:
            raise failures.pop()
        return await honest(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr("realtime.tasks.SCAN_S", 0.01)
    monkeypatch.setattr(store, "due_tasks", sometimes)
    await house.write(schedules("left"))
    house.clock.advance(6)

    async with runner(house, work):
        await until(lambda: len(work.applied) == 1)

    assert failures == []


def test_a_kind_has_one_handler(work: Work) -> None:
    class Bare:
        clock = None

    tasks = Tasks(Bare(), Bare(), ids=str)  # type: ignore[arg-type]
    tasks.handle("kind", work.apply)

    with pytest.raises(ValueError, match="has a handler already"):
        tasks.handle("kind", work.apply)
