"""Who comes, who turns back, and to whom the exact place is open, on a real ledger."""

from collections.abc import AsyncGenerator

import pytest

from alerts.errors import HelperNotComing
from alerts.relations import Relation
from geo.point import Point
from matching.dispatch.errors import OfferClosed
from matching.dispatch.incident import AlertId, Counts, counts
from realtime.kernel.errors import NotFound
from realtime.kernel.ids import Channel, PersonId
from tests.support.helping import ANNA, HERE, OPERATOR, Stage, stage


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger and the edge."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def scene(address: str) -> AsyncGenerator[Stage]:
    async with stage(address=address) as built:
        yield built


# Coming.


async def test_two_who_accept_cover_it_and_the_others_are_thanked(scene: Stage) -> None:
    alert, _, _, others = await scene.covered()

    state = await scene.state(alert)

    assert (state.state, state.accepted) == ("covered", 2)
    assert {str(scene.told(it, "offer_state")[-1]["state"]) for it in others} == {"covered"}
    assert [it["state"] for it in scene.told(ANNA, "alert")] == ["searching", "covered"]


async def test_remote_acceptances_do_not_cover_it(scene: Stage) -> None:
    lyon = Point(lat=45.764, lon=4.8357)
    callers = [await scene.helper(f"caller-{n}", lyon, skills=("call",)) for n in range(3)]
    raised = await scene.raise_help()

    states = [(await scene.says(it, raised.alert, "accept")).state for it in callers]

    assert states == ["accepted", "accepted", "covered"]
    state = await scene.state(raised.alert)
    assert (state.state, state.accepted) == ("searching", 0)


async def test_all_steps_are_counted_for_her(scene: Stage) -> None:
    await scene.crowd(3)
    raised = await scene.raise_help()
    one, two, three = [PersonId(it) for it in scene.asked(raised.alert)]
    for person in (one, two, three):
        await scene.says(person, raised.alert, "received")
    await scene.says(one, raised.alert, "seen")
    await scene.says(one, raised.alert, "received")
    await scene.says(one, raised.alert, "accept")
    await scene.says(two, raised.alert, "accept")

    await scene.says(one, raised.alert, "arrived")

    state = await scene.state(raised.alert)
    assert state.state == "on_scene"
    assert (state.delivered, state.seen, state.accepted, state.on_scene) == (3, 2, 2, 1)
    channel = Channel(f"alert:{raised.alert}")
    last = [body for it, body in scene.said if it == channel][-1]
    assert (last["delivered"], last["seen"], last["on_scene"]) == (3, 2, 1)


async def test_both_ways_of_counting_agree(scene: Stage) -> None:
    """Deliveries are added one by one; an answer counts all of them again."""
    await scene.crowd(7)
    raised = await scene.raise_help()
    people = [PersonId(it) for it in scene.asked(raised.alert)]
    for person, words in zip(people, ["d", "rsd", "rr", "s", "rs", "sr", ""], strict=True):
        for word in words:
            said = {"r": "received", "s": "seen", "d": "decline"}[word]
            await scene.says(person, raised.alert, said)

    state = await scene.state(raised.alert)
    incident = await scene.read(lambda r: scene.dispatch.incident(r, AlertId(raised.alert)))

    assert (state.delivered, state.seen) == (6, 5)
    assert counts(incident) == Counts(delivered=6, seen=5, accepted=0, on_scene=0)


async def test_saying_the_same_twice_is_said_once(scene: Stage) -> None:
    alert, one, _, _ = await scene.covered()
    before = len(scene.said)

    again = await scene.says(one, alert, "accept")

    assert again.state == "accepted"
    assert len(scene.said) == before


async def test_a_late_receipt_answers_what_was_accepted(scene: Stage) -> None:
    alert, one, _, _ = await scene.covered()

    answer = await scene.says(one, alert, "received")

    assert answer.state == "accepted"
    assert answer.room == (await scene.state(alert)).room


async def test_nobody_answers_the_offer_of_another(scene: Stage) -> None:
    alert, one, two, _ = await scene.covered()
    offer = await scene.offer_of(one, alert)

    with pytest.raises(NotFound):
        await scene.write(lambda tx: scene.alerts.decline(tx, two, offer))


async def test_nobody_arrives_who_did_not_accept(scene: Stage) -> None:
    await scene.crowd(1)
    raised = await scene.raise_help()

    with pytest.raises(OfferClosed):
        await scene.says(PersonId("helper-00"), raised.alert, "arrived")


