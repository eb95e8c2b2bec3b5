"""Whatever happens in whatever order: nobody starves, none is offered to two, none has too many."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from matching.helpline import choosing, machine, transfer
from matching.helpline.machine import Event
from matching.helpline.order import in_order
from matching.helpline.rules import ASK_AGAIN, HEAD_START, INTERRUPTED, LEVELS, OFFER_FOR, capacity
from matching.helpline.values import (
    TALKING,
    Chat,
    ChatId,
    ChatState,
    Ending,
    Operator,
    Way,
)
from realtime.kernel.clock import ManualClock
from realtime.kernel.errors import AppError
from realtime.kernel.ids import PersonId
from tests.unit.test_helpline_pure import a_chat, an_operator

STAFF = {
    PersonId("anna"): (False, ("fr",)),
    PersonId("bea"): (False, ("fr", "ar")),
    PersonId("cleo"): (True, ("fr", "ar")),
}
WHO = st.sampled_from(sorted(STAFF))


class Line(RuleBasedStateMachine):
    """The pure part alone, as the services put it together, on a clock moved by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.now = ManualClock().now()
        self.chats: dict[ChatId, Chat] = {}
        self.on = dict.fromkeys(STAFF, True)
        self.let_pass: dict[tuple[ChatId, PersonId], tuple[datetime, bool]] = {}
        self.came = 0

    # What the services do around the pure part.

    def staff(self) -> list[Operator]:
        loads = choosing.load(self.chats.values())
        return [
            an_operator(
                person,
                on=self.on[person],
                trainee=trainee,
                languages=languages,
                load=loads[person],
                idle_since=self.now,
            )
            for person, (trainee, languages) in STAFF.items()
        ]

    @property
    def passed(self) -> dict[ChatId, dict[PersonId, bool]]:
        """Who let whom pass a moment ago, and whether they said no."""
        found: dict[ChatId, dict[PersonId, bool]] = {}
        for (chat, person), (at, refused) in self.let_pass.items():
            if at > self.now - ASK_AGAIN:
                found.setdefault(chat, {})[person] = refused
        return found

    def waiting(self) -> list[Chat]:
        return [it for it in self.chats.values() if it.state is ChatState.WAITING]

    def settle(self) -> None:
        waiting = self.waiting()
        offers = choosing.choose(waiting, self.staff(), self.passed, self.now)
        assert len({it.chat.chat for it in offers}) == len(offers)
        for it in offers:
            assert self.chats[it.chat.chat].state is ChatState.WAITING
            self._nobody_is_passed_over(it.chat, it.to, waiting)
            until = self.now + OFFER_FOR
            self.chats[it.chat.chat] = machine.offered(it.chat, it.to, until, self.now)

    def _nobody_is_passed_over(self, chat: Chat, to: PersonId, waiting: list[Chat]) -> None:
        """Who came so long before that no danger outweighs it is offered before, or cannot be."""
        staff = [it for it in self.staff() if it.on]
        me = next(it for it in staff if it.person == to)
        for other in waiting:
            longer = other.asked_at < chat.asked_at - HEAD_START[-1] - INTERRUPTED
            if longer and other.exited_at is None and me in choosing.able_for(other, staff):
                refused = to in self.passed.get(other.chat, {})
                assert refused or in_order([chat, other])[0] is other

    def change(self, name: ChatId, act: Callable[[Chat], Chat]) -> None:
        with suppress(AppError):
            self.chats[name] = act(self.chats[name])
        self.settle()

    def one(self, number: int) -> ChatId:
        return list(self.chats)[number % len(self.chats)]

    # What happens.

    @rule(level=st.integers(0, LEVELS - 1), language=st.sampled_from(["fr", "ar", "uk"]))
    def she_comes(self, level: int, language: str) -> None:
        self.came += 1
        chat = a_chat(f"c{self.came:04d}", level=level, language=language)
        back = chat.asked_at - chat.rank
        chat = replace(chat, asked_at=self.now, rank=self.now - back, since=self.now)
        self.chats[chat.chat] = chat
        self.settle()

    @rule(seconds=st.sampled_from([1, 10, 21, 600, 4_000]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self._lapse()
        self.settle()

    def _lapse(self) -> None:
        for name, it in list(self.chats.items()):
            if it.offer_until is not None and it.offered_to and it.offer_until <= self.now:
                self.let_pass[name, it.offered_to] = (self.now, False)
                self.change(name, lambda it: machine.passed(it, self.now))
            elif it.handing and it.handing.until and it.handing.until <= self.now:
                to = it.handing.to
                self.change(name, lambda it, to=to: transfer.refused(it, to))  # type: ignore[misc]

    @precondition(lambda self: self.chats)
    @rule(number=st.integers(0, 50), who=WHO)
    def accept(self, number: int, who: PersonId) -> None:
        before = self.chats[self.one(number)]
        self.change(before.chat, lambda it: machine.accepted(it, who, self.now))
        if self.chats[before.chat].operator == who != before.operator:
            assert before.offered_to == who

    @precondition(lambda self: self.chats)
    @rule(number=st.integers(0, 50))
    def refuse(self, number: int) -> None:
        name = self.one(number)
        who = self.chats[name].offered_to
        if who is not None:
            self.let_pass[name, who] = (self.now, True)
            self.change(name, lambda it: machine.passed(it, self.now))

    @precondition(lambda self: self.chats)
    @rule(number=st.integers(0, 50))
    def everybody_accepts(self, number: int) -> None:
        for name, it in list(self.chats.items()):
            if it.offered_to is not None:
                who = it.offered_to
                self.change(name, lambda it, who=who: machine.accepted(it, who, self.now))  # type: ignore[misc]

    @precondition(lambda self: self.chats)
    @rule(number=st.integers(0, 50), event=st.sampled_from([Event.HOLD, Event.RESUME, Event.WRAP]))
    def happen(self, number: int, event: Event) -> None:
        self.change(self.one(number), lambda it: machine.moved(it, event, self.now))

    @precondition(lambda self: self.chats)
    @rule(number=st.integers(0, 50), ending=st.sampled_from(Ending))
    def end(self, number: int, ending: Ending) -> None:
        self.change(self.one(number), lambda it: machine.ended(it, ending, self.now))

    @precondition(lambda self: self.chats)
    @rule(number=st.integers(0, 50), back=st.booleans())
    def exit(self, number: int, back: bool) -> None:
        def gone(it: Chat) -> Chat:
            if it.over:
                return it
            it = machine.passed(it, self.now) if it.state is ChatState.OFFERED else it
            return replace(it, exited_at=None if back else self.now)

        self.change(self.one(number), gone)

    @precondition(lambda self: self.chats)
    @rule(number=st.integers(0, 50), way=st.sampled_from(Way), person=st.none() | WHO)
    def hand_on(self, number: int, way: Way, person: PersonId | None) -> None:
        def asked(it: Chat) -> Chat:
            if it.operator is None or it.handing is not None:
                return it
            to = transfer.target(self.staff(), it.operator, way, person=person)
            return transfer.proposed(it, way, to, self.now)

        self.change(self.one(number), asked)

    @precondition(lambda self: self.chats)
    @rule(number=st.integers(0, 50), who=WHO, yes=st.booleans())
    def answer(self, number: int, who: PersonId, yes: bool) -> None:
        self.change(
            self.one(number),
            lambda it: transfer.agreed(it, who, self.now) if yes else transfer.refused(it, who),
        )

    @precondition(lambda self: self.chats)
    @rule(number=st.integers(0, 50))
    def handed(self, number: int) -> None:
        self.change(self.one(number), lambda it: transfer.finished(it, self.now))

    @rule(who=WHO, on=st.booleans())
    def duty(self, who: PersonId, on: bool) -> None:
        self.on[who] = on
        if not on:
            self._without(who)
        self.settle()

    @rule(who=WHO)
    def her_line_dies(self, who: PersonId) -> None:
        self.on[who] = False
        for name, it in list(self.chats.items()):
            if it.operator != who:
                continue
            if it.handing is not None and it.handing.joined and it.next_operator:
                self.chats[name] = transfer.finished(it, self.now)
            elif it.state in TALKING:
                self.chats[name] = machine.returned(it, self.now, lost=True)
            elif it.state is ChatState.WRAP_UP:
                self.chats[name] = machine.moved(it, Event.WRAP, self.now)
        self._without(who)
        self.settle()

    def _without(self, who: PersonId) -> None:
        for name, it in list(self.chats.items()):
            if it.offered_to == who:
                self.let_pass[name, who] = (self.now, True)
                self.chats[name] = machine.passed(it, self.now)
            elif it.handing is not None and it.handing.to == who:
                self.chats[name] = transfer.refused(it, who)

    # What is always true.

    @invariant()
    def nobody_has_more_than_they_may(self) -> None:
        for it in self.staff():
            assert it.load <= capacity(trainee=it.trainee), it.person

    @invariant()
    def each_is_one_persons_at_most(self) -> None:
        for it in self.chats.values():
            assert it.offered_to is None or it.operator is None
            assert (it.offered_to is not None) is (it.state is ChatState.OFFERED)
            assert (it.operator is not None) or it.state not in TALKING
            assert it.handing is None or it.handing.to != it.operator

    @invariant()
    def nobody_waits_while_somebody_could_have_her(self) -> None:
        staff = [it for it in self.staff() if it.on]
        for it in self.waiting():
            if it.exited_at is None:
                assert choosing.best(it, staff, self.passed.get(it.chat, {})) is None

    def teardown(self) -> None:
        """However it was left: with people on duty who answer, everybody is answered."""
        self.on = dict.fromkeys(STAFF, True)
        for name, it in list(self.chats.items()):
            self.chats[name] = replace(it, exited_at=None)
        for _ in range(4 * len(self.chats) + 4):
            self.now += ASK_AGAIN
            self._lapse()
            self.settle()
            self.everybody_accepts(0)
            for name, it in list(self.chats.items()):
                if it.state in TALKING:
                    self.chats[name] = machine.ended(it, Ending.FINISHED, self.now)
                if self.chats[name].state is ChatState.WRAP_UP:
                    self.chats[name] = machine.moved(self.chats[name], Event.WRAP, self.now)
            if all(it.state is ChatState.CLOSED for it in self.chats.values()):
                return
        assert not self.chats, "somebody starved"


Line.TestCase.settings = settings(stateful_step_count=50, deadline=None)
TestLine = Line.TestCase


def forgets_who_is_busy(operator: Operator) -> bool:
    return operator.load <= capacity(trainee=operator.trainee)


def forgets_who_was_asked(chats: list[Chat], *rest: object) -> list[choosing.Offer]:
    return [choosing.Offer(it, PersonId("anna")) for it in [*chats, *chats]]


@pytest.mark.parametrize(
    ("what", "bug"),
    [("has_room", forgets_who_is_busy), ("choose", forgets_who_was_asked)],
)
def test_a_planted_bug_is_found(
    monkeypatch: pytest.MonkeyPatch, what: str, bug: Callable[..., object]
) -> None:
    monkeypatch.setattr(choosing, what, bug)

    with pytest.raises((AssertionError, AppError)):
        # Found is enough: the shortest way to it is for real bugs.
        run_state_machine_as_test(
            Line, settings=settings(max_examples=30, deadline=None, phases=[Phase.generate])
        )
