"""Plays days with one rule: arrivals, offers, answers, goodbyes, and those who leave unanswered."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random

from matching.helpline.figures import percentile
from matching.helpline.rules import ASK_AGAIN, OFFER_FOR, ORANGE
from tests.proofs.waiting.days import ACCEPTS_S, UNSEEN, Listener, Visitor
from tests.proofs.waiting.policies import Desk, Policy

OFFER_S, AGAIN_S = OFFER_FOR.total_seconds(), ASK_AGAIN.total_seconds() + 0.001


@dataclass(slots=True)
class Outcome:
    """How long each waited, and who left."""

    waits: list[float] = field(default_factory=list)
    orange: list[float] = field(default_factory=list)
    left: int = 0

    def wait(self, visitor: Visitor, seconds: float) -> None:
        self.waits.append(seconds)
        if visitor.level >= ORANGE:
            self.orange.append(seconds)

    def at(self, share: float) -> float:
        return percentile(sorted(self.waits), share) or 0.0

    def orange_at(self, share: float) -> float:
        return percentile(sorted(self.orange), share) or 0.0

    def share_over(self, seconds: float) -> float:
        return sum(it > seconds for it in self.waits) / max(1, len(self.waits))

    @property
    def left_share(self) -> float:
        return self.left / len(self.waits) if self.waits else 0.0


class Day:
    """One run. Everyone's chance is their own, so that rules meet the same people."""

    def __init__(self, policy: Policy, staff: Sequence[Listener], seed: int) -> None:
        self._policy = policy
        self._desks = [Desk(it) for it in staff]
        self._seed = seed
        self._events: list[tuple[float, int, str, Visitor, Desk | None]] = []
        self._number = count()
        #: Of those not answered yet: how often they were offered.
        self._tries: dict[str, int] = {}
        self.outcome = Outcome()

    def play(self, visitors: Sequence[Visitor]) -> Outcome:
        for it in visitors:
            self._later(it.at, "comes", it)
        while self._events:
            now, _, what, visitor, desk = heapq.heappop(self._events)
            getattr(self, f"_{what}")(now, visitor, desk)
            for who, to in self._policy.offers(self._desks, now):
                self._offer(now, who, to)
        return self.outcome

    def _later(self, at: float, what: str, visitor: Visitor, desk: Desk | None = None) -> None:
        heapq.heappush(self._events, (at, next(self._number), what, visitor, desk))

    def _comes(self, now: float, visitor: Visitor, _: Desk | None) -> None:
        self._tries[visitor.name] = 0
        self._policy.comes(visitor, self._desks)
        self._later(now + visitor.patience_s, "leaves", visitor)

    def _offer(self, now: float, visitor: Visitor, desk: Desk) -> None:
        self._policy.gone(visitor)
        desk.load += 1
        desk.idle_since = now
        self._tries[visitor.name] += 1
        chance = Random(f"{self._seed} {visitor.name} {self._tries[visitor.name]}")
        if chance.random() < UNSEEN:
            self._later(now + OFFER_S, "lapses", visitor, desk)
        else:
            self._later(
                now + min(chance.expovariate(1 / ACCEPTS_S), OFFER_S), "answers", visitor, desk
            )

    def _lapses(self, now: float, visitor: Visitor, desk: Desk | None) -> None:
        if desk is not None:
            desk.load -= 1
            if visitor.name in self._tries:
                self._policy.missed(visitor, desk, self._desks, now)
                self._later(now + AGAIN_S, "again", visitor)

    def _again(self, now: float, visitor: Visitor, _: Desk | None) -> None:
        """Those who missed her may be asked again."""

    def _answers(self, now: float, visitor: Visitor, desk: Desk | None) -> None:
        if desk is None:
            return
        if self._tries.pop(visitor.name, None) is None:
            # She left while she was being offered.
            desk.load -= 1
            return
        self.outcome.wait(visitor, now - visitor.at)
        self._later(now + visitor.talk_s, "ends", visitor, desk)

    def _ends(self, now: float, visitor: Visitor, desk: Desk | None) -> None:
        if desk is not None:
            desk.load -= 1
            desk.idle_since = now

    def _leaves(self, now: float, visitor: Visitor, _: Desk | None) -> None:
        if self._tries.pop(visitor.name, None) is not None:
            self._policy.gone(visitor)
            self.outcome.wait(visitor, now - visitor.at)
            self.outcome.left += 1
