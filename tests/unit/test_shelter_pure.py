"""What decides about rooms, without a database: nights, holds, aliases, hotels asked in waves."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random

import pytest

from matching.shelter.alias import FIRST_NAMES, INITIALS, WORDS, Alias, arrival_code, invent
from matching.shelter.asking import machine as asking
from matching.shelter.asking.machine import AskState, Fit, Phase, Round
from matching.shelter.errors import (
    AlreadyExtended,
    AskCovered,
    HoldEnded,
    NotApproved,
)
from matching.shelter.holds import machine
from matching.shelter.holds.machine import NEXT, Event
from matching.shelter.inventory.freshness import Freshness, freshness
from matching.shelter.night import asks_again, at, begins, night_of
from matching.shelter.rules import (
    AGING_FOR,
    ASKED_FOR,
    FRESH_FOR,
    HOLD_MINUTES,
    NIGHTS_ALONE,
    NIGHTS_MOST,
    WAVE,
    WAVE_EVERY,
    WAVES_MOST,
    held_for,
)
from matching.shelter.values import (
    ALIVE,
    AskId,
    Count,
    Hold,
    HoldId,
    HoldState,
    HotelId,
    Household,
    KindId,
    NeedId,
    area_of,
)
from realtime.kernel.errors import LimitExceeded, Malformed, NotAllowed, NotFound
from realtime.kernel.ids import Ids
from tests.support.sheltering import a_hotel

NOW = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
TONIGHT = date(2026, 11, 25)


def a_hold(state: HoldState = HoldState.HELD, **changes: object) -> Hold:
    hold = Hold(
        hold=HoldId("hold"),
        need=NeedId("need"),
        hotel=HotelId("h1"),
        kind=KindId("k1"),
        first=TONIGHT,
        nights=1,
        state=state,
        alias="Nora B.",
        word="nuage",
        held_at=NOW,
        expires_at=NOW + timedelta(minutes=90),
        extended=False,
        price_cents=6_000,
        budget=None,
        approved=True,
        by="anna",
        ended_at=None if state in ALIVE else NOW,
    )
    return replace(hold, **changes)  # type: ignore[arg-type]  # fields of a hold


# Values.


def test_a_household_is_told_as_a_shape() -> None:
    household = Household(adults=1, children=(0, 1, 2, 9), pets=1, wheelchair=True)

    shape = household.shape

    assert (household.beds, household.cots) == (3, 2)
    assert (shape.people, shape.children, shape.cots) == (5, 4, 2)
    assert (shape.pets, shape.wheelchair) == (1, True)
    assert "9" not in repr(shape)


def test_what_is_free_is_derived() -> None:
    assert Count(total=5, occupied=2, held=1).free == 2


def test_a_hotel_is_of_its_departement() -> None:
    assert a_hotel().area == "75"
    assert [area_of(it) for it in ("98818", "01001")] == ["988", "01"]


# Nights.


@pytest.mark.parametrize(
    ("moment", "night"),
    [
        # 29 March: two in the morning becomes three. Six o'clock is at 04:00 UTC, not 05:00.
        ("2026-03-29T03:59:59", "2026-03-28"),
        ("2026-03-29T04:00:00", "2026-03-29"),
        ("2026-03-28T04:59:59", "2026-03-27"),
        ("2026-03-28T05:00:00", "2026-03-28"),
        # 25 October: three in the morning becomes two, and the hour comes twice.
        ("2026-10-25T00:30:00", "2026-10-24"),
        ("2026-10-25T01:30:00", "2026-10-24"),
        ("2026-10-25T04:59:59", "2026-10-24"),
        ("2026-10-25T05:00:00", "2026-10-25"),
        ("2026-10-24T04:00:00", "2026-10-24"),
    ],
)
def test_a_night_begins_at_six_in_paris_on_the_odd_nights_too(moment: str, night: str) -> None:
    assert night_of(datetime.fromisoformat(moment).replace(tzinfo=UTC)).isoformat() == night


def test_the_odd_nights_are_an_hour_shorter_and_an_hour_longer() -> None:
    def hours(day: date) -> float:
        return (begins(day + timedelta(days=1)) - begins(day)).total_seconds() / 3600

    assert [hours(date(2026, 3, day)) for day in (27, 28, 29)] == [24, 23, 24]
    assert [hours(date(2026, 10, day)) for day in (23, 24, 25)] == [24, 25, 24]


def test_every_moment_of_a_year_is_in_the_night_that_has_begun_last() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    while moment.year == 2026:
        night = night_of(moment)
        assert begins(night) <= moment < begins(night + timedelta(days=1))
        moment += timedelta(minutes=47)


def test_the_hour_of_rollover_can_be_another() -> None:
    early = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)

    assert night_of(early, time(4)) == TONIGHT
    assert begins(TONIGHT, time(4)) == early


def test_a_desk_is_asked_at_six_and_at_ten() -> None:
    six, ten = at(TONIGHT, time(18)), at(TONIGHT, time(22))
    second = timedelta(seconds=1)

    assert not asks_again(None, six - second)
    assert asks_again(None, six)
    assert asks_again(six - second, six)
    assert not asks_again(six, ten - second)
    assert asks_again(six, ten)
    assert not asks_again(ten, begins(TONIGHT + timedelta(days=1)) - second)


def test_what_a_desk_said_ages() -> None:
    def told(ago: timedelta) -> Freshness:
        return freshness(NOW - ago, NOW)

    moment = timedelta(milliseconds=1)
    assert told(FRESH_FOR - moment) is Freshness.FRESH
    assert told(FRESH_FOR) is told(AGING_FOR - moment) is Freshness.AGING
    assert told(AGING_FOR) is freshness(None, NOW) is Freshness.STALE


def test_a_room_is_kept_longer_for_who_is_far() -> None:
    assert held_for(1e9) == timedelta(minutes=180)
    assert held_for(15_000) == timedelta(minutes=HOLD_MINUTES)


# Holds.


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("state", HoldState)
def test_nothing_happens_to_a_hold_but_what_the_table_says(state: HoldState, event: Event) -> None:
    hold = a_hold(state)
    if (state, event) not in NEXT:
        with pytest.raises(HoldEnded):
            machine.after(hold, event, NOW)
        return

    changed = machine.after(hold, event, NOW)

    assert changed.state is NEXT[state, event]
    assert changed.alive is (changed.ended_at is None)
    # What is over stays over, and stays as it was.
    assert hold.alive or changed == hold


def test_a_hold_is_extended_once_whatever_happens_in_between() -> None:
    longer = machine.after(a_hold(), Event.EXTEND, NOW)
    confirmed = machine.after(longer, Event.CONFIRM, NOW)

    assert longer.expires_at == NOW + timedelta(minutes=90 + HOLD_MINUTES)
    for it in (longer, confirmed):
        with pytest.raises(AlreadyExtended):
            machine.after(it, Event.EXTEND, NOW)


def test_a_long_stay_waits_for_a_second_person() -> None:
    asked = a_hold(nights=NIGHTS_ALONE + 1, approved=False)
    with pytest.raises(NotApproved):
        machine.after(asked, Event.CONFIRM, NOW)
    with pytest.raises(NotAllowed):
        machine.approved(asked, "anna")

    agreed = machine.approved(asked, "bea")

    assert machine.after(agreed, Event.CONFIRM, NOW).state is HoldState.CONFIRMED
    assert machine.approved(agreed, "anna") == agreed
    with pytest.raises(HoldEnded):
        machine.approved(a_hold(HoldState.LEFT), "bea")


def test_more_nights() -> None:
    stay = a_hold(HoldState.ARRIVED, nights=NIGHTS_ALONE - 1)

    longer = machine.more(stay, 1, "bea")
    too_long_alone = machine.more(stay, 2, "bea")

    assert (longer.nights, longer.approved, longer.by) == (NIGHTS_ALONE, True, "bea")
    assert not too_long_alone.approved
    # Whoever asked for more is not who agrees.
    with pytest.raises(NotAllowed):
        machine.approved(too_long_alone, "bea")
    with pytest.raises(LimitExceeded):
        machine.more(stay, NIGHTS_MOST, "bea")
    with pytest.raises(Malformed):
        machine.more(stay, 0, "bea")
    with pytest.raises(HoldEnded):
        machine.more(a_hold(), 1, "bea")


@pytest.mark.parametrize("state", HoldState)
def test_time_ends_every_hold_that_nobody_ends(state: HoldState) -> None:
    hold = a_hold(state)
    event, due = machine.timely(hold), machine.due(hold)

    assert (event is None) is (due is None) is (not hold.alive)
    if event is not None and due is not None:
        assert not machine.after(hold, event, due).alive


def test_a_stay_is_over_at_noon_after_its_last_night() -> None:
    # Two nights over the night that is an hour longer.
    stay = a_hold(HoldState.ARRIVED, first=date(2026, 10, 23), nights=2)

    assert machine.ends(stay) == datetime(2026, 10, 25, 11, 0, tzinfo=UTC)


def test_when_a_hotel_expects_her() -> None:
    morning = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    early = a_hold(held_at=morning, expires_at=morning + timedelta(minutes=90))
    late = a_hold(held_at=NOW + timedelta(hours=2))

    confirmed = machine.after(early, Event.CONFIRM, morning)
    at_midnight = machine.after(late, Event.CONFIRM, NOW + timedelta(hours=3))

    # From two in the afternoon to ten, or four hours from the hotel's yes.
    assert machine.arrives_from(early) == datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
    assert machine.arrives_until(early) == machine.arrives_until(confirmed)
    assert confirmed.expires_at == datetime(2026, 11, 25, 21, 0, tzinfo=UTC)
    assert machine.arrives_from(late) == late.held_at
    assert at_midnight.expires_at == NOW + timedelta(hours=7)


# Aliases.


def test_nobody_alive_in_one_hotel_has_the_same_name_or_word() -> None:
    chance, taken = Random(7), list[Alias]()
    # More than there are words.
    for _ in range(3 * len(WORDS)):
        taken.append(invent(taken, chance))

    assert len({it.name for it in taken}) == len({it.word for it in taken}) == len(taken)
    assert len(FIRST_NAMES) * len(INITIALS) > 1_000
    assert len(set(FIRST_NAMES)) == len(FIRST_NAMES)
    assert len(set(WORDS)) == len(WORDS)


def test_codes_have_six_figures_whatever_they_are() -> None:
    codes = {arrival_code(Random(seed)) for seed in range(200)}

    assert {len(it) for it in codes} == {6}
    assert all(it.isdecimal() for it in codes)
    assert len(codes) > 195


# Hotels asked in waves.

FITS = [Fit(HotelId(f"h{number:02d}"), KindId(f"k{number:02d}")) for number in range(60)]


def ids() -> Ids:
    numbers = count(1)
    return lambda: f"ask-{next(numbers)}"


def a_round() -> Round:
    return asking.begun(None, NeedId("need"), NOW)


def states(of: Round) -> list[str]:
    return [it.state.value for it in of.asks]


def test_waves_of_five_every_three_minutes_up_to_the_last() -> None:
    current, now, new = a_round(), NOW, ids()
    waves = []
    assert asking.next_look(current) == NOW
    while current.phase is Phase.ASKING:
        current = asking.looked(current, FITS, now, new)
        waves.append(len(current.asks))
        now = asking.next_look(current) or now

    assert waves == [WAVE * wave for wave in range(1, WAVES_MOST + 1)] + [WAVE * WAVES_MOST]
    assert now == NOW + ASKED_FOR
    assert set(states(current)) == {"over"}
    assert asking.looked(current, FITS, now, new) == current


def test_the_best_are_asked_first_and_nobody_twice() -> None:
    first = asking.looked(a_round(), FITS, NOW, ids())
    second = asking.looked(first, list(reversed(FITS[:8])), NOW + WAVE_EVERY, ids())

    assert [it.hotel for it in first.asks] == [it.hotel for it in FITS[:5]]
    assert [it.hotel for it in second.asks[5:]] == ["h07", "h06", "h05"]


def test_when_nobody_is_left_it_looks_again_and_ends_in_time() -> None:
    dry = asking.looked(a_round(), [], NOW, ids())

    assert (dry.wave, dry.dry) == (0, True)
    assert asking.next_look(dry) == NOW + WAVE_EVERY
    late = asking.looked(dry, [], NOW + ASKED_FOR - WAVE_EVERY / 2, ids())
    assert asking.next_look(late) == NOW + ASKED_FOR
    assert asking.looked(late, [], NOW + ASKED_FOR, ids()).phase is Phase.OVER


def test_all_have_said_no() -> None:
    current, new = asking.looked(a_round(), FITS, NOW, ids()), ids()
    for it in current.asks:
        assert asking.next_look(current) == NOW + WAVE_EVERY
        current = asking.declined(current, it.ask)
    assert asking.next_look(current) == NOW
    assert asking.declined(current, current.asks[0].ask) == current

    # In the last wave too: nobody is waited for.
    current = replace(current, wave=WAVES_MOST)
    assert asking.looked(current, FITS, NOW, new).phase is Phase.OVER


def test_the_first_yes_wins() -> None:
    current = asking.looked(a_round(), FITS, NOW, ids())
    no, yes, late = (it.ask for it in current.asks[:3])
    current = asking.declined(current, no)

    won = asking.accepted(current, yes)

    assert won.phase is Phase.ACCEPTED
    assert states(won) == ["declined", "accepted", "covered", "covered", "covered"]
    assert asking.next_look(won) is None
    assert asking.accepted(won, yes) == won
    for ask in (no, late):
        with pytest.raises(AskCovered):
            asking.accepted(won, ask)
    with pytest.raises(NotFound):
        won.ask(AskId("unknown"))


def test_who_needs_no_room_any_more_stops_it_once() -> None:
    current = asking.looked(a_round(), FITS, NOW, ids())

    stopped = asking.stopped(current)

    assert set(states(stopped)) == {"covered"}
    assert asking.stopped(stopped) == stopped


def test_it_may_begin_again_and_who_said_no_is_left_in_peace() -> None:
    current = asking.looked(a_round(), FITS, NOW, ids())
    current = asking.declined(current, current.asks[0].ask)
    assert asking.begun(current, NeedId("need"), NOW) == current
    later = NOW + timedelta(hours=2)
    over = asking.looked(current, FITS, later, ids())

    again = asking.looked(asking.begun(over, NeedId("need"), later), FITS, later, ids())

    open_now = [it.hotel for it in again.asks if it.state is AskState.OPEN]
    assert open_now == ["h01", "h02", "h03", "h04", "h05"]
