"""A request for help from raise to shredding, by the services alone, on a real ledger."""

from collections.abc import AsyncGenerator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from alerts.errors import AlertAlreadyOpen, AlertEnded, HelperNotComing
from alerts.relations import Relation
from geo.cells import Cell, cell_of, centre
from geo.point import Point
from matching.dispatch.errors import OfferClosed
from matching.dispatch.incident import AlertId, Counts, counts
from realtime import store as ledger_store
from realtime.kernel.errors import Gone, NotFound
from realtime.kernel.ids import Channel, PersonId
from realtime.ledger import Transaction
from tests.support.helping import ANNA, HERE, OPERATOR, Stage, north, stage


@pytest.fixture(scope="module")
def anyio_backend() -> object:
    """One loop is enough: what differs between loops is tested with the ledger and the edge."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def scene() -> AsyncGenerator[Stage]:
    async with stage() as built:
        yield built


async def covered(scene: Stage) -> tuple[str, PersonId, PersonId, list[PersonId]]:
    """A request that two have accepted: its id, both, and those who were thanked."""
    await scene.crowd(4)
    raised = await scene.raise_help(note="porte bleue")
    one, two, *others = [PersonId(it) for it in scene.asked(raised.alert)]
    await scene.says(one, raised.alert, "accept")
    await scene.says(two, raised.alert, "accept")
    return raised.alert, one, two, others


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
    assert offer["ring"] == "remote"
    assert "cell" not in offer
    assert scene.told(PersonId("near"), "offer")[-1]["cell"]
    assert scene.asked(raised.alert, "remote") == [remote]


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
    alert, one, two, _ = await covered(scene)
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
    proposed = await scene.dispatch.candidates(alert)
    await scene.exclude(ANNA, helper=feared)

    await scene.write(lambda tx: scene.alerts.step(tx, alert, proposed))

    assert [it.person for it in proposed.near] == [feared]
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


# Coming.


async def test_two_who_accept_cover_it_and_the_others_are_thanked(scene: Stage) -> None:
    alert, _, _, others = await covered(scene)

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
    for person, words in zip(people, ["rr", "s", "rs", "sr", "", "d", "rsd"], strict=True):
        for word in words:
            said = {"r": "received", "s": "seen", "d": "decline"}[word]
            await scene.says(person, raised.alert, said)

    state = await scene.state(raised.alert)
    incident = await scene.read(lambda r: scene.dispatch.incident(r, AlertId(raised.alert)))

    assert (state.delivered, state.seen) == (6, 5)
    assert counts(incident) == Counts(delivered=6, seen=5, accepted=0, on_scene=0)


async def test_saying_the_same_twice_is_said_once(scene: Stage) -> None:
    alert, one, _, _ = await covered(scene)
    before = len(scene.said)

    again = await scene.says(one, alert, "accept")

    assert again.state == "accepted"
    assert len(scene.said) == before


async def test_nobody_answers_the_offer_of_another(scene: Stage) -> None:
    alert, one, two, _ = await covered(scene)
    offer = await scene.offer_of(one, alert)

    with pytest.raises(NotFound):
        await scene.write(lambda tx: scene.alerts.decline(tx, two, offer))


async def test_nobody_arrives_who_did_not_accept(scene: Stage) -> None:
    await scene.crowd(1)
    raised = await scene.raise_help()

    with pytest.raises(OfferClosed):
        await scene.says(PersonId("helper-00"), raised.alert, "arrived")


async def test_who_turns_back_loses_channel_room_and_place_and_is_replaced(scene: Stage) -> None:
    alert, one, two, others = await covered(scene)
    before = len(scene.asked(alert))

    answer = await scene.says(one, alert, "decline")

    room = (await scene.state(alert)).room
    assert answer.state == "withdrawn"
    assert set(scene.revoked()) == {(one, f"alert:{alert}"), (one, f"room:{room}")}
    assert (await scene.state(alert)).state == "searching"
    assert set(scene.asked(alert)[before:]) == set(others)
    with pytest.raises(NotFound):
        await scene.state(alert, one)
    assert (await scene.state(alert, two)).place is None


async def test_everybody_has_a_seat_in_the_room(scene: Stage) -> None:
    alert, one, two, _ = await covered(scene)

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
    alert, one, two, _ = await covered(scene)

    hers = await scene.state(alert)
    staff = await scene.state(alert, OPERATOR, staff=True)

    assert [it.name for it in hers.helpers or []] == [one.title(), two.title()]
    assert staff.helpers == hers.helpers
    assert (staff.mine, staff.seat, staff.place) == (False, None, hers.place)


async def test_relations_are_what_access_needs(scene: Stage) -> None:
    alert, one, _, others = await covered(scene)

    async def of(person: PersonId) -> frozenset[Relation]:
        return await scene.read(lambda r: scene.alerts.relations(r, person, alert))

    assert await of(ANNA) == {Relation.HERS}
    assert await of(one) == {Relation.ACCEPTED, Relation.PAIRED}
    assert await of(others[0]) == frozenset()
    assert await scene.read(lambda r: scene.alerts.relations(r, ANNA, "none")) == frozenset()
    assert await scene.read(lambda r: scene.alerts.exists(r, alert))
    assert not await scene.read(lambda r: scene.alerts.exists(r, "none"))


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
    alert, one, two, _ = await covered(scene)
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
    alert, one, _, _ = await covered(scene)

    await scene.write(lambda tx: scene.alerts.refuse(tx, OPERATOR, one))
    await scene.settle()

    assert (await scene.state(alert)).accepted == 1
    assert not await scene.read(lambda r: scene.helpers.is_helper(r, one))
    assert scene.helpers.roster.post(one) is None


# What is kept and what is told.


async def test_every_step_is_in_the_audit_by_ids_only(scene: Stage) -> None:
    alert, one, _, _ = await covered(scene)
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
            transcripts.append(msgspec.json.encode([(str(a), b) for a, b in scene.said]))

    assert transcripts[0] == transcripts[1]
    assert len(transcripts[0]) > 1000


async def test_no_name_phone_note_or_place_is_kept_in_clear(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        await scene.helper("canarname", phone="06 12 34 56 78")
        await scene.exclude(ANNA, phone="07 98 76 54 32")
        await scene.raise_help(note="canarnote", place=Point(lat=48.8567891, lon=2.3522198))

    kept = b"".join(it.read_bytes() for it in tmp_path.iterdir())
    for canary in (b"Canarname", b"canarnote", b"612345678", b"798765432", b"48.8567", b"2.35221"):
        assert canary not in kept
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
    alert, one, _, others = await covered(scene)

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
    assert told == [{"on_duty": 6, "live": 6, "open": 1}]
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
