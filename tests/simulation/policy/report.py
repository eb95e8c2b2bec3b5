"""The whole run: policies compared, numbers turned, bugs planted; its text and its chart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matching.dispatch.rules import ON_THE_WAY_MOST
from tests.proofs.table import Table
from tests.simulation.policy import tables, turned
from tests.simulation.policy.chart import drawn
from tests.simulation.policy.compare import Cell, Compared, cells, compared, on_all_processors
from tests.simulation.policy.people import ANSWERS_S, LEAVES_S, SAYS_NO
from tests.simulation.policy.places import CREUSE, PARIS, SETTINGS, TOWN
from tests.simulation.policy.planted import other_dice_are_seen, replacement_off_is_seen
from tests.simulation.policy.turned import TURNS, Turn, tried

#: Inhabitants for each helper where numbers are turned: with fewer, nothing is left to choose.
TURNED_DENSITY, TURNED_NIGHTS = 500, 10

HOW_TO_READ = f"""
{{places}} places ("1 in 500": inhabitants for each helper on duty), {{nights}} nights, {{requests}}
requests; the same helpers, requests and answers for every policy. A helper accepts with the chance
in the column *accept*, after {ANSWERS_S:.0f} s (log-normal median), sets out after {LEAVES_S:.0f} s
and walks, cycles or drives; of the others {SAYS_NO:.0%} say no and the rest are silent.
*≥ 1 there*, *≥ 2 there*: within ten minutes. *To the second*: seconds, fifteen minutes where she
did not come. *Alerts*: asked to come; *calls*: asked to call or write (ours alone does).
*Redundant*: who came beyond the second. After ± is half of a 95 % interval (Student's, over
nights; differences are paired night by night). The rows of the first table are means over the
places, which weigh alike.

![Two there within ten minutes, against people asked](policy.svg)
"""


@dataclass(frozen=True, slots=True)
class Report:
    #: Holds what is required of the run.
    table: Table
    sections: Sequence[Table]
    chart: str
    how: str

    def text(self, circumstances: str) -> str:
        first = self.table.markdown(f"{circumstances}\n{self.how}")
        return "\n".join([first, *("#" + it.markdown() for it in self.sections)])


def run(seed: int, *, reduced: bool) -> Report:
    compare, turn_in, turns, plant = _small(seed) if reduced else _whole(seed)
    parts = on_all_processors(compared, compare, alone=reduced)
    if reduced:
        found = [tried(it, turns) for it in turn_in]
    else:
        found = on_all_processors(tried, turn_in, alone=False)
    table = tables.summary(parts)
    _require(table, parts, plant)
    nights = sum(it.nights for it in compare)
    requests = sum(it.nights * it.setting.requests for it in compare)
    return Report(
        table,
        (tables.numbers(found, turns), tables.places(parts)),
        drawn(parts),
        HOW_TO_READ.format(places=len(compare), nights=nights, requests=f"{requests:,}"),
    )


Sizes = tuple[list[Cell], list[Cell], Sequence[Turn], Cell]


def _whole(seed: int) -> Sizes:
    turn_in = [Cell(it, TURNED_DENSITY, TURNED_NIGHTS, seed + 1, turned.ACCEPTS) for it in SETTINGS]
    return cells(seed), turn_in, TURNS, Cell(PARIS, TURNED_DENSITY, 5, seed)


def _small(seed: int) -> Sizes:
    few = [replace(it, requests=3) for it in (PARIS, TOWN, CREUSE)]
    compare = [Cell(it, TURNED_DENSITY, 2, seed, turned.ACCEPTS) for it in few]
    turns = [it for it in TURNS if it.name in {"WANTED 3", "RINGS 10 km at once"}]
    return compare, compare[1:2], turns, Cell(replace(TOWN, requests=6), TURNED_DENSITY, 6, seed)


def _require(table: Table, parts: Sequence[Compared], plant: Cell) -> None:
    table.require(
        "all policies met the same people with the same answers", all(it.same for it in parts)
    )
    most = max(it.most_going for it in parts)
    table.require(
        f"with ours never more than {ON_THE_WAY_MOST} were on their way to one request ({most})",
        most <= ON_THE_WAY_MOST,
    )
    table.require("planted, and seen: ours meets people of other dice", other_dice_are_seen(plant))
    table.require("planted, and seen: nobody is replaced", replacement_off_is_seen(plant))
