"""What decides about chats, without a database: risk, order, offers, handing on, hours, words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matching.helpline import machine, transfer
from matching.helpline.choosing import best, choose, load
from matching.helpline.errors import ChatOver, OfferOver, TargetFull, TargetOff
from matching.helpline.estimate import Range
from matching.helpline.machine import NEXT, Event
from matching.helpline.messages import board_of, changed, queue_of, queued, shown
from matching.helpline.order import in_order, interrupted, places, rank
from matching.helpline.rules import HEAD_START, LEVELS, OFFER_FOR, ORANGE
from matching.helpline.triage import ANSWERS, LEVEL, triage
from matching.helpline.values import (
    OVER,
    TALKING,
    Chat,
    ChatId,
    ChatState,
    Ending,
    Handing,
    LineId,
    Operator,
    Way,
)
from realtime.kernel.errors import AppError
from realtime.kernel.ids import PersonId

NOW = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)
ANNA, BEA, CLEO = PersonId("anna"), PersonId("bea"), PersonId("cleo")
SECOND = timedelta(seconds=1)


def a_chat(name: str = "c1", *, level: int = 0, ago: float = 0, **changes: object) -> Chat:
    at = NOW - timedelta(seconds=ago)
    chat = Chat(
        chat=ChatId(name),
        line=LineId("3919"),
        visitor=PersonId(f"she-{name}"),
        room=f"room-{name}",
        state=ChatState.WAITING,
        level=level,
        language="fr",
        asked_at=at,
        rank=rank(at, level),
        since=at,
    )
    return replace(chat, **changes)  # type: ignore[arg-type]


def an_operator(person: PersonId = ANNA, **changes: object) -> Operator:
    operator = Operator(
        person=person,
        on=True,
        trainee=False,
        languages=["fr"],
        skills=[],
        load=0,
        idle_since=NOW - timedelta(hours=1),
    )
    return replace(operator, **changes)  # type: ignore[arg-type]


def active(**changes: object) -> Chat:
    chat = machine.taken(a_chat(), ANNA, NOW)
    return replace(chat, **changes)  # type: ignore[arg-type]


def offered_to(
    waiting: list[Chat], staff: list[Operator], **passed: dict[PersonId, bool]
) -> dict[str, str]:
    found = choose(waiting, staff, {ChatId(it): who for it, who in passed.items()}, NOW)
    return {it.chat.chat: it.to for it in found}


# Risk, and the order.


def test_every_answer_has_a_level_and_is_its_own_reason() -> None:
    assert LEVEL.keys() == ANSWERS
    for answer, level in LEVEL.items():
        assert triage([answer]).level == level
        assert triage([answer]).reasons == (answer,)
    assert max(LEVEL.values()) == ORANGE == LEVELS - 1
    assert triage(["never heard of"]).level == 0
    assert triage(["alone_with_him", "children_here"]).level == 1


def test_danger_goes_first_and_then_who_has_waited_longest() -> None:
    late, early, danger = a_chat("late"), a_chat("early", ago=60), a_chat("danger", level=3)

    assert [it.chat for it in in_order([late, early, danger])] == ["danger", "early", "late"]
    assert places([late, early, danger]) == {"danger": 1, "early": 2, "late": 3}


def test_nobody_is_overtaken_by_who_comes_an_hour_later_whatever_the_danger() -> None:
    she = a_chat("she", ago=HEAD_START[-1].total_seconds() + 1)

    for level in range(LEVELS):
        assert in_order([a_chat("other", level=level), she])[0] is she


def test_she_whose_operator_has_vanished_is_at_the_head() -> None:
    lost = machine.returned(active(), NOW, lost=True)

    assert lost.rank == interrupted(lost.asked_at, lost.level)
    assert in_order([a_chat("danger", level=3, ago=3_600), lost])[0] is lost
    assert (lost.state, lost.operator) == (ChatState.WAITING, None)


# States.


def test_every_state_answers_every_event_or_refuses() -> None:
    for state in ChatState:
        for event in Event:
            if (state, event) in NEXT:
                assert machine.state_after(state, event) is NEXT[state, event]
            else:
                wanted = OfferOver if event in {Event.OFFER, Event.PASS} else ChatOver
                with pytest.raises(wanted):
                    machine.state_after(state, event)


def test_an_offer_is_accepted_by_whom_it_was_made_to_and_in_time() -> None:
    offer = machine.offered(a_chat(), ANNA, NOW + OFFER_FOR, NOW)

    after = machine.accepted(offer, ANNA, NOW + OFFER_FOR - SECOND)

    assert (after.state, after.operator, after.offered_to) == (ChatState.ACTIVE, ANNA, None)
    assert after.answered_at == NOW + OFFER_FOR - SECOND
    assert machine.accepted(after, ANNA, NOW) is after
    for refused, who, at in (
        (offer, BEA, NOW),
        (offer, ANNA, NOW + OFFER_FOR),
        (replace(offer, offer_until=None), ANNA, NOW),
        (after, BEA, NOW),
        (a_chat(), ANNA, NOW),
    ):
        with pytest.raises(OfferOver):
            machine.accepted(refused, who, at)


def test_a_passed_offer_leaves_her_where_she_was() -> None:
    chat = a_chat(ago=30)

    again = machine.passed(machine.offered(chat, ANNA, NOW + OFFER_FOR, NOW), NOW)

    assert (again.rank, again.offered_to, again.offer_until) == (chat.rank, None, None)


def test_the_end_is_said_once() -> None:
    over = machine.ended(active(), Ending.FINISHED, NOW)

    assert (over.state, over.ending, over.ended_at) == (ChatState.WRAP_UP, Ending.FINISHED, NOW)
    assert machine.ended(over, Ending.LEFT, NOW + SECOND) is over
    assert over.over
    assert not active().over
    closed = machine.ended(a_chat(), Ending.ABANDONED, NOW)
    assert (closed.state, closed.ending) == (ChatState.CLOSED, Ending.ABANDONED)


def test_she_is_told_less_than_colleagues() -> None:
    assert {shown(it) for it in OVER} == {"closed"}
    assert {shown(it) for it in TALKING} == {"active", "held"}
    assert shown(ChatState.WAITING) == shown(ChatState.OFFERED) == "waiting"
    told = changed(a_chat(), 2, Range(60, 120))
    assert (told.state, told.place, told.low_s, told.high_s) == ("waiting", 2, 60, 120)
    assert changed(a_chat()).low_s is None
    assert queued(a_chat(exited_at=NOW)).exited


# Who is offered what.


def test_the_one_with_fewest_chats_is_asked_then_the_longest_idle() -> None:
    busy = an_operator(ANNA, load=1)
    fresh = an_operator(BEA, idle_since=NOW)
    idle = an_operator(CLEO)

    assert offered_to([a_chat()], [busy, fresh, idle]) == {"c1": CLEO}
    assert offered_to([a_chat()], [busy, fresh]) == {"c1": BEA}
    assert offered_to([a_chat()], [busy]) == {"c1": ANNA}


def test_nobody_is_offered_more_than_they_may_have() -> None:
    three = [a_chat(f"c{number}") for number in range(3)]

    assert offered_to(three, [an_operator()]) == {"c0": ANNA, "c1": ANNA}
    assert offered_to(three, [an_operator(trainee=True)]) == {"c0": ANNA}
    assert offered_to(three, [an_operator(load=2)]) == {}
    assert offered_to(three, [an_operator(on=False)]) == {}


def test_who_speaks_her_language_is_waited_for_if_on_duty() -> None:
    arabic = a_chat(language="ar")
    speaks = an_operator(BEA, languages=["fr", "ar"])

    assert offered_to([arabic], [an_operator(), speaks]) == {"c1": BEA}
    assert offered_to([arabic], [an_operator(), replace(speaks, load=2)]) == {}
    assert offered_to([arabic], [an_operator()]) == {"c1": ANNA}


def test_danger_is_not_for_who_learns_unless_she_is_alone() -> None:
    learns = an_operator(ANNA, trainee=True)

    assert offered_to([a_chat(level=3)], [learns, an_operator(BEA, load=1)]) == {"c1": BEA}
    assert offered_to([a_chat(level=3)], [learns]) == {"c1": ANNA}
    assert offered_to([a_chat(level=2)], [learns, an_operator(BEA, load=1)]) == {"c1": ANNA}


def test_after_a_while_whoever_is_free_is_better_than_nobody() -> None:
    speaks = an_operator(BEA, languages=["fr", "ar"], load=2)
    learns, full = an_operator(ANNA, trainee=True), an_operator(BEA, load=2)
    minute, five = NOW - timedelta(minutes=1), NOW - timedelta(minutes=5)

    assert offered_to([a_chat(language="ar", asked_at=minute)], [an_operator(), speaks]) == {}
    assert offered_to([a_chat(language="ar", asked_at=five)], [an_operator(), speaks]) == {
        "c1": ANNA
    }
    assert offered_to([a_chat(level=3, asked_at=minute)], [learns, full]) == {"c1": ANNA}
    # Whoever suits her best is still asked first.
    assert offered_to(
        [a_chat(language="ar", asked_at=five)], [an_operator(), replace(speaks, load=1)]
    ) == {"c1": BEA}


def test_who_let_it_pass_a_moment_ago_is_not_asked() -> None:
    staff = [an_operator(ANNA), an_operator(BEA, load=1)]

    assert offered_to([a_chat()], staff, c1={ANNA: True}) == {"c1": BEA}
    assert offered_to([a_chat()], staff, c1={ANNA: True, BEA: True}) == {}
    # Who has only not seen it is asked again when nobody else can have her.
    assert offered_to([a_chat()], staff, c1={ANNA: False}) == {"c1": BEA}
    assert offered_to([a_chat()], staff[:1], c1={ANNA: False}) == {"c1": ANNA}


def test_a_skill_that_was_asked_for_is_looked_for() -> None:
    law = an_operator(BEA, skills=["law"], load=1)

    assert offered_to([a_chat(skill="law")], [an_operator(), law]) == {"c1": BEA}
    assert offered_to([a_chat(skill="law")], [an_operator()]) == {"c1": ANNA}


def test_nobody_is_offered_an_empty_room_or_one_that_is_offered_already() -> None:
    gone = a_chat("gone", exited_at=NOW)
    asked = machine.offered(a_chat("asked"), BEA, NOW + OFFER_FOR, NOW)

    assert offered_to([gone, asked], [an_operator()]) == {}
    assert best(a_chat(), [], {}, NOW) is None


# Handing on.


def test_whom_a_chat_can_be_handed_to() -> None:
    staff = [
        an_operator(ANNA),
        an_operator(BEA, load=1, skills=["law"]),
        an_operator(CLEO, load=2),
        an_operator(PersonId("off"), on=False),
    ]

    assert transfer.target(staff, ANNA, Way.COLD) == BEA
    assert transfer.target(staff, ANNA, Way.WARM, person=BEA) == BEA
    assert transfer.target(staff, ANNA, Way.WARM, skill="law") == BEA
    assert transfer.target(staff, ANNA, Way.CONSULT, person=CLEO) == CLEO
    for wish in ({"person": PersonId("off")}, {"person": ANNA}, {"skill": "none"}):
        with pytest.raises(TargetOff):
            transfer.target(staff, ANNA, Way.COLD, **wish)
    with pytest.raises(TargetFull):
        transfer.target(staff, ANNA, Way.COLD, person=CLEO)


def test_a_cold_transfer_is_the_others_at_once() -> None:
    asked = transfer.proposed(active(), Way.COLD, BEA, NOW)
    assert (asked.operator, asked.next_operator) == (ANNA, BEA)

    after = transfer.agreed(asked, BEA, NOW + SECOND)

    assert (after.operator, after.handing, after.state) == (BEA, None, ChatState.ACTIVE)


def test_in_a_warm_transfer_both_are_there_until_it_is_finished() -> None:
    asked = transfer.proposed(active(), Way.WARM, BEA, NOW)

    both = transfer.agreed(asked, BEA, NOW + SECOND)

    assert (both.operator, both.next_operator) == (ANNA, BEA)
    assert transfer.agreed(both, BEA, NOW + OFFER_FOR) is both
    after = transfer.finished(both, NOW)
    assert (after.operator, after.handing) == (BEA, None)
    assert transfer.refused(both, BEA).operator == ANNA


def test_advice_takes_nothing_from_anybody() -> None:
    asked = transfer.proposed(active(), Way.CONSULT, BEA, NOW)
    advised = transfer.agreed(asked, BEA, NOW + SECOND)

    after = transfer.finished(advised, NOW)

    assert (after.operator, after.handing, advised.next_operator) == (ANNA, None, None)


@pytest.mark.parametrize(
    ("say", "error"),
    [
        (lambda it: transfer.agreed(it, CLEO, NOW), OfferOver),
        (lambda it: transfer.agreed(it, BEA, NOW + OFFER_FOR), OfferOver),
        (lambda it: transfer.refused(active(), BEA), OfferOver),
        (lambda it: transfer.finished(it, NOW), OfferOver),
        (lambda it: transfer.finished(active(), NOW), OfferOver),
        (lambda it: transfer.proposed(a_chat(), Way.COLD, BEA, NOW), ChatOver),
    ],
)
def test_what_cannot_be_handed_on_is_refused(
    say: Callable[[Chat], Chat], error: type[AppError]
) -> None:
    asked = replace(active(), handing=Handing(way=Way.WARM, to=BEA, until=NOW + OFFER_FOR))

    with pytest.raises(error):
        say(asked)


def test_a_chat_counts_for_who_has_it_is_offered_it_or_will_have_it() -> None:
    asked = transfer.proposed(active(), Way.WARM, BEA, NOW)
    advised = transfer.proposed(active(), Way.CONSULT, CLEO, NOW)
    over = replace(active(), state=ChatState.CLOSED)

    assert load([asked, advised, over, a_chat()]) == {ANNA: 2, BEA: 1}
    assert load([machine.offered(a_chat(), CLEO, NOW, NOW)]) == {CLEO: 1}


def test_channels_of_a_line_are_named_after_it() -> None:
    assert queue_of(LineId("3919")) == "queue:3919"
    assert board_of(LineId("3919")) == "board:3919"
