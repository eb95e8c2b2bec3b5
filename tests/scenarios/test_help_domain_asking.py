"""Who is asked to help, and who never is: the services alone, on a real ledger."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from functools import partial
from pathlib import Path

import pytest

from alerts.messages import Raised
from geo.cells import cell_of, parent
from geo.point import Point
from matching.dispatch import machine, search
from matching.dispatch.incident import AlertId
from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from realtime.writer import Committed
from tests.support.helping import ANNA, HERE, Stage, north, stage
from tests.support.phone import until


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger and the edge."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def scene(address: str) -> AsyncGenerator[Stage]:
    async with stage(address=address) as built:
        yield built


# Asking.


async def test_a_request_is_offered_to_the_seven_nearest(scene: Stage) -> None:
    near = await scene.crowd(9)

    raised = await scene.raise_help()

    asked = scene.asked(raised.alert)
    assert len(asked) == 7
    assert set(asked) <= set(near)


async def test_those_further_away_are_asked_when_the_near_ones_are_silent(scene: Stage) -> None:
    near = await scene.helper("near")
    far = await scene.helper("far", north(3_000))
    raised = await scene.raise_help()
    assert scene.asked(raised.alert) == [near]

    await scene.pass_time(20)

    assert scene.asked(raised.alert) == [near, far]


async def test_who_is_not_connected_is_never_asked(scene: Stage) -> None:
    await scene.helper("away", online=False)

    raised = await scene.raise_help()
    await scene.pass_time(20)

    assert scene.asked(raised.alert) == []


async def test_who_comes_back_is_asked_within_seconds(scene: Stage) -> None:
    away = await scene.helper("away", online=False)
    raised = await scene.raise_help()

    await scene.presence.arrive(away, "phone")
    await scene.pass_time(5)

    assert scene.asked(raised.alert) == [away]


async def test_a_refusal_is_replaced_at_once(scene: Stage) -> None:
    await scene.crowd(8)
    raised = await scene.raise_help()
    first = PersonId(scene.asked(raised.alert)[0])

    await scene.says(first, raised.alert, "decline")

    assert len(scene.asked(raised.alert)) == 8


async def test_remote_helpers_are_told_no_cell(scene: Stage) -> None:
    await scene.helper("near")
    remote = await scene.helper("lyon", Point(lat=45.764, lon=4.8357), skills=("write",))

    raised = await scene.raise_help()

    offer = scene.told(remote, "offer")[-1]
    (mine,) = await scene.read(lambda r: scene.alerts.offers_of(r, remote))
    assert offer["ring"] == "remote"
    assert not {"cell", "area"} & offer.keys()
    assert (mine.cell, mine.area) == (None, None)
    assert scene.told(PersonId("near"), "offer")[-1]["cell"]
    assert scene.asked(raised.alert, "remote") == [remote]


async def test_who_is_asked_to_call_is_beyond_those_who_could_come(
    scene: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file, numbers in (
        (search, {"NEAR_HOPEFUL": 1, "SPARE": 0, "REMOTE_MOST": 2, "REMOTE_PASSED": 2}),
        (machine, {"NEAR_HOPEFUL": 1, "REMOTE_MOST": 2}),
    ):
        for name, number in numbers.items():
            monkeypatch.setattr(file, name, number)
    people = [await scene.helper(f"{number}", north(1_000 * number)) for number in range(5)]

    raised = await scene.raise_help()

    assert scene.asked(raised.alert) == people[:1]
    assert sorted(scene.asked(raised.alert, "remote")) == people[2:4]


async def test_those_near_are_asked_in_a_commit_before_those_who_may_call(
    scene: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "REMOTE_AT_ONCE", 2)
    for file in (search, machine):
        monkeypatch.setattr(file, "REMOTE_MOST", 5)
    near = [await scene.helper("near")]
    lyon = Point(lat=45.764, lon=4.8357)
    afar = [await scene.helper(f"far-{number}", lyon, skills=("call",)) for number in range(7)]
    commits: list[list[str]] = []
    scene.made.writer.committed = _noting(commits, scene.made.writer.committed)

    raised = await scene.raise_help()

    told = [it for it in commits if it]
    assert told[0] == near
    # Five of the seven, two a commit.
    assert [len(it) for it in told[1:]] == [2, 2, 1]
    assert len({name for it in told[1:] for name in it} & set(afar)) == 5
    assert len(scene.asked(raised.alert, "remote")) == 5


async def test_what_follows_a_step_outlives_the_process_that_made_it(tmp_path: Path) -> None:
    """Dead between the commit of those near and that of those who may call: they are asked."""
    clock = ManualClock()
    async with stage(tmp_path, clock=clock) as first:
        for name, skills in (("near", ("come",)), ("far", ("call",))):
            await first.helper(name, skills=skills)

        async def never(alert: AlertId) -> search.Candidates:
            await asyncio.Event().wait()
            raise AssertionError

        first.dispatch.afar = never  # type: ignore[method-assign]
        raised = await first.write(lambda tx: _raises(first, tx))
        await until(lambda: first.asked(raised.alert) == ["near"])
        assert first.asked(raised.alert, "remote") == []

    async with stage(tmp_path, clock=clock, run="second") as second:
        await second.helpers.move(PersonId("far"), HERE, clock.now())
        await second.presence.arrive(PersonId("far"), "phone of far")
        await second.settle()

        assert second.asked(raised.alert, "remote") == ["far"]
        assert second.asked(raised.alert) == []


async def test_once_two_come_what_was_to_follow_is_taken_back(scene: Stage) -> None:
    await scene.crowd(2)
    await scene.helper("far", Point(lat=45.764, lon=4.8357), skills=("call",))
    go = asyncio.Event()
    look = scene.dispatch.afar

    async def later(alert: AlertId) -> search.Candidates:
        found = await look(alert)
        await go.wait()
        return found

    scene.dispatch.afar = later  # type: ignore[method-assign]
    raised = await scene.write(lambda tx: _raises(scene, tx))
    await until(lambda: len(scene.asked(raised.alert)) == 2)
    for name in scene.asked(raised.alert):
        offer = await scene.offer_of(PersonId(name), raised.alert)
        await scene.write(partial(_accepts, scene, PersonId(name), offer))
    go.set()
    await scene.settle()

    assert scene.asked(raised.alert, "remote") == []
    assert (await scene.state(raised.alert)).state == "covered"


async def test_who_is_nearest_but_may_not_be_asked_is_replaced_by_who_is_further(
    scene: Stage,
) -> None:
    """At a glance only the map is looked at: of the twelve nearest, ten are not to be asked."""
    nearest = await scene.crowd(12)
    further = [await scene.helper(f"further-{number}", north(900)) for number in range(6)]
    for it in nearest[:10]:
        await scene.exclude(ANNA, helper=it)

    raised = await scene.raise_help()

    asked = scene.asked(raised.alert)
    assert set(asked[:2]) == set(nearest[10:])
    assert set(asked[2:]) <= set(further)
    assert len(asked) == 7
    assert not set(scene.asked(raised.alert, "remote")) & set(nearest[:10])


async def test_at_a_home_only_tier_two_is_asked_and_operators_at_once(scene: Stage) -> None:
    await scene.helper("one", tier=1)
    two = await scene.helper("two", tier=2)

    raised = await scene.raise_help(mode="home")

    assert scene.asked(raised.alert) == [two]
    assert scene.asked(raised.alert, "remote") == []
    board = await scene.read(scene.alerts.board)
    assert [it.escalation for it in board.alerts] == ["board"]


async def test_somebody_on_the_way_is_not_asked_for_another(scene: Stage) -> None:
    busy = await scene.helper("busy")
    first = await scene.raise_help()
    await scene.says(busy, first.alert, "accept")

    second = await scene.raise_help(PersonId("berthe"))

    assert scene.asked(second.alert) == []


async def test_somebody_in_need_is_not_asked_to_help(scene: Stage) -> None:
    both = await scene.helper("both")
    await scene.raise_help(both, place=north(5_000))

    raised = await scene.raise_help()

    assert scene.asked(raised.alert) == []


async def test_a_budget_is_for_a_day(scene: Stage) -> None:
    helper = await scene.helper("tired")
    await scene.write(lambda tx: scene.helpers.prefer(tx, helper, quiet=None, budget=1))
    first = await scene.raise_help()
    await scene.says(helper, first.alert, "seen")
    await scene.cancel(first.alert)

    second = await scene.raise_help()
    await scene.cancel(second.alert)
    await scene.pass_time(24 * 3600)
    await scene.helpers.move(helper, HERE, scene.clock.now())
    third = await scene.raise_help()

    assert [scene.asked(it.alert) for it in (first, second, third)] == [[helper], [], [helper]]


async def test_quiet_hours_are_kept(scene: Stage) -> None:
    helper = await scene.helper("asleep")
    quiet = ("20:30", "07:00")
    await scene.write(lambda tx: scene.helpers.prefer(tx, helper, quiet=quiet, budget=5))

    raised = await scene.raise_help()

    # It is nine in the evening in Paris.
    assert scene.asked(raised.alert) == []


# Excluding.


async def test_who_is_excluded_is_never_asked(scene: Stage) -> None:
    feared = await scene.helper("feared")
    await scene.exclude(ANNA, helper=feared)

    raised = await scene.raise_help()
    for _ in range(6):
        await scene.pass_time(20)

    assert scene.told(feared, "offer") == []
    assert (await scene.state(raised.alert)).delivered == 0


async def test_a_phone_number_excludes_however_it_is_written(scene: Stage) -> None:
    feared = await scene.helper("feared", phone="06 12 34 56 78")
    added = await scene.exclude(ANNA, phone="+33 (0)6.12.34.56.78")

    await scene.raise_help()

    assert added == 1
    assert scene.told(feared, "offer") == []


async def test_a_helper_is_never_sent_to_whom_she_fears(scene: Stage) -> None:
    helper = await scene.helper("careful")
    await scene.exclude(helper, helper=ANNA)

    raised = await scene.raise_help()

    assert scene.asked(raised.alert) == []


async def test_excluding_somebody_who_comes_turns_them_back_silently(scene: Stage) -> None:
    alert, one, two, _ = await scene.covered()
    await scene.says(two, alert, "received")

    await scene.exclude(ANNA, helper=one)
    await scene.settle()

    assert scene.told(one)[-1] == {
        "type": "offer_state",
        "offer": await scene.offer_of(one, alert),
        "alert": alert,
        "state": "covered",
    }
    assert (str(one), f"alert:{alert}") in scene.revoked()
    assert (await scene.says(one, alert, "accept")).state == "covered"
    assert (await scene.state(alert)).state == "searching"
    with pytest.raises(NotFound):
        await scene.state(alert, one)


async def test_an_exclusion_committed_while_candidates_are_gathered_counts(scene: Stage) -> None:
    raised = await scene.raise_help()
    feared = await scene.helper("feared")
    alert = AlertId(raised.alert)
    proposed = await scene.dispatch.near(alert)
    await scene.exclude(ANNA, helper=feared)

    await scene.write(lambda tx: scene.alerts.step(tx, alert, proposed))

    assert [it.person for it in proposed.people] == [feared]
    assert scene.asked(raised.alert) == []


async def test_an_excluded_helper_is_told_what_someone_far_away_is(scene: Stage) -> None:
    feared = await scene.helper("feared")
    far = await scene.helper("far", Point(lat=45.764, lon=4.8357), skills=("come",))
    await scene.exclude(ANNA, helper=feared)
    raised = await scene.raise_help()
    await scene.pass_time(300)

    assert scene.told(feared) == scene.told(far)
    for person in (feared, far):
        with pytest.raises(NotFound):
            await scene.state(raised.alert, person)


def _noting(
    commits: list[list[str]], also: Callable[[Committed], None]
) -> Callable[[Committed], None]:
    """Who is made an offer in each commit."""

    def committed(done: Committed) -> None:
        commits.append(
            [
                it.channel.removeprefix("me:#")
                for it in done.deliveries
                if it.channel.startswith("me:#") and b'"type":"offer"' in it.body
            ]
        )
        also(done)

    return committed


async def _accepts(scene: Stage, who: PersonId, offer: str, tx: Transaction) -> None:
    await scene.alerts.accept(tx, who, offer)


async def _raises(scene: Stage, tx: Transaction) -> Raised:
    return await scene.alerts.raise_help(
        tx,
        ANNA,
        kind="followed",
        mode="public",
        place=HERE,
        accuracy_m=12.0,
        shown=parent(cell_of(HERE), 8),
    )
