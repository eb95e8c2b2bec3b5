"""The run as one report: what is printed and kept, its chart, the plan in ``SCALE.md``."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.load.country import sections
from tests.load.country.chart import Line, drawn
from tests.load.country.costs import Costs, Happens
from tests.load.country.evening import Played
from tests.load.country.narrow import Narrow, narrow_places
from tests.load.country.people import PHONES
from tests.load.country.world import World
from tests.load.kept import RESULTS
from tests.proofs.table import Table

#: The model is right when what is measured is that near to what it says.
NEAR = 0.25
#: In ``SCALE.md`` are so many of the fullest cells, and what gives way before so many times.
FEW, SOON = 4, 5.0
HERE = Path(__file__).parent
#: In ``SCALE.md``, what is between these lines is written by the bench.
_PLAN = re.compile(r"(<!-- plan -->\n).*?(<!-- /plan -->)", re.DOTALL)


@dataclass(slots=True)
class Report(Table):
    """A table with others under it."""

    sections: list[Table] = field(default_factory=list)

    def markdown(self, circumstances: str = "") -> str:
        first = "\n".join(self._lines(circumstances))
        return "\n".join((first, *("#" + it.markdown() for it in self.sections)))


def report(world: World, costs: Costs, played: Played, flush_s: float, *, large: bool) -> Report:
    table = Report(
        f"{PHONES:,} phones over France; the model beside {played.phones:,} real ones",
        ("what", "predicted", "measured", "measured / predicted"),
    )
    ratios = sections.compared(table, played)
    _require(table, world, played)
    for name, times in ratios.items():
        near = 1 / (1 + NEAR) <= times <= 1 + NEAR
        table.aim(f"{name} within {NEAR:.0%} of what the model says", near)
    happened = ", ".join(
        f"{many:,} × {what.value.partition(':')[0]}" for what, many in played.happened.items()
    )
    for it in played.failed:
        table.note(f"in the evening somebody was refused: {it}")
    table.aim("no line was cut by the node", played.lost == 0)
    asked = played.happened[Happens.ASKS]
    table.note(
        f"the evening: {happened}; people came to {played.covered} of {played.asked}, each of "
        f"which asked {played.offers / asked:.1f}; those that were costed asked "
        f"{costs.offers:.1f} each"
    )
    places = narrow_places(costs, flush_s, world.fullest)
    country = world.country.load
    if large:
        table.note(
            "costed among few phones, the evening played among many; whatever is beyond so many "
            "phones on one node is extrapolated"
        )
    table.note(f"beside it, a page of 4 KiB was on this disk after {flush_s * 1e3:.2f} ms")
    table.sections = [
        sections.planned(world, costs),
        sections.breaks(places, country),
        sections.each(world, costs),
        sections.hot(world, costs),
        sections.hops(world.installations, costs),
        sections.storms(world, costs),
        sections.day(world, costs),
        sections.costed(costs),
    ]
    return table


def _require(table: Table, world: World, played: Played) -> None:
    kept = all(abs(it.crowd.total / it.load.phones - 1) < 1e-6 for it in world.installations)
    table.require("every phone is in some cell, and in one only", kept)
    positions = world.country.load.within + world.country.load.across
    listed = sum(world.country.load.lists.values())
    table.require("every position is in some list", abs(listed / positions - 1) < 1e-6)
    asked = played.happened[Happens.ASKS]
    table.require("every request was carried to its end", played.asked == asked > 0)


def written(world: World, costs: Costs, played: Played, flush_s: float) -> None:
    """The chart beside what is kept of the run, and the tables in ``SCALE.md``."""
    places = narrow_places(costs, flush_s, world.fullest)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "country.svg").write_text(_picture(world, places), encoding="utf-8")
    tables = (
        sections.planned(world, costs),
        sections.breaks(places, world.country.load, before=SOON),
        sections.each(world, costs),
        sections.hot(world, costs, many=FEW),
        sections.checked(played),
    )
    scale = HERE.parent / "SCALE.md"
    plan = "\n".join(map(_bare, tables))
    text = _PLAN.sub(lambda found: f"{found[1]}{plan}\n{found[2]}", scale.read_text("utf-8"))
    scale.write_text(text, encoding="utf-8")


def _bare(table: Table) -> str:
    title, *rest = table.markdown().split("\n")
    return "\n".join((f"**{title.removeprefix('# ')}**", *rest))


def _picture(world: World, places: Sequence[Narrow]) -> str:
    load = world.country.load
    lines = (
        Line("positions", [it.within + it.across for it in world.day]),
        Line("requests for help", [it.requests for it in world.day]),
        Line("changes of duty", [it.duties for it in world.day]),
    )
    full = sorted(((it.name, it.full_at(load)) for it in places), key=lambda it: it[1])
    return drawn(lines, full)
