"""A month of forms as it may be told: no count below five, nor what gives one away. Pure.

Two of the four questions have one answer each (children, minutes): their totals are the same
conversations, and what one table hides the other hides. The other two may have several answers, so
their totals count answers. Five answers of two people would be told as five: where a département's
conversations are too few to be told, its whole row is hidden in each table.
"""

from collections.abc import Iterable, Mapping, Set
from typing import NamedTuple

from matching.helpline.wrapup.form import CHILDREN, KINDS, LENGTHS, OUTCOMES
from matching.helpline.wrapup.messages import Count, MonthCounts
from matching.shelter.public.suppression import TOTAL, Cell, hidden, together, with_totals

SMALL = 5


class Answers(NamedTuple):
    """So many conversations of a département that have an answer to a question."""

    area: str
    question: str
    answer: str
    many: int


def told(line: str, month: str, answers: Iterable[Answers]) -> MonthCounts:
    every = list(answers)
    areas = sorted({it.area for it in every})
    kinds = with_totals(_of(every, "kinds"), areas, KINDS)
    outcome = with_totals(_of(every, "outcome"), areas, OUTCOMES)
    children = with_totals(_of(every, "children"), areas, CHILDREN)
    minutes = with_totals(_of(every, "minutes"), areas, LENGTHS)
    no_children, no_minutes = together([children, minutes], SMALL)
    few = {row for row, column in no_children if column == TOTAL}
    total = (TOTAL, TOTAL)
    return MonthCounts(
        line=line,
        month=month,
        chats=None if total in no_children else children.get(total, 0),
        kinds=_told(kinds, _hidden(kinds, few)),
        outcome=_told(outcome, _hidden(outcome, few)),
        children=_told(children, no_children),
        minutes=_told(minutes, no_minutes),
        small=SMALL,
    )


def _of(answers: Iterable[Answers], question: str) -> dict[Cell, int]:
    return {(it.area, it.answer): it.many for it in answers if it.question == question}


def _hidden(table: Mapping[Cell, int], few: Set[str]) -> Set[Cell]:
    return hidden(table, SMALL, {cell for cell in table if cell[0] in few})


def _told(table: Mapping[Cell, int], out: Set[Cell]) -> list[Count]:
    """Zeros are left out, hidden counts are not: that somebody was there is told."""
    return [
        Count(area=cell[0], of=cell[1], count=None if cell in out else count)
        for cell, count in sorted(table.items())
        if count > 0
    ]
