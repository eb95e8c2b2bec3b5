"""Plays one night with one policy: who is asked, answers, sets out, arrives, turns back.

It knows time and people, and nothing of how a policy chooses. Searches of one night meet: who is
on her way to one request is not free for another, and each near alert spends a day's budget.
"""

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from matching.dispatch.incident import Ring
from matching.dispatch.moves import Word
from matching.helpers.rules import Facts, Need, why_not
from realtime.kernel.ids import PersonId
from tests.simulation.policy.nights import MIDNIGHT_S, Night, Request, moment
from tests.simulation.policy.people import TRAVELS_MOST_S, Reply
from tests.simulation.policy.picking import Asked, Field, Picker

#: A search ends then, found or not: operators and duty officer have it since 60 s and 3 min, and
#: look again at 15 (``rules.ABSENT_AFTER``).
ENDS_S = 900.0
#: How long who has come stays, and is not free for others.
STAYS_S = 1_200.0
WANTED_THERE = 2


class Policy(Protocol):
    @property
    def name(self) -> str: ...

    def begin(self, field: Field) -> Picker: ...


@dataclass(slots=True)
class Case:
    """One request, and what became of it."""

    request: Request
    picker: Picker
    #: When each who came was there, in seconds since the request.
    there: list[float] = field(default_factory=list)
    #: Asked to come; asked to call or write.
    alerts: int = 0
    calls: int = 0
    going: set[int] = field(default_factory=set)
    most_going: int = 0
    planned: float | None = None
    turn: int = 0

    @property
    def redundant(self) -> int:
        return max(0, len(self.there) - WANTED_THERE)

    def at(self, number: int) -> float | None:
        """When so many were there."""
        return self.there[number - 1] if len(self.there) >= number else None

    def over(self, now: float) -> bool:
        return len(self.there) >= WANTED_THERE or now - self.request.at_s >= ENDS_S


@dataclass(frozen=True, slots=True)
class Played:
    cases: list[Case]
    #: What each asked person was found to be: compared, to see that all policies met the same.
    met: dict[tuple[int, int], Reply]


class Evening:
    def __init__(self, night: Night, policy: Policy, accepts: float) -> None:
        self._night = night
        self._accepts = accepts
        self._events: list[tuple[float, int, Callable[[float], None]]] = []
        self._number = count()
        self._busy: dict[int, float] = {}
        self._near: Counter[tuple[int, bool]] = Counter()
        self._remote: Counter[tuple[int, bool]] = Counter()
        self._met: dict[tuple[int, int], Reply] = {}
        self._cases = [Case(it, policy.begin(self._field(it))) for it in night.requests]

    def play(self) -> Played:
        for case in self._cases:
            self._plan(case)
        while self._events:
            now, _, happens = heapq.heappop(self._events)
            happens(now)
        return Played(self._cases, self._met)

    # Looking.

    def _plan(self, case: Case) -> None:
        """Look when the policy wants to; what it wanted before is forgotten."""
        wanted = case.picker.next_look
        if wanted == case.planned:
            return
        case.planned = wanted
        case.turn += 1
        if wanted is not None:
            turn = case.turn
            self._later(wanted, lambda now: self._look(case, turn, now))

    def _look(self, case: Case, turn: int, now: float) -> None:
        if turn != case.turn or case.over(now):
            return
        case.planned = None
        for asked in case.picker.look(now):
            self._ask(case, asked, now)
        self._plan(case)

    def _ask(self, case: Case, asked: Asked, now: float) -> None:
        helper = asked.helper
        if asked.ring is Ring.NEAR:
            case.alerts += 1
            self._near[helper, now >= MIDNIGHT_S] += 1
        else:
            case.calls += 1
            self._remote[helper, now >= MIDNIGHT_S] += 1
        hers = self._night.reply(case.request.number, helper)
        self._met[case.request.number, helper] = hers
        willing = hers.reluctance < self._accepts
        if asked.ring is Ring.NEAR and self._travel_s(case, helper) > TRAVELS_MOST_S:
            willing, says_no = False, hers.says_no or willing
        else:
            says_no = hers.says_no
        if willing or says_no:
            word = Word.ACCEPT if willing else Word.DECLINE
            self._later(now + hers.answers_s, lambda at: self._answers(case, asked, word, at))

    # Answers.

    def _answers(self, case: Case, asked: Asked, word: Word, now: float) -> None:
        helper = asked.helper
        is_free = self._busy.get(helper, 0.0) <= now
        if case.over(now) or not is_free or not case.picker.open_to(helper, asked.ring, now):
            return
        taken = case.picker.told(helper, word, now)
        if word is Word.ACCEPT and taken and asked.ring is Ring.NEAR:
            self._goes(case, helper, now)
        self._plan(case)

    def _goes(self, case: Case, helper: int, now: float) -> None:
        hers = self._night.reply(case.request.number, helper)
        self._busy[helper] = float("inf")
        case.going.add(helper)
        case.most_going = max(case.most_going, len(case.going))
        travel = self._travel_s(case, helper)
        if hers.turns_back:
            halfway = now + hers.leaves_s + travel / 2
            self._later(halfway, lambda at: self._turns_back(case, helper, at))
        else:
            self._later(now + hers.leaves_s + travel, lambda at: self._arrives(case, helper, at))

    def _arrives(self, case: Case, helper: int, now: float) -> None:
        case.there.append(now - case.request.at_s)
        self._busy[helper] = now + STAYS_S
        case.picker.told(helper, Word.ARRIVED, now)
        self._plan(case)

    def _turns_back(self, case: Case, helper: int, now: float) -> None:
        case.going.discard(helper)
        self._busy[helper] = now
        case.picker.told(helper, Word.DECLINE, now)
        self._plan(case)

    # What is known.

    def _later(self, at: float, happens: Callable[[float], None]) -> None:
        heapq.heappush(self._events, (at, next(self._number), happens))

    def _travel_s(self, case: Case, helper: int) -> float:
        metres = self._night.metres[case.request.number][helper]
        return self._night.people[helper].travel_s(metres)

    def _field(self, request: Request) -> Field:
        need = Need(raiser=PersonId("she"), at_home=request.at_home, near=True)

        def may(helper: int, now: float) -> bool:
            return why_not(self._facts(helper, now), need, moment(now)) is None

        return Field(
            request,
            self._night.by_metres[request.number],
            self._night.able(request.number, near=True),
            self._night.able(request.number, near=False),
            self._facts,
            may,
        )

    def _facts(self, helper: int, now: float) -> Facts:
        tomorrow = now >= MIDNIGHT_S
        return Facts(
            helper=self._night.people[helper].helper,
            near_today=self._near[helper, tomorrow],
            remote_today=self._remote[helper, tomorrow],
            busy=self._busy.get(helper, 0.0) > now,
        )
