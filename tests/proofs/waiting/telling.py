"""Whether the range she is told when she comes is honest: of those answered, how many in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from matching.helpline.estimate import STEP_S, Range, expected
from matching.helpline.rules import capacity
from tests.proofs.waiting.days import FORM_S, TALK_S, Listener, Visitor
from tests.proofs.waiting.play import Day
from tests.proofs.waiting.policies import Desk, Ours

LASTS = timedelta(seconds=TALK_S + FORM_S)


@dataclass(slots=True)
class Held:
    """Of those who were told that they would wait, and were answered."""

    told: int = 0
    kept: int = 0

    @property
    def share(self) -> float:
        return self.kept / max(1, self.told)


class TellingDay(Day):
    def __init__(self, ours: Ours, staff: Sequence[Listener], seed: int) -> None:
        super().__init__(ours, staff, seed)
        self._ours = ours
        self._ranges: dict[str, Range] = {}
        self.held = Held()

    def _comes(self, now: float, visitor: Visitor, desk: Desk | None) -> None:
        super()._comes(now, visitor, desk)
        told = expected(
            self._ours.place(visitor),
            slots=sum(capacity(trainee=it.who.trainee) for it in self._desks),
            taken=sum(it.load for it in self._desks),
            chat=LASTS,
        )
        # Who is told "within a minute" is answered then: counting them would flatter.
        if told is not None and told.high_s > STEP_S:
            self._ranges[visitor.name] = told

    def _answers(self, now: float, visitor: Visitor, desk: Desk | None) -> None:
        told = self._ranges.pop(visitor.name, None)
        if told is not None and visitor.name in self._tries:
            self.held.told += 1
            self.held.kept += told.low_s <= now - visitor.at <= told.high_s
        super()._answers(now, visitor, desk)
