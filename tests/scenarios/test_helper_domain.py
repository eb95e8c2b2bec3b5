"""Becoming a helper, going on and off duty, choosing one's peace: the service on a real ledger."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlalchemy import text

from geo.cells import cell_of
from matching.helpers.errors import (
    AlreadyApplied,
    DutyNeedsAPlace,
    ExclusionListFull,
    NotAHelper,
)
from matching.helpers.messages import QuietHours
from matching.helpers.rules import EXCLUSIONS_MOST
from matching.helpers.tags import COME, REMOTE, TIER_2
from realtime.kernel.errors import Gone, Malformed, NotFound
from realtime.kernel.ids import PersonId
from realtime.ledger import Transaction
from tests.support.helping import HERE, OPERATOR, Stage, north, stage

CAMILLE = PersonId("camille")


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger and the edge."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def scene(address: str) -> AsyncGenerator[Stage]:
    async with stage(address=address) as built:
        yield built


async def applies(scene: Stage, person: PersonId = CAMILLE) -> None:
    await scene.write(
        lambda tx: scene.helpers.apply(
            tx, person, name="Camille", skills=["come", "write"], languages=["fr", "en", "fr"]
        )
    )


async def approved(scene: Stage, tier: int = 1) -> None:
    await applies(scene)
    await scene.write(lambda tx: scene.helpers.approve(tx, OPERATOR, CAMILLE, tier=tier))


async def on_duty(scene: Stage) -> None:
    await scene.write(lambda tx: scene.helpers.duty(tx, CAMILLE, on=True, place=HERE))


async def live(scene: Stage) -> int:
    now = scene.clock.now()
    return sum((await scene.whereabouts.counts(5, now, at_least=1)).values())


async def test_who_applies_waits_for_an_operator(scene: Stage) -> None:
    await applies(scene)

    (line,) = (await scene.read(scene.helpers.pending)).applications

    assert (line.helper, line.name) == (CAMILLE, "Camille")
    assert (line.skills, line.languages) == (["come", "write"], ["fr", "en"])
    assert not await scene.read(lambda r: scene.helpers.is_helper(r, CAMILLE))
    assert ("queue:help", {"type": "application"}) in scene.said


async def test_nobody_applies_twice(scene: Stage) -> None:
    await applies(scene)

    with pytest.raises(AlreadyApplied):
        await applies(scene)


async def test_an_approved_helper_has_a_tier_and_is_told(scene: Stage) -> None:
    await approved(scene, tier=2)
    again = await scene.write(lambda tx: scene.helpers.approve(tx, OPERATOR, CAMILLE, tier=2))

    profile = await scene.read(lambda r: scene.helpers.profile(r, CAMILLE))

    assert profile is not None
    assert (profile.status, profile.tier, profile.on) == ("approved", 2, False)
    assert again.tier == 2
    assert scene.told(CAMILLE) == [{"type": "helper", "status": "approved", "tier": 2}]
    assert (await scene.read(scene.helpers.pending)).applications == []


@pytest.mark.parametrize("tier", [0, 3])
async def test_there_are_two_tiers(scene: Stage, tier: int) -> None:
    await applies(scene)

    with pytest.raises(Malformed):
        await scene.write(lambda tx: scene.helpers.approve(tx, OPERATOR, CAMILLE, tier=tier))


async def test_nobody_is_approved_or_refused_who_has_not_applied(scene: Stage) -> None:
    with pytest.raises(NotFound):
        await scene.write(lambda tx: scene.helpers.approve(tx, OPERATOR, CAMILLE, tier=1))
    with pytest.raises(NotFound):
        await scene.write(lambda tx: scene.helpers.refuse(tx, OPERATOR, CAMILLE))


async def test_only_approved_helpers_go_on_duty_and_say_where(scene: Stage) -> None:
    with pytest.raises(NotAHelper):
        await on_duty(scene)
    await applies(scene)
    with pytest.raises(NotAHelper):
        await on_duty(scene)
    await scene.write(lambda tx: scene.helpers.approve(tx, OPERATOR, CAMILLE, tier=1))

    with pytest.raises(DutyNeedsAPlace):
        await scene.write(lambda tx: scene.helpers.duty(tx, CAMILLE, on=True))


async def test_on_duty_is_on_the_roster_in_the_declared_zone(scene: Stage) -> None:
    await approved(scene, tier=2)

    await on_duty(scene)

    post = scene.helpers.roster.post(CAMILLE)
    assert post is not None
    assert (post.tags, post.zone) == (COME | REMOTE | TIER_2, cell_of(HERE, 7))


async def test_off_duty_leaves_nothing_of_where_one_was(scene: Stage) -> None:
    await approved(scene)
    await on_duty(scene)
    await scene.helpers.move(CAMILLE, HERE, scene.clock.now())
    key, sealed = await _zone(scene)

    await scene.write(lambda tx: scene.helpers.duty(tx, CAMILLE, on=False))
    await scene.settle()

    assert (len(scene.helpers.roster), await live(scene)) == (0, 0)
    assert await _zone(scene) == (None, None)
    with pytest.raises(Gone):
        await scene.read(lambda r: r.open(str(key), sealed or b"", context="declared zone"))


async def test_another_zone_shreds_the_one_before(scene: Stage) -> None:
    await approved(scene)
    await on_duty(scene)
    before, sealed = await _zone(scene)

    await scene.write(lambda tx: scene.helpers.duty(tx, CAMILLE, on=True, place=north(20_000)))

    post = scene.helpers.roster.post(CAMILLE)
    assert post is not None
    assert post.zone == cell_of(north(20_000), 7)
    with pytest.raises(Gone):
        await scene.read(lambda r: r.open(str(before), sealed or b"", context="declared zone"))


async def test_a_change_that_is_undone_is_not_on_the_roster(scene: Stage) -> None:
    await approved(scene)

    async def undone(tx: Transaction) -> None:
        await scene.helpers.duty(tx, CAMILLE, on=True, place=HERE)
        raise NotFound

    with pytest.raises(NotFound):
        await scene.write(undone)

    assert scene.helpers.roster.post(CAMILLE) is None


async def test_who_is_not_on_duty_is_not_heard(scene: Stage) -> None:
    await approved(scene)

    await scene.helpers.move(CAMILLE, HERE, scene.clock.now())

    assert await live(scene) == 0


async def test_a_move_right_after_going_on_duty_is_heard(scene: Stage) -> None:
    await approved(scene)
    await on_duty(scene)
    await scene.whereabouts.discharge(CAMILLE)

    await scene.helpers.move(CAMILLE, HERE, scene.clock.now())

    assert await live(scene) == 1


async def test_a_new_tier_reaches_somebody_on_duty(scene: Stage) -> None:
    await approved(scene, tier=1)
    await on_duty(scene)

    await scene.write(lambda tx: scene.helpers.approve(tx, OPERATOR, CAMILLE, tier=2))

    post = scene.helpers.roster.post(CAMILLE)
    assert post is not None
    assert post.tags & TIER_2
    assert post.zone == cell_of(HERE, 7)


async def test_whoever_is_refused_is_off_duty_and_told_once(scene: Stage) -> None:
    await approved(scene)
    await on_duty(scene)

    for _ in range(2):
        await scene.write(lambda tx: scene.helpers.refuse(tx, OPERATOR, CAMILLE))

    assert len(scene.helpers.roster) == 0
    assert not await scene.read(lambda r: scene.helpers.is_helper(r, CAMILLE))
    refusals = [it for it in scene.told(CAMILLE, "helper") if it["status"] == "refused"]
    assert len(refusals) == 1


async def test_preferences_are_kept_also_on_duty(scene: Stage) -> None:
    await approved(scene)
    await on_duty(scene)

    answer = await scene.write(
        lambda tx: scene.helpers.prefer(tx, CAMILLE, quiet=("22:00", "7:00"), budget=20)
    )
    profile = await scene.read(lambda r: scene.helpers.profile(r, CAMILLE))

    assert answer.quiet == QuietHours("22:00", "07:00")
    assert profile is not None
    assert (profile.quiet, profile.budget, profile.on) == (answer.quiet, 20, True)


@pytest.mark.parametrize("budget", [0, 21])
async def test_a_budget_is_from_one_to_twenty(scene: Stage, budget: int) -> None:
    await approved(scene)

    with pytest.raises(Malformed):
        await scene.write(lambda tx: scene.helpers.prefer(tx, CAMILLE, quiet=None, budget=budget))


async def test_whoever_has_not_applied_has_no_preferences(scene: Stage) -> None:
    with pytest.raises(NotAHelper):
        await scene.write(lambda tx: scene.helpers.prefer(tx, CAMILLE, quiet=None, budget=3))
    assert await scene.read(lambda r: scene.helpers.profile(r, CAMILLE)) is None


async def test_an_exclusion_names_one_thing(scene: Stage) -> None:
    with pytest.raises(Malformed):
        await scene.exclude(CAMILLE)
    with pytest.raises(Malformed):
        await scene.exclude(CAMILLE, phone="0612345678", helper="somebody")


async def test_the_same_exclusion_counts_once_and_all_can_be_cleared(scene: Stage) -> None:
    numbers = ("0612345678", "+33 6 12 34 56 78", "0612345679")
    counts = [await scene.exclude(CAMILLE, phone=number) for number in numbers]

    cleared = await scene.write(lambda tx: scene.alerts.clear_exclusions(tx, CAMILLE))

    assert (counts, cleared.count) == ([1, 1, 2], 0)


async def test_the_list_is_bounded_and_a_refusal_changes_nothing(scene: Stage) -> None:
    async def many(tx: Transaction) -> None:
        for number in range(EXCLUSIONS_MOST):
            await scene.alerts.exclude(tx, CAMILLE, helper=f"somebody-{number}")

    await scene.write(many)

    with pytest.raises(ExclusionListFull):
        await scene.exclude(CAMILLE, helper="one-more")
    assert await scene.exclude(CAMILLE, helper="somebody-0") == EXCLUSIONS_MOST


async def test_a_name_whose_key_is_shredded_is_empty(scene: Stage) -> None:
    await applies(scene)

    await scene.write(lambda tx: tx.shred(f"person:{CAMILLE}"))

    assert await scene.read(lambda r: scene.helpers.names(r, [CAMILLE])) == {CAMILLE: ""}


async def test_the_roster_is_whole_after_a_restart(tmp_path: Path) -> None:
    async with stage(tmp_path) as first:
        await approved(first)
        await on_duty(first)
        await first.helper("off")
        await first.write(lambda tx: first.helpers.duty(tx, PersonId("off"), on=False))
        kept = first.helpers.roster.post(CAMILLE)

    async with stage(tmp_path, run="second") as second:
        await second.helpers.move(CAMILLE, HERE, second.clock.now())

        assert list(second.helpers.roster) == [CAMILLE]
        assert second.helpers.roster.post(CAMILLE) == kept
        assert await live(second) == 1


async def _zone(scene: Stage) -> tuple[str | None, bytes | None]:
    async with scene.made.database.snapshot() as db:
        row = (await db.execute(text("SELECT zone_key, zone FROM helper"))).one()
        return row.zone_key, row.zone
