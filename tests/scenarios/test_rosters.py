"""A post that changes on one node is right on the others, in whatever order it is told."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from geo.cells import DECLARED_RES, cell_of
from matching.helpers.posts import CHANGED
from matching.helpers.roster import Roster
from matching.helpers.service import Helpers
from matching.helpers.told import Told
from realtime.channels import CONTROL
from realtime.kernel.errors import Unavailable
from realtime.kernel.ids import PersonId, random_id
from realtime.kernel.secret import Secret
from realtime.tasks import Tasks
from tests.support.helping import HERE, Stage, north, stage

CAMILLE, DORA = PersonId("camille"), PersonId("dora")


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    return "asyncio", {"use_uvloop": True}


@asynccontextmanager
async def another_node(scene: Stage) -> AsyncGenerator[tuple[Helpers, Told]]:
    """The helpers of a node that shares the database and the live map, and nothing else."""
    helpers = Helpers(Roster(), scene.whereabouts, phone_key=Secret("a key kept elsewhere"))
    tasks = Tasks(scene.made.ledger, scene.made.database, ids=random_id)
    told = helpers.register(tasks, scene.made.ledger)
    run = asyncio.create_task(told.run())
    try:
        yield helpers, told
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)


@pytest.fixture
async def two() -> AsyncGenerator[tuple[Stage, Helpers, Told]]:
    async with AsyncExitStack() as stack:
        scene = await stack.enter_async_context(stage())
        helpers, told = await stack.enter_async_context(another_node(scene))
        yield scene, helpers, told


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def test_the_order_names_the_person_and_nothing_else(
    two: tuple[Stage, Helpers, Told],
) -> None:
    scene, _, _ = two

    await scene.helper("camille")

    orders = [message for channel, message in scene.said if channel == CONTROL]
    posts = [it for it in orders if it["type"] == CHANGED]
    assert posts
    assert all(it == {"type": CHANGED, "person": CAMILLE} for it in posts)


async def test_going_on_moving_and_leaving_duty_is_followed(
    two: tuple[Stage, Helpers, Told],
) -> None:
    scene, there, told = two
    await scene.helper("camille")
    assert there.roster.post(CAMILLE) is None

    told.tell([CAMILLE, PersonId("nobody")])
    await until(lambda: len(there.roster) == 1)
    assert there.roster.post(CAMILLE) == scene.helpers.roster.post(CAMILLE)

    far = north(20_000)
    await scene.write(lambda tx: scene.helpers.duty(tx, CAMILLE, on=True, place=far))
    told.tell([CAMILLE])
    await until(lambda: set(there.roster.zones) == {cell_of(far, DECLARED_RES)})

    await scene.write(lambda tx: scene.helpers.duty(tx, CAMILLE, on=False))
    told.tell([CAMILLE])
    await until(lambda: len(there.roster) == 0)


async def test_when_orders_were_lost_everybody_is_read_again(
    two: tuple[Stage, Helpers, Told],
) -> None:
    scene, there, told = two
    await scene.helper("camille")
    told.tell([CAMILLE])
    await until(lambda: len(there.roster) == 1)
    await scene.helper("dora")
    await scene.write(lambda tx: scene.helpers.duty(tx, CAMILLE, on=False))

    told.tell_all()

    await until(lambda: list(there.roster) == [DORA])


async def test_whoever_moves_by_way_of_a_node_that_does_not_know_yet_is_heard(
    two: tuple[Stage, Helpers, Told],
) -> None:
    scene, there, _ = two
    await scene.helper("camille", online=False)
    await scene.whereabouts.discharge(CAMILLE)

    await there.move(CAMILLE, HERE, scene.clock.now())

    assert there.roster.post(CAMILLE) == scene.helpers.roster.post(CAMILLE)
    found = await scene.whereabouts.near(cell_of(HERE), ring=1, want=1, now=scene.clock.now())
    assert [it.person for it in found] == [CAMILLE]
    await there.move(PersonId("nobody"), HERE, scene.clock.now())
    assert len(there.roster) == 1


async def test_off_duty_elsewhere_takes_off_the_map_what_a_late_move_put_there(
    two: tuple[Stage, Helpers, Told],
) -> None:
    scene, there, told = two
    await scene.helper("camille")
    told.tell([CAMILLE])
    await until(lambda: len(there.roster) == 1)
    await scene.write(lambda tx: scene.helpers.duty(tx, CAMILLE, on=False))
    await scene.settle()
    # This node has not heard of it yet.
    await there.move(CAMILLE, HERE, scene.clock.now())
    assert await scene.whereabouts.move(CAMILLE, cell_of(HERE), scene.clock.now())

    told.tell([CAMILLE])
    await until(lambda: len(there.roster) == 0)
    await until(lambda: not told._people)

    async def off_the_map() -> bool:
        return not await scene.whereabouts.move(CAMILLE, cell_of(HERE), scene.clock.now())

    async with asyncio.timeout(20):
        while not await off_the_map():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_database_that_is_away_is_asked_until_it_answers(
    two: tuple[Stage, Helpers, Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matching.helpers.told.RETRY_S", 0.01)
    scene, there, told = two
    await scene.helper("camille")
    honest, refusals = there._posts._posts_of, [Unavailable(), Unavailable()]

    async def sometimes(people: list[PersonId]) -> object:
        if refusals:
            raise refusals.pop()
        return await honest(people)

    monkeypatch.setattr(there._posts, "_posts_of", sometimes)

    told.tell([CAMILLE])

    await until(lambda: len(there.roster) == 1)
    assert not refusals


async def test_an_older_reading_never_has_the_last_word(
    two: tuple[Stage, Helpers, Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While rows are read here, a command of this node commits something newer."""
    scene, there, _ = two
    await scene.helper("camille")
    honest = there._posts._posts_of
    read, go_on = asyncio.Event(), asyncio.Event()

    async def slow(people: list[PersonId]) -> object:
        found = await honest(people)
        read.set()
        await go_on.wait()
        return found

    monkeypatch.setattr(there._posts, "_posts_of", slow)
    following = asyncio.create_task(there._posts.follow([CAMILLE], discharging=False))
    await read.wait()
    await scene.write(lambda tx: there.duty(tx, CAMILLE, on=False))
    go_on.set()
    await following

    assert there.roster.post(CAMILLE) is None
