"""The checker on trial: which invariants find each bug, over a few seeds of the model. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tests.adversity.history.checker import check
from tests.adversity.history.ladder import Ladder, Rung
from tests.adversity.model.bugs import Bug
from tests.adversity.model.story import Story
from tests.adversity.model.tables import BOARD_AFTER_S

LADDER = Ladder((Rung("alert.board", BOARD_AFTER_S),), late_s=2.0, mended_s=3.0)


@dataclass(frozen=True, slots=True)
class Verdict:
    bug: Bug | None
    stories: int
    #: Stories in which something was found wrong.
    caught: int
    #: In how many stories each invariant was found broken.
    by: Counter[str]
    #: One sentence of the first.
    example: str


def judge(bug: Bug | None, seeds: Iterable[int]) -> Verdict:
    by: Counter[str] = Counter()
    stories = caught = 0
    example = ""
    for seed in seeds:
        lines, found = Story(seed, bug).told()
        broken = check(lines, found, LADDER)
        stories += 1
        caught += bool(broken)
        by.update({it.invariant for it in broken})
        example = example or (broken[0].sentence if broken else "")
    return Verdict(bug, stories, caught, by, example)
