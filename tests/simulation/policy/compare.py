"""Every policy on the same nights: settings, densities of helpers, shares who accept.

A cell is one setting with one density. Cells know nothing of each other, so they are played on as
many processors as there are; what comes out does not depend on how many.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from tests.simulation.policy.figures import Estimate, Figures, between, figures, of, together
from tests.simulation.policy.nights import Night, made, nights
from tests.simulation.policy.ours import COMING_ONLY, OURS
from tests.simulation.policy.people import Reply
from tests.simulation.policy.picking import OTHERS
from tests.simulation.policy.places import SETTINGS, Setting
from tests.simulation.policy.play import Evening, Policy

Given = TypeVar("Given")
Made = TypeVar("Made")

#: Inhabitants for each helper on duty.
DENSITIES = (500, 5_000)
#: As published: a responder accepted in 1.3 % of cardiac arrests in London and 5.4 % in the East
#: Midlands [R5], one was on the scene in 56 % of alerts [R4]; two in between. They are published of
#: a whole alert, or of some responder; here each asked person accepts with that chance.
ACCEPTS = (0.013, 0.054, 0.15, 0.30, 0.56)
POLICIES: tuple[Policy, ...] = (*OTHERS, OURS, COMING_ONLY)

#: By share that accepts and policy: each night's figures.
Found = dict[tuple[float, str], list[Figures]]


@dataclass(frozen=True, slots=True)
class Cell:
    setting: Setting
    inhabitants_a_helper: int
    nights: int
    seed: int
    accepts: tuple[float, ...] = ACCEPTS

    @property
    def name(self) -> str:
        return f"{self.setting.name}, 1 in {self.inhabitants_a_helper:,}"

    def made(self) -> Iterable[Night]:
        names = nights(self.setting, self.inhabitants_a_helper, self.nights, self.seed)
        return (made(self.setting, self.inhabitants_a_helper, it) for it in names)


@dataclass(frozen=True, slots=True)
class Compared:
    cell: Cell
    found: Found
    #: Whether every policy met the same person with the same answer, wherever it asked her.
    same: bool
    #: The most who were on their way at once to one request, with our policy.
    most_going: int


def cells(seed: int) -> list[Cell]:
    """All of them, at full size."""
    return [
        Cell(setting, density, setting.nights, seed)
        for setting in SETTINGS
        for density in DENSITIES
    ]


def compared(cell: Cell) -> Compared:
    found: Found = {}
    same, most = True, 0
    for night in cell.made():
        for accepts in cell.accepts:
            met: dict[tuple[int, int], Reply] = {}
            for policy in POLICIES:
                played = Evening(night, policy, accepts).play()
                found.setdefault((accepts, policy.name), []).append(figures(played.cases))
                same = same and agree(met, played.met)
                met.update(played.met)
                if policy in (OURS, COMING_ONLY):
                    most = max(most, *(it.most_going for it in played.cases))
    return Compared(cell, found, same, most)


def agree(some: dict[tuple[int, int], Reply], others: dict[tuple[int, int], Reply]) -> bool:
    """Whether nobody answered one request in two ways."""
    return all(others[key] == some[key] for key in others.keys() & some.keys())


def on_all_processors(
    work: Callable[[Given], Made], given: Sequence[Given], *, alone: bool
) -> list[Made]:
    """In the order given. ``alone``: here, one after the other, as in a test."""
    if alone:
        return [work(it) for it in given]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:
        return list(pool.map(work, given))


def overall(parts: Sequence[Compared], accepts: float, policy: str, what: str) -> Estimate:
    """Over all cells, each weighing the same."""
    return together([of(it.found[accepts, policy], what) for it in parts])


def beyond_ours(parts: Sequence[Compared], accepts: float, policy: str, what: str) -> Estimate:
    """How much more than ours, on the same nights."""
    return together(
        [between(it.found[accepts, policy], it.found[accepts, OURS.name], what) for it in parts]
    )
