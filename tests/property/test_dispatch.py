"""Whatever happens and in whatever order, a search for helpers keeps its promises."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from geo.cells import Cell
from matching.dispatch.errors import OfferClosed
from matching.dispatch.incident import (
    AlertId,
    Incident,
    Kind,
    Mode,
    Offer,
    OfferState,
    Ring,
    counts,
)
from matching.dispatch.machine import after, asks_from_afar, decide
from matching.dispatch.moves import (
    Answer,
    Ask,
    Call,
    Candidate,
    Change,
    Decision,
    Drop,
    End,
    Event,
    Look,
    LookAfar,
    Rest,
    Step,
    Word,
)
from matching.dispatch.rules import (
    NEAR_HOPEFUL,
    ON_THE_WAY_MOST,
    REMOTE_MOST,
    REMOTE_WANTED,
    RINGS,
    STEP,
    WANTED,
)
from realtime.kernel.ids import PersonId

START = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
PEOPLE = [PersonId(f"p{number}") for number in range(80)]
ENDINGS = [OfferState.CLOSED, OfferState.CANCELLED, OfferState.EXPIRED]
FINAL = {OfferState.DECLINED, OfferState.WITHDRAWN, *ENDINGS}

people = st.sampled_from(PEOPLE)
distances = st.sampled_from([0, 1, 2, 3, 4, 5, 9, 15, 22, 30, 31])
indexes = st.integers(0, 70)
seconds = st.sampled_from([0.0, 0.001, 1.0, 4.999, 5.0, 5.001, 19.999, 20.0, 61.0])


MOST = {Ring.NEAR: ON_THE_WAY_MOST, Ring.REMOTE: REMOTE_WANTED}


def going(search: Incident, ring: Ring) -> int:
    """How many of a ring go there, counted here and not by what is tested."""
    said_yes = {OfferState.ACCEPTED, OfferState.ARRIVED}
    return len([it for it in search.offers if it.ring is ring and it.state in said_yes])


class Dispatching(RuleBasedStateMachine):
    """The search, a clock, and a crowd that says anything at any time."""

    @initialize(
        near=st.integers(0, 40),
        far=st.lists(distances, min_size=1, max_size=8),
        remote=st.integers(0, 80),
    )
    def somebody_needs_help(self, near: int, far: list[int], remote: int) -> None:
        numbers = count(1)
        self.ids = lambda: f"o{next(numbers)}"
        self.now = START
        self.near = {person: far[at % len(far)] for at, person in enumerate(PEOPLE[:near])}
        self.remote = PEOPLE[len(PEOPLE) - remote :]
        #: When somebody was told that enough others come.
        self.told: dict[PersonId, datetime] = {}
        self.excluded: set[PersonId] = set()
        self.refused: set[PersonId] = set()
        self.looking = True
        self.search = Incident(
            alert=AlertId("alert"),
            raiser=PersonId("anna"),
            mode=Mode.PUBLIC,
            kind=Kind.AFRAID,
            cell=Cell("891fb466257ffff"),
            shown=Cell("881fb46625fffff"),
            room="room",
            opened_at=START,
            ring=0,
            widen_at=START + STEP,
        )

    # What may happen.

    @rule()
    def a_step(self) -> None:
        before = self.search
        # Stale lists: who was excluded after being asked is still on them.
        known = {it.helper for it in before.offers}
        near = [
            Candidate(person, steps)
            for person, steps in sorted(self.near.items(), key=lambda it: (it[1], it[0]))
            if person not in self.excluded - known
        ]
        asks = [it for it in self._happens(Step(near)) if isinstance(it, Ask)]
        for ask in asks:
            self._was_rightly_asked(before, ask)
        if self.looking and not any(it.ring is Ring.NEAR for it in asks):
            self._nobody_could_be_asked(before, near)

    @rule(first=indexes, many=st.integers(0, 60), more=st.booleans())
    def some_are_asked_to_call(self, first: int, many: int, more: bool) -> None:
        before = self.search
        known = {it.helper for it in before.offers}
        some = self.remote[first : first + many]
        event = Call([it for it in some if it not in self.excluded - known], more)
        decisions = self._happens(event)
        for it in decisions:
            if isinstance(it, Ask):
                assert it.ring is Ring.REMOTE
                self._was_rightly_asked(before, it)
        # Looked for again only while somebody more may be asked.
        if any(isinstance(it, LookAfar) for it in decisions):
            assert more
            assert asks_from_afar(self.search)

    @rule(index=indexes, word=st.sampled_from(Word))
    def somebody_answers(self, index: int, word: Word) -> None:
        if self.search.offers:
            self._answers(self.search.offers[index % len(self.search.offers)], word)

    @rule(first=indexes, many=st.integers(2, 9), delay=seconds)
    def several_accept_one_after_the_other(self, first: int, many: int, delay: float) -> None:
        for index in range(first, first + many):
            self.somebody_answers(index, Word.ACCEPT)
        self.now += timedelta(seconds=delay)
        self.somebody_answers(first + many, Word.ACCEPT)

    def _answers(self, offer: Offer, word: Word) -> None:
        event = Answer(offer.id, word)
        enough = going(self.search, offer.ring) >= WANTED or going(self.search, Ring.NEAR) >= WANTED
        room = going(self.search, offer.ring) < MOST[offer.ring]
        try:
            self._happens(event)
        except OfferClosed:
            assert word is Word.ARRIVED
            return
        if word is Word.DECLINE and (offer.open or offer.going):
            self.refused.add(offer.helper)
        if word is Word.ACCEPT and offer.state is OfferState.COVERED:
            in_time = self.now - self.told[offer.helper] <= timedelta(seconds=5)
            welcome = offer.helper not in self.excluded and room and (in_time or not enough)
            after_all = self.search.offer(offer.id)
            assert after_all is not None
            assert after_all.going == (welcome and not self.search.ended)
        self._again_changes_nothing(event)

    @rule(index=indexes)
    def somebody_asked_is_excluded(self, index: int) -> None:
        if self.search.offers:
            self.somebody_is_excluded(self.search.offers[index % len(self.search.offers)].helper)

    @rule(person=people)
    def somebody_is_excluded(self, person: PersonId) -> None:
        self.excluded.add(person)
        self._happens(Drop(person))
        self._again_changes_nothing(Drop(person))

    @rule(person=people, steps=distances)
    def a_helper_appears_or_moves(self, person: PersonId, steps: int) -> None:
        self.near[person] = steps

    @rule(person=people)
    def a_helper_goes_off_duty(self, person: PersonId) -> None:
        self.near.pop(person, None)
        self.remote = [it for it in self.remote if it != person]

    @rule(delay=seconds)
    def time_passes(self, delay: float) -> None:
        self.now += timedelta(seconds=delay)

    @rule(state=st.sampled_from(ENDINGS), really=st.integers(0, 9))
    def it_ends(self, state: OfferState, really: int) -> None:
        if really == 0:
            self._happens(End(state))
            self._again_changes_nothing(End(state))

    # What is always true.

    @invariant()
    def never_more_than_five_are_on_the_way(self) -> None:
        assert going(self.search, Ring.NEAR) <= ON_THE_WAY_MOST

    @invariant()
    def never_more_than_two_answer_from_afar(self) -> None:
        assert going(self.search, Ring.REMOTE) <= REMOTE_WANTED

    @invariant()
    def never_more_than_fifty_are_asked_from_afar(self) -> None:
        assert sum(it.ring is Ring.REMOTE for it in self.search.offers) <= REMOTE_MOST

    @invariant()
    def covered_or_ended_means_no_open_offer(self) -> None:
        if going(self.search, Ring.NEAR) >= WANTED or self.search.ended:
            assert not any(it.open for it in self.search.offers)
            assert not self.looking

    @invariant()
    def while_help_is_wanted_somebody_is_looking(self) -> None:
        wanted = going(self.search, Ring.NEAR) < WANTED and not self.search.ended
        assert self.looking == wanted

    @invariant()
    def each_helper_has_at_most_one_offer(self) -> None:
        helpers = [it.helper for it in self.search.offers]
        assert len(helpers) == len(set(helpers))

    @invariant()
    def nobody_excluded_is_asked_or_coming(self) -> None:
        for offer in self.search.offers:
            if offer.helper in self.excluded:
                assert not offer.open
                assert not offer.going

    @invariant()
    def who_said_no_stays_away(self) -> None:
        for offer in self.search.offers:
            if offer.helper in self.refused:
                assert offer.state in FINAL

    @invariant()
    def an_ended_search_has_nobody_coming(self) -> None:
        assert not self.search.ended or not any(it.going for it in self.search.offers)

    @invariant()
    def each_count_is_within_the_one_before(self) -> None:
        found = counts(self.search)
        assert found.on_scene <= found.accepted <= ON_THE_WAY_MOST
        assert found.seen <= found.delivered <= len(self.search.offers)

    def teardown(self) -> None:
        """Everything terminates: whatever its state, one end and it never moves again."""
        if not hasattr(self, "search"):
            return
        self._happens(End(OfferState.EXPIRED))
        at_rest = self.search
        for person in PEOPLE:
            offer = at_rest.offer_to(person)
            for word in (Word.RECEIVED, Word.SEEN, Word.ACCEPT, Word.DECLINE, Word.ARRIVED):
                if offer is not None:
                    assert decide(at_rest, Answer(offer.id, word), self.now, self.ids) == ()
        assert decide(at_rest, Step([]), self.now, self.ids) == (Rest(),)
        assert decide(at_rest, Call(PEOPLE), self.now, self.ids) == ()

    # How it is checked.

    def _happens(self, event: Event) -> tuple[Decision, ...]:
        decisions = decide(self.search, event, self.now, self.ids)
        self.search = after(self.search, decisions)
        for decision in decisions:
            if isinstance(decision, Change) and decision.offer.state is OfferState.COVERED:
                self.told[decision.offer.helper] = self.now
            if isinstance(decision, Look):
                assert decision.at >= self.now
                self.looking = True
            if isinstance(decision, Rest):
                self.looking = False
        return decisions

    def _again_changes_nothing(self, event: Event) -> None:
        assert decide(self.search, event, self.now, self.ids) == ()

    def _was_rightly_asked(self, before: Incident, ask: Ask) -> None:
        known = before.offer_to(ask.helper)
        assert ask.helper not in self.excluded | self.refused
        assert going(before, Ring.NEAR) < WANTED
        assert known is None or not known.going
        assert ask.again == (known is not None)
        if ask.ring is Ring.NEAR:
            assert self.near[ask.helper] <= RINGS[self.search.ring]
            hopeful = [it for it in self._near(self.search) if it.hopeful(self.now)]
            assert len(hopeful) <= NEAR_HOPEFUL
            self._nobody_nearer_was_passed_over(before, ask)

    def _nobody_nearer_was_passed_over(self, before: Incident, ask: Ask) -> None:
        for person, steps in self.near.items():
            if steps < self.near[ask.helper] and person not in self.excluded:
                offer = self.search.offer_to(person)
                assert offer is not None
                assert before.offer_to(person) is not None or offer.ring is Ring.NEAR

    def _nobody_could_be_asked(self, before: Incident, near: list[Candidate]) -> None:
        """Either seven may still say yes, or there is nobody left in any ring."""
        hopeful = [it for it in self._near(before) if it.hopeful(self.now)]
        left = [
            it.person
            for it in near
            if it.steps <= RINGS[-1]
            and it.person not in self.excluded | self.refused
            and before.offer_to(it.person) is None
        ]
        assert len(hopeful) == NEAR_HOPEFUL or not left

    def _near(self, search: Incident) -> list[Offer]:
        return [it for it in search.offers if it.ring is Ring.NEAR]


TestDispatching = Dispatching.TestCase


class Replaying(RuleBasedStateMachine):
    """A search is rebuilt from its decisions alone, whatever order its offers are kept in."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = count(1)
        self.decisions: list[Decision] = []
        self.now = START
        self.first = Incident(
            alert=AlertId("alert"),
            raiser=PersonId("anna"),
            mode=Mode.HOME,
            kind=Kind.OTHER,
            cell=Cell("891fb466257ffff"),
            shown=Cell("881fb46625fffff"),
            room="room",
            opened_at=START,
            ring=0,
            widen_at=START + STEP,
        )
        self.search = self.first

    @rule(
        near=st.lists(people, max_size=12, unique=True),
        remote=st.lists(people, max_size=12, unique=True),
    )
    def a_step(self, near: list[PersonId], remote: list[PersonId]) -> None:
        self._happens(Step([Candidate(it, 1) for it in near]))
        self._happens(Call(remote))

    @rule(index=indexes, word=st.sampled_from([Word.SEEN, Word.ACCEPT, Word.DECLINE]))
    def an_answer(self, index: int, word: Word) -> None:
        if self.search.offers:
            offer = self.search.offers[index % len(self.search.offers)]
            self._happens(Answer(offer.id, word))

    @rule(delay=seconds)
    def time_passes(self, delay: float) -> None:
        self.now += timedelta(seconds=delay)

    @rule()
    def the_rows_come_back_in_another_order(self) -> None:
        offers = sorted(self.search.offers, key=lambda it: (it.asked_at, it.id))
        self.search = replace(self.search, offers=tuple(offers))

    @invariant()
    def the_same_decisions_make_the_same_search(self) -> None:
        replayed = after(self.first, self.decisions)
        assert set(replayed.offers) == set(self.search.offers)
        assert replace(replayed, offers=()) == replace(self.search, offers=())

    def _happens(self, event: Event) -> None:
        made = decide(self.search, event, self.now, lambda: f"o{next(self.numbers)}")
        self.decisions += made
        self.search = after(self.search, made)


TestReplaying = Replaying.TestCase
