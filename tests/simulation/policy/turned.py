"""Each number of ``matching/dispatch/rules.py``, turned alone: what ours would be with another.

A number is changed in every file of dispatch that has it, for the time of one play, so that it is
the program's own machine that runs with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from matching.dispatch import incident, machine, rules, search
from tests.simulation.policy.compare import Cell
from tests.simulation.policy.figures import Estimate, Figures, between, figures, of, together
from tests.simulation.policy.ours import OURS, Ours
from tests.simulation.policy.play import Evening

FILES = (rules, incident, machine, search)
#: What is told of a difference: from so many seconds, such a share of those asked, so many who come
#: for nothing, and such a share of requests that have somebody.
MATTERS_S, MATTERS_ASKED, MATTERS_REDUNDANT, MATTERS_REACHED = 5.0, 0.05, 0.1, 0.03
#: Shares who accept: few and some.
ACCEPTS = (0.054, 0.30)


def _s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Turn:
    number: str
    value: str
    change: Mapping[str, object] = field(default_factory=dict)
    policy: Ours = OURS

    @property
    def name(self) -> str:
        return f"{self.number} {self.value}"


AS_IT_IS = Turn("as it is", "")
TURNS = (
    *(Turn("NEAR_HOPEFUL", f"{it}", {"NEAR_HOPEFUL": it}) for it in (3, 5, 10, 15)),
    *(Turn("WANTED", f"{it}", {"WANTED": it}) for it in (1, 3, 4)),
    *(Turn("STEP", f"{it} s", {"STEP": _s(it)}) for it in (5, 10, 40)),
    *(Turn("SILENCE", f"{it} s", {"SILENCE": _s(it)}) for it in (10, 40)),
    Turn("SILENCE", "never replaced", {"SILENCE": _s(86_400)}),
    Turn("RINGS", "to 1.8 km", {"RINGS": (1, 3, 5)}),
    Turn("RINGS", "from 1.8 km", {"RINGS": (5, 15, 30)}),
    Turn("RINGS", "10 km at once", {"RINGS": (30,)}),
    *(Turn("ON_THE_WAY_MOST", f"{it}", {"ON_THE_WAY_MOST": it}) for it in (2, 3, 8)),
    *(Turn("LATE", f"{it} s", {"LATE": _s(it)}) for it in (0, 1)),
    *(Turn("REMOTE_MOST", f"{it}", {"REMOTE_MOST": it}) for it in (0, 10, 25)),
    *(Turn("REMOTE_PASSED", f"{it}", {"REMOTE_PASSED": it}) for it in (0, 50, 200)),
    *(Turn("REMOTE_WANTED", f"{it}", {"REMOTE_WANTED": it}) for it in (1, 4)),
    Turn("IDLE", "20 s", {"IDLE": _s(20)}),
    Turn("replacement", "off", policy=Ours(name="off", replaces=False)),
)


@contextmanager
def turned(change: Mapping[str, object]) -> Iterator[None]:
    kept = [
        (file, name, getattr(file, name))
        for file in FILES
        for name in change
        if hasattr(file, name)
    ]
    if {name for _, name, _ in kept} != set(change):
        raise LookupError(f"no such number in matching/dispatch: {set(change)}")
    try:
        for file, name, _ in kept:
            setattr(file, name, change[name])
        yield
    finally:
        for file, name, value in kept:
            setattr(file, name, value)


#: By share that accepts and turn: each night's figures.
Tried = dict[tuple[float, str], list[Figures]]


def tried(cell: Cell, turns: Sequence[Turn] = TURNS) -> Tried:
    found: Tried = {}
    for night in cell.made():
        for accepts in cell.accepts:
            for turn in (AS_IT_IS, *turns):
                with turned(turn.change):
                    played = Evening(night, turn.policy, accepts).play()
                found.setdefault((accepts, turn.name), []).append(figures(played.cases))
    return found


def value(parts: Sequence[Tried], accepts: float, turn: Turn, what: str) -> Estimate:
    return together([of(it[accepts, turn.name], what) for it in parts])


def change(parts: Sequence[Tried], accepts: float, turn: Turn, what: str) -> Estimate:
    """What turning the number adds, on the same nights."""
    pairs = [(it[accepts, turn.name], it[accepts, AS_IT_IS.name]) for it in parts]
    return together([between(one, other, what) for one, other in pairs])


def verdict(parts: Sequence[Tried], turn: Turn) -> str:
    """What the figures say of a value: only what is outside of chance at 95 %, and matters."""
    gains, costs = set[str](), set[str]()
    for accepts in ACCEPTS:
        asked = value(parts, accepts, AS_IT_IS, "asked").mean
        for what, least, fewer, more in (
            ("second_s", MATTERS_S, "quicker", "slower"),
            ("asked", MATTERS_ASKED * asked, "asks fewer", "asks more"),
            ("redundant", MATTERS_REDUNDANT, "fewer come for nothing", "more come for nothing"),
        ):
            by = change(parts, accepts, turn, what)
            if by.is_sure and abs(by.mean) >= least:
                (gains if by.mean < 0 else costs).add(fewer if by.mean < 0 else more)
    if "slower" not in costs and any(_worse_somewhere(parts, it, turn) for it in ACCEPTS):
        costs.add("worse in one of the places")
    if not costs:
        return f"**better**: {', '.join(sorted(gains))}" if gains else "no difference that matters"
    told = ", ".join(sorted(costs))
    return f"{', '.join(sorted(gains))}; but {told}" if gains else told


def _worse_somewhere(parts: Sequence[Tried], accepts: float, turn: Turn) -> bool:
    """Whether one of the places loses by it, whatever the others gain."""
    for part in parts:
        later = change([part], accepts, turn, "second_s")
        reached = change([part], accepts, turn, "one")
        if (later.is_sure and later.mean >= 2 * MATTERS_S) or (
            reached.is_sure and reached.mean <= -MATTERS_REACHED
        ):
            return True
    return False