async def test_who_turns_back_loses_channel_room_and_place_and_is_replaced(scene: Stage) -> None:
    alert, one, two, others = await scene.covered()
    before = len(scene.asked(alert))

    answer = await scene.says(one, alert, "decline")

    room = (await scene.state(alert)).room
    assert answer.state == "withdrawn"
    ended = {(one, f"{kind}:{room}") for kind in ("room", "typing")}
    assert set(scene.revoked()) == {(one, f"alert:{alert}")} | ended
    assert (await scene.state(alert)).state == "searching"
    assert set(scene.asked(alert)[before:]) == set(others)
    with pytest.raises(NotFound):
        await scene.state(alert, one)
    assert (await scene.state(alert, two)).place is None


async def test_everybody_has_a_seat_in_the_room(scene: Stage) -> None:
    alert, one, two, _ = await scene.covered()

    seats = [(await scene.state(alert, it)).seat for it in (ANNA, one, two)]

    assert seats == ["elle", "aide-1", "aide-2"]
    entered = await scene.write(lambda tx: scene.alerts.enter(tx, OPERATOR, alert))
    assert entered.seat == "operateur-1"


# The exact place.


async def test_in_public_the_place_is_for_two_who_accepted(scene: Stage) -> None:
    await scene.crowd(3)
    raised = await scene.raise_help(note="porte bleue")
    one, two, three = [PersonId(it) for it in scene.asked(raised.alert)]
    await scene.says(one, raised.alert, "accept")
    alone = await scene.state(raised.alert, one)

    await scene.says(two, raised.alert, "accept")

    assert (alone.place, alone.note) == (None, None)
    for person in (one, two):
        state = await scene.state(raised.alert, person)
        assert state.place is not None
        assert (state.place.lat, state.place.lon, state.note) == (HERE.lat, HERE.lon, "porte bleue")
        assert scene.told(person, "place_open") == [{"type": "place_open", "alert": raised.alert}]
    with pytest.raises(NotFound):
        await scene.state(raised.alert, three)


async def test_who_is_only_asked_sees_neither_place_nor_room_nor_names(scene: Stage) -> None:
    await scene.crowd(1)
    raised = await scene.raise_help(note="porte bleue")

    state = await scene.state(raised.alert, PersonId("helper-00"))

    assert (state.place, state.note, state.room, state.seat, state.helpers) == (None,) * 5


async def test_at_a_home_the_place_is_opened_by_name_only(scene: Stage) -> None:
    for name in ("one", "two"):
        await scene.helper(name, tier=2)
    raised = await scene.raise_help(mode="home")
    one, two = PersonId("one"), PersonId("two")
    await scene.says(one, raised.alert, "accept")
    await scene.says(two, raised.alert, "accept")
    assert (await scene.state(raised.alert, one)).place is None

    await scene.release(ANNA, raised.alert, one)

    assert (await scene.state(raised.alert, one)).place is not None
    assert (await scene.state(raised.alert, two)).place is None
    assert [it["alert"] for it in scene.told(one, "place_open")] == [raised.alert]
    assert scene.told(two, "place_open") == []
    assert {it.helper: it.released for it in (await scene.state(raised.alert)).helpers or []} == {
        "one": True,
        "two": False,
    }


async def test_the_place_is_not_opened_to_whom_has_not_accepted(scene: Stage) -> None:
    await scene.crowd(1)
    raised = await scene.raise_help()

    for person in (PersonId("helper-00"), PersonId("stranger")):
        with pytest.raises(HelperNotComing):
            await scene.release(ANNA, raised.alert, person)


async def test_a_release_ends_when_the_helper_turns_back(scene: Stage) -> None:
    await scene.helper("one")
    raised = await scene.raise_help()
    one = PersonId("one")
    await scene.says(one, raised.alert, "accept")
    await scene.release(OPERATOR, raised.alert, one)

    await scene.says(one, raised.alert, "decline")

    relations = await scene.read(lambda r: scene.alerts.relations(r, one, raised.alert))
    assert relations == frozenset()


async def test_she_and_operators_see_first_names(scene: Stage) -> None:
    alert, one, two, _ = await scene.covered()

    hers = await scene.state(alert)
    staff = await scene.state(alert, OPERATOR, staff=True)

    assert [it.name for it in hers.helpers or []] == [one.title(), two.title()]
    assert staff.helpers == hers.helpers
    assert (staff.mine, staff.seat, staff.place) == (False, None, hers.place)


async def test_relations_are_what_access_needs(scene: Stage) -> None:
    alert, one, _, others = await scene.covered()

    async def of(person: PersonId) -> frozenset[Relation]:
        return await scene.read(lambda r: scene.alerts.relations(r, person, alert))

    assert await of(ANNA) == {Relation.HERS}
    assert await of(one) == {Relation.ACCEPTED, Relation.PAIRED}
    assert await of(others[0]) == frozenset()
    assert await scene.read(lambda r: scene.alerts.relations(r, ANNA, "none")) == frozenset()
    assert await scene.read(lambda r: scene.alerts.exists(r, alert))
    assert not await scene.read(lambda r: scene.alerts.exists(r, "none"))
