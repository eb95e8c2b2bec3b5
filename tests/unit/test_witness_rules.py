"""What is one event, who is known, who does what, and what is advised: decided, no waiting."""

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.witness import calling, cards, grouping, machine, standing
from alerts.witness.cards import Situation
from alerts.witness.errors import RoleTaken
from alerts.witness.grouping import Said
from alerts.witness.machine import Ending, Parts
from alerts.witness.standing import Budgets, Mark
from alerts.witness.values import (
    As,
    Event,
    EventId,
    Kind,
    Outcome,
    Role,
    RoleState,
    Standing,
    State,
    Where,
)
from realtime.kernel.ids import PersonId
from tests.support.transport import T1, T2, stop_id
from tests.support.witnessing import EVENT, HERE, NETWORK, NOW, RIDE, later, report

# One event.


def said(**changes: object) -> Said:
    made = Said(
        at=later(60), line=T1, direction=0, stop=None, car="", where=Where(at=later(60), ride=RIDE)
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def same(one: Said, event: Event = EVENT, where: Where | None = None) -> bool:
    about = where or Where(at=NOW, ride=RIDE)
    return grouping.found(one, [(event, about)], NETWORK.apart_m) is not None


def test_nothing_speaks_against_it() -> None:
    assert same(said())
    assert same(said(direction=None, car="3"))
    assert same(said(car="voiture 3"), replace(EVENT, car="N° 3"))
    assert same(said(where=None))
    # Near the stop that somebody says.
    stop = replace(RIDE, along_m=3_600, confidence=0.0)
    assert same(said(where=Where(at=later(60), ride=stop)))
    assert grouping.found(said(), [(EVENT, None)], NETWORK.apart_m) is EVENT


@pytest.mark.parametrize(
    ("one", "event"),
    [
        (said(line=T2), EVENT),
        (said(direction=1), EVENT),
        (said(car="4"), replace(EVENT, car="3")),
        (said(at=later(601)), EVENT),
        (said(at=later(1_900)), replace(EVENT, last_at=later(1_800))),
        (said(), replace(EVENT, state=State.CLOSED)),
        (said(), replace(EVENT, drill=True)),
        (said(where=Where(at=later(60), ride=replace(RIDE, along_m=5_000))), EVENT),
        (said(where=Where(at=later(60), ride=replace(RIDE, line=T2))), EVENT),
        (said(where=Where(at=NOW, ride=replace(RIDE, along_m=4_200, confidence=0.0))), EVENT),
        (said(line=None, stop=stop_id(1)), EVENT),
        (said(line=None, stop=stop_id(1)), replace(EVENT, line=None, stop=stop_id(2))),
    ],
)
def test_something_speaks_against_it(one: Said, event: Event) -> None:
    assert not same(one, event)


def test_at_a_stop_or_in_a_neighbourhood() -> None:
    at_stop = replace(EVENT, line=None, stop=stop_id(1))

    assert same(said(line=None, stop=stop_id(1)), at_stop)
    assert same(said(stop=stop_id(1)), at_stop)
    assert same(said(line=None), replace(EVENT, line=None))


def test_the_nearest_event_then_the_newest() -> None:
    far = replace(EVENT, event=EventId("far"), last_at=later(50))
    near_one = replace(EVENT, event=EventId("near"))
    by_hand = replace(EVENT, event=EventId("by hand"), last_at=later(59))
    around = [
        (far, Where(at=NOW, ride=replace(RIDE, along_m=3_500))),
        (near_one, Where(at=NOW, ride=replace(RIDE, along_m=3_100))),
        (by_hand, None),
    ]

    assert grouping.found(said(), around, NETWORK.apart_m) is near_one
    newest = grouping.found(said(where=None), [(EVENT, None), (by_hand, None)], NETWORK.apart_m)
    assert newest is by_hand


def test_what_is_looked_for() -> None:
    assert grouping.ground_of(None, stop_id(1), "area") == "stop demo:T1-1"
    assert grouping.ground_of(None, None, "88…") == "area 88…"


def test_the_word_of_a_phone_that_is_there_stands_before_word_alone() -> None:
    liar = report("a", kind=Kind.OTHER, car="9", stop=stop_id(1), placed=False)
    hers = report("b", kind=Kind.SEXUAL, at=later(9))

    found = grouping.summed_up([liar, hers])
    alone = grouping.summed_up([liar])

    assert found is not None
    assert alone is not None
    assert (found.first, found.kind, found.car, found.stop) == ("b", Kind.SEXUAL, "", None)
    assert (alone.car, alone.stop) == ("9", stop_id(1))


def test_the_word_of_who_is_known_stands_before_the_first() -> None:
    first = report("a", kind=Kind.OTHER, car="3", at=NOW, role=As.VICTIM, placed=True)
    known = report("b", standing=Standing.KNOWN, kind=Kind.SEXUAL, at=later(9), stop=stop_id(1))
    back = report("c", withdrawn=True, car="9")

    found = grouping.summed_up([first, known, back])

    assert found is not None
    assert (found.first, found.kind, found.car, found.stop) == ("b", Kind.SEXUAL, "3", stop_id(1))
    assert (found.reports, found.victims, found.placed) == (2, 1, True)
    assert grouping.summed_up([back]) is None


@pytest.mark.parametrize(("left_s", "minutes"), [(None, 30), (7_200, 30), (720, 12), (60, 5)])
def test_until_the_end_of_the_trip_or_half_an_hour(left_s: float | None, minutes: int) -> None:
    assert grouping.until(NOW, NOW, left_s) == NOW + timedelta(minutes=minutes)


def test_an_event_is_an_hour_long_at_most() -> None:
    assert grouping.until(NOW, later(3_000), None) == NOW + timedelta(hours=1)


# Who is known.


def marks(*kinds: tuple[bool, int]) -> list[Mark]:
    return [Mark(good=good, at=NOW - timedelta(days=days)) for good, days in kinds]


@pytest.mark.parametrize(
    ("found", "vetted", "wanted"),
    [
        (marks(), False, Standing.NEW),
        (marks(), True, Standing.KNOWN),
        (marks((True, 10)), False, Standing.KNOWN),
        (marks((True, 181)), False, Standing.NEW),
        (marks((False, 0)), True, Standing.NEW),
        (marks((False, 31)), True, Standing.KNOWN),
        (marks((False, 0), (False, 20)), True, Standing.DOUBTED),
        (marks((False, 30), (False, 60), (True, 1)), False, Standing.NEW),
        (marks((False, 181), (False, 181)), True, Standing.KNOWN),
    ],
)
def test_what_an_account_is(found: list[Mark], vetted: bool, wanted: Standing) -> None:
    assert standing.standing(found, vetted=vetted, now=NOW) is wanted


def test_two_reports_are_two_people_s() -> None:
    a, b = report("a"), report("b")

    assert standing.independent(a, b)
    assert not standing.independent(a, report("a", origin="another"))
    assert not standing.independent(a, report("b", origin="from a"))
    assert standing.independent(a, report("b", origin=""))
    assert standing.independent(report("a", origin=""), b)


def test_fifty_who_are_new_confirm_nothing() -> None:
    sybils = [report(f"sybil-{it}", at=later(it)) for it in range(50)]

    assert not standing.confirmed_by(sybils)
    assert not standing.confirmed_by([*sybils, report("d", standing=Standing.DOUBTED)])
    assert standing.confirmed_by([*sybils, report("k", standing=Standing.KNOWN)])
    # One who is known says it alone; with herself at another address; with one who took it back.
    known = report("k", standing=Standing.KNOWN)
    assert not standing.confirmed_by([known])
    assert not standing.confirmed_by([known, report("z", origin="from k")])
    assert not standing.confirmed_by([known, report("z", withdrawn=True)])


@pytest.mark.parametrize(
    ("before", "now", "further"),
    [
        (EVENT, EVENT, False),
        (replace(EVENT, placed=False), EVENT, True),
        (replace(EVENT, standing=Standing.DOUBTED), EVENT, True),
        (replace(EVENT, withheld=True), EVENT, True),
    ],
)
def test_who_is_there_is_carried_further_than_who_lied_first(
    before: Event, now: Event, further: bool
) -> None:
    assert standing.carries_further(before, now) is further


def test_where_disturbed_people_are_counted() -> None:
    placed = standing.budgets(EVENT, HERE, {"x", "", "y"})
    word = standing.budgets(replace(EVENT, line=None, stop=stop_id(1), placed=False), None, ())

    assert [it.split()[0] for it in placed.near] == ["line", "cell", "from", "from"]
    assert set(placed.charged) == set(placed.all) - {placed.by_hand}
    assert word.near == ("stop demo:T1-1",)
    assert set(word.charged) == set(word.all)


def allowed(*, placed: bool, near: int = 0, by_hand: int = 0, network: int = 0) -> int:
    names = Budgets(near=("line", "cell"), by_hand="hand", network="network", placed=placed)
    return standing.allowance(names, {"line": near, "hand": by_hand, "network": network})


def test_five_in_one_place_two_by_word_and_five_in_all() -> None:
    assert allowed(placed=True) == 5
    assert allowed(placed=True, near=5, network=5) == 0
    assert allowed(placed=True, near=6) == 0
    assert allowed(placed=True, by_hand=2, network=2) == 3
    assert allowed(placed=True, network=18) == 2
    assert allowed(placed=False) == 2
    assert allowed(placed=False, network=4) == 1
    assert allowed(placed=False, near=5) == 0
    assert allowed(placed=False, by_hand=2, network=2) == 0


# Parts.


ANNA, CLEO = PersonId("anna"), PersonId("cleo")


def test_a_part_is_one_person_s() -> None:
    parts = machine.claimed(Parts(), ANNA, Role.CALL)

    with pytest.raises(RoleTaken):
        machine.claimed(parts, CLEO, Role.CALL)
    assert parts.of(ANNA) is Role.CALL
    assert parts.of(CLEO) is None
    assert parts.free == [Role.DISTRACT, Role.SIT, Role.DRIVER, Role.DOCUMENT]
    other = machine.claimed(parts, ANNA, Role.SIT, done=True)
    assert other.states[Role.CALL] is RoleState.FREE
    assert other.states[Role.SIT] is RoleState.DONE
    assert machine.claimed(other, ANNA, Role.SIT) == other
    assert machine.claimed(parts, ANNA, Role.CALL, done=True).state(Role.CALL) is RoleState.DONE
    assert machine.released(other, ANNA) == Parts()
    assert machine.released(other, CLEO) == other


@pytest.mark.parametrize(
    ("ending", "said_so", "state", "outcome"),
    [
        (Ending.CLOSE, Outcome.AGENTS, State.CLOSED, Outcome.AGENTS),
        (Ending.CLOSE, None, State.CLOSED, Outcome.HELPED),
        (Ending.FALSE, None, State.CLOSED, Outcome.FALSE_ALARM),
        (Ending.CANCEL, None, State.CANCELLED, Outcome.CANCELLED),
        (Ending.EXPIRE, None, State.EXPIRED, Outcome.EXPIRED),
    ],
)
def test_how_it_ends(
    ending: Ending, said_so: Outcome | None, state: State, outcome: Outcome
) -> None:
    assert machine.state_after(ending) is state
    assert machine.outcome_after(ending, said_so) is outcome


# The card.


def parts_of(**changes: object) -> list[str]:
    found = cards.card(Situation(**({"kind": Kind.VERBAL} | changes)))  # type: ignore[arg-type]
    return [it.words for it in found]


def test_alone_before_violence_nobody_steps_between() -> None:
    for kind in (Kind.PHYSICAL, Kind.SEXUAL):
        assert parts_of(kind=kind) == [
            "card.call_now", "card.driver", "card.sit", "card.document"
        ]  # fmt: skip
        assert "card.distract_together" in parts_of(kind=kind, alone=False)


def test_the_card_fits_what_happens() -> None:
    assert parts_of() == [
        "card.distract", "card.sit", "card.call", "card.driver", "card.document"
    ]  # fmt: skip
    assert parts_of(kind=Kind.FOLLOWED)[:2] == ["card.sit", "card.distract_followed"]
    assert parts_of(alone=False)[:2] == ["card.distract_together", "card.sit_together"]
    assert "card.document_crowded" in parts_of(crowded=True)
    assert "card.driver_night" in parts_of(night=True)


@pytest.mark.parametrize(
    ("hour", "night"), [(20, False), (21, True), (23, True), (4, True), (5, False)]
)
def test_night_is_what_the_clock_of_paris_says(hour: int, night: bool) -> None:
    assert cards.is_night(NOW.replace(hour=hour)) is night


def test_the_message_says_what_is_known_and_no_more() -> None:
    assert calling.text(Kind.OTHER, NOW) == "21h00 : une femme est en difficulté."
    text = calling.text(Kind.SEXUAL, NOW, line="T1", stop="Gare", ahead="Port")
    assert text == "21h00, ligne T1, arrêt Gare : violences sexuelles."
