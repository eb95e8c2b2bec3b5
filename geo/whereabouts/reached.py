"""How far questions went before, so that the next one from there begins with as much.

A guess only: what is asked for first depends on it, what is answered never. It names the coarsest
cell that is ever shown and no person, is kept in memory, and for the latest questions only.
"""

from collections import OrderedDict
from collections.abc import Sequence

from geo.cells import COARSE_RES, Index, up
from geo.whereabouts.asks import Question
from geo.whereabouts.ports import Found

#: Places, with what was asked there, that are remembered.
MOST = 4_096

_Asked = tuple[Index, int, int, int | None]


class Reached:
    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._steps: OrderedDict[_Asked, int] = OrderedDict()

    def before(self, question: Question) -> int | None:
        """Steps to the last of those answered; None when nobody has asked there."""
        return self._steps.get(_of(question))

    def note(self, question: Question, found: Sequence[Found]) -> None:
        """What was found. A shorter reach is believed slowly: a second round trip costs more."""
        asked = _of(question)
        if len(found) < question.want or not found:
            self._steps.pop(asked, None)
            return
        before = self._steps.get(asked, 0)
        self._steps[asked] = max(found[-1].steps, before - before // 8)
        self._steps.move_to_end(asked)
        if len(self._steps) > self._most:
            self._steps.popitem(last=False)


def _of(question: Question) -> _Asked:
    return up(question.origin, COARSE_RES), question.want, question.tags_all, question.ring
