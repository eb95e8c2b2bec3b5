"""Bugs that the simulator must see: its own, and the policy's."""

from dataclasses import replace

from tests.simulation.policy.compare import Cell, agree
from tests.simulation.policy.figures import Figures, between, figures
from tests.simulation.policy.ours import OURS, Ours
from tests.simulation.policy.picking import SORORITY
from tests.simulation.policy.play import Evening

ACCEPTS = 0.30


def other_dice_are_seen(cell: Cell) -> bool:
    """Planted: ours meets people of other dice than the policies it is compared with."""
    night = next(iter(cell.made()))
    theirs = Evening(night, SORORITY, ACCEPTS).play().met
    honest = Evening(night, OURS, ACCEPTS).play().met
    loaded = replace(night, seed=f"{night.seed} others", _replies={})
    planted = Evening(loaded, OURS, ACCEPTS).play().met
    return agree(theirs, honest) and not agree(theirs, planted)


def replacement_off_is_seen(cell: Cell) -> bool:
    """Planted: whoever refuses or is silent is replaced by nobody. She waits longer, for sure."""
    off = Ours(name="planted", replaces=False)
    found: dict[str, list[Figures]] = {}
    for night in cell.made():
        for policy in (OURS, off):
            cases = Evening(night, policy, ACCEPTS).play().cases
            found.setdefault(policy.name, []).append(figures(cases))
    longer = between(found[off.name], found[OURS.name], "second_s")
    return longer.is_sure and longer.mean > 0
