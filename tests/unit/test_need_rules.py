"""A need for a room: what its state follows from, how it climbs, what an option stands for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from alerts.shelter.escalation import LADDER, Rung, climbs, higher, ladder_from, starts_again
from alerts.shelter.guard.rules import Verdict, judge
from alerts.shelter.machine import ENDED, NeedPhase, Outcome, ended, left_alone, progressed, waits
from alerts.shelter.rules import (
    asked_after,
    gives_up,
    how_many,
    night_wanted,
    second_person,
    whole_km,
)
from alerts.shelter.tokens import Tokens
from alerts.shelter.values import (
    By,
    Details,
    Need,
    SealedInside,
    SealedNear,
    sealed_zone,
    wanted_by,
    zone_of,
)
from geo.cells import Cell
from matching.shelter.rules import REVEALS
from matching.shelter.values import HoldState, HotelId, Inside, KindId, Near, NeedId
from realtime.kernel.ids import PersonId
from tests.unit.test_shelter_pure import a_hold

#: Ten in the evening in Paris.
EVENING = datetime(2026, 11, 25, 21, 0, tzinfo=UTC)
TONIGHT = date(2026, 11, 25)


def a_need(phase: NeedPhase = NeedPhase.SEARCHING) -> Need:
    return Need(
        need=NeedId("n-1"),
        asker=PersonId("anna"),
        by=By.SELF,
        phase=phase,
        asked_at=EVENING,
        first=TONIGHT,
        nights=2,
        area="75",
        asking=False,
        escalation=None,
    )


@pytest.mark.parametrize(
    ("hold", "phase"),
    [
        (None, NeedPhase.SEARCHING),
        (HoldState.HELD, NeedPhase.HELD),
        (HoldState.CONFIRMED, NeedPhase.CONFIRMED),
        (HoldState.ARRIVED, NeedPhase.ARRIVED),
        (HoldState.LEFT, NeedPhase.SAFE),
        (HoldState.DECLINED, NeedPhase.SEARCHING),
        (HoldState.EXPIRED, NeedPhase.SEARCHING),
        (HoldState.CANCELLED, NeedPhase.SEARCHING),
        (HoldState.NO_SHOW, NeedPhase.SEARCHING),
    ],
)
def test_the_state_follows_from_the_room_held_for_it(
    hold: HoldState | None, phase: NeedPhase
) -> None:
    for before in NeedPhase:
        assert progressed(before, hold) is (before if before in ENDED else phase)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_what_has_ended_stays_as_it_was(outcome: Outcome) -> None:
    for before in NeedPhase:
        after = ended(before, outcome)
        assert after is (before if before in ENDED else NeedPhase(outcome.value))
        assert after in ENDED


def test_whoever_had_arrived_was_sheltered() -> None:
    assert left_alone(NeedPhase.ARRIVED) is Outcome.SAFE
    assert left_alone(NeedPhase.SEARCHING) is Outcome.UNMET


def test_the_ladder_is_five_ten_twenty_thirty_minutes() -> None:
    assert [(it.total_seconds() / 60, rung.value) for it, rung in LADDER] == [
        (5, "operators"),
        (10, "again"),
        (20, "supervisor"),
        (30, "duty"),
    ]
    assert ladder_from(EVENING)[0] == (Rung.OPERATORS, EVENING + timedelta(minutes=5))


def test_a_held_room_is_not_yet_a_bed() -> None:
    """Until a hotel has said yes, the ladder goes on."""
    assert [it.value for it in NeedPhase if climbs(it)] == ["searching", "held"]
    assert all(waits(it) is climbs(it) for it in NeedPhase)


def test_the_ladder_starts_again_when_a_hotel_takes_its_word_back() -> None:
    assert starts_again(NeedPhase.CONFIRMED, NeedPhase.SEARCHING)
    assert not starts_again(NeedPhase.HELD, NeedPhase.SEARCHING)
    assert not starts_again(NeedPhase.CONFIRMED, NeedPhase.ARRIVED)


def test_the_ladder_is_not_climbed_down() -> None:
    for low, rung in enumerate(Rung):
        assert higher(None, rung) is rung
        for high in list(Rung)[low:]:
            assert higher(high, rung) is higher(rung, high) is high


def test_the_eleventh_address_locks_and_one_that_is_known_costs_nothing() -> None:
    verdicts = [judge(others=it, again=False, locked=False) for it in range(REVEALS + 1)]

    assert verdicts == [Verdict.OPEN] * REVEALS + [Verdict.LOCK]
    assert judge(others=REVEALS, again=True, locked=False) is Verdict.OPEN
    assert judge(others=0, again=True, locked=True) is Verdict.LOCKED


def test_a_night_that_is_over_is_not_looked_for() -> None:
    morning = datetime(2026, 11, 26, 5, 0, tzinfo=UTC)

    assert night_wanted(TONIGHT, EVENING) == TONIGHT
    assert night_wanted(TONIGHT, morning) == date(2026, 11, 26)
    assert night_wanted(date(2026, 12, 1), EVENING) == date(2026, 12, 1)
    assert gives_up(TONIGHT, EVENING) == morning


def test_she_is_asked_after_in_the_morning() -> None:
    assert asked_after(TONIGHT, 1) == datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


def test_few_rooms_are_counted_and_many_are_not() -> None:
    assert [how_many(it) for it in (0, 1, 2, 3, 12)] == ["0", "1", "2", "3+", "3+"]
    assert [whole_km(it) for it in (0, 400, 1_600)] == [1, 1, 2]


def test_an_option_stands_for_a_room_in_one_need_and_for_a_while() -> None:
    tokens, other = Tokens(b"k" * 32), Tokens(b"x" * 32)
    here, there = HotelId("h-1"), HotelId("h-2")
    made = {
        tokens.option(NeedId("n-1"), 0, here, KindId("k-1")),
        tokens.option(NeedId("n-2"), 0, here, KindId("k-1")),
        tokens.option(NeedId("n-1"), 1, here, KindId("k-1")),
        tokens.option(NeedId("n-1"), 0, there, KindId("k-1")),
        tokens.option(NeedId("n-1"), 0, here, KindId("k-2")),
        other.option(NeedId("n-1"), 0, here, KindId("k-1")),
        tokens.handle(here),
        other.handle(here),
    }

    assert len(made) == 8
    assert all(len(it) == 32 and "h-1" not in it for it in made)
    one = tokens.option(NeedId("n-1"), 0, here, KindId("k-1"))
    assert tokens.same(one, tokens.option(NeedId("n-1"), 0, here, KindId("k-1")))
    assert not tokens.same("0" * 32, one)


def test_what_is_sealed_is_what_is_looked_for() -> None:
    near = Near(lat=48.8, lon=2.3, radius_m=2_000.0)
    inside = Inside(((48.0, 2.0), (48.1, 2.0), (48.1, 2.1)))
    details = Details(
        cell=Cell("891fb466257ffff"),
        adults=1,
        children=[1, 7],
        pets=1,
        zones=[sealed_zone(near), sealed_zone(inside)],
        bearing=90.0,
    )

    wanted = wanted_by(a_need(), details, first=TONIGHT, most_cents=8_000)

    assert [type(it) for it in details.zones] == [SealedNear, SealedInside]
    assert [zone_of(it) for it in details.zones] == [near, inside]
    assert wanted.zones == (near, inside)
    assert (wanted.household.beds, wanted.household.cots) == (2, 1)
    assert (wanted.first, wanted.nights, wanted.bearing) == (TONIGHT, 2, 90.0)
    assert wanted.most_cents == 8_000


def test_a_need_knows_whether_it_is_over_and_its_key() -> None:
    assert not a_need().ended
    assert a_need(NeedPhase.UNMET).ended
    assert a_need().key == "need:n-1"


def test_neither_who_asked_nor_who_took_the_room_agrees_to_a_long_stay() -> None:
    hold, asker = a_hold(), PersonId("asker")
    others = (asker, PersonId(hold.by), PersonId("other"))

    assert [second_person(hold, asker, it) for it in others] == [False, False, True]
