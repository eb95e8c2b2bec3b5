"""Who is on duty, in memory."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from geo.cells import Cell
from matching.helpers.roster import Roster
from matching.helpers.rules import TALLY_EVERY
from matching.helpers.tally import next_beat
from matching.helpers.values import Post
from realtime.kernel.ids import PersonId

ANNA = PersonId("anna")
HERE, THERE = Cell("871fb4662ffffff"), Cell("871fb4663ffffff")

people = st.sampled_from([PersonId(it) for it in "abcd"])
zones = st.none() | st.sampled_from([HERE, THERE])


def test_the_view_by_zone_follows_the_changes() -> None:
    roster = Roster()
    zones = roster.zones

    roster.put(ANNA, Post(1, HERE))
    first = {zone: set(here) for zone, here in zones.items()}
    roster.put(ANNA, Post(3, THERE))

    assert first == {HERE: {ANNA}}
    assert dict(zones) == {THERE: {ANNA}}
    assert roster.post(ANNA) == Post(3, THERE)


def test_somebody_off_duty_leaves_no_trace() -> None:
    roster = Roster()
    roster.put(ANNA, Post(1, HERE))

    roster.remove(ANNA)
    roster.remove(ANNA)

    assert (len(roster), list(roster), dict(roster.zones)) == (0, [], {})


@given(st.lists(st.tuples(people, zones), max_size=40))
def test_zones_and_posts_always_agree(changes: list[tuple[PersonId, Cell | None]]) -> None:
    roster, model = Roster(), dict[PersonId, Cell]()

    for person, zone in changes:
        if zone is None:
            roster.remove(person)
            model.pop(person, None)
        else:
            roster.put(person, Post(0, zone))
            model[person] = zone

    assert {person: zone for zone, here in roster.zones.items() for person in here} == model
    assert set(roster) == set(model)
    assert all(roster.zones.values())


@given(st.datetimes(datetime(2026, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  # the zone is added
def test_a_beat_is_soon_and_the_same_for_all_before_it(now: datetime) -> None:
    beat = next_beat(now)

    assert timedelta(0) < beat - now <= TALLY_EVERY
    assert next_beat(beat - timedelta(microseconds=1)) == beat
