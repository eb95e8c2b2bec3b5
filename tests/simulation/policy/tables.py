"""What was found, as tables and sentences: every figure of a sentence is counted, not typed."""

from collections.abc import Iterator, Sequence

from tests.proofs.table import Table
from tests.simulation.policy import turned
from tests.simulation.policy.compare import POLICIES, Compared, beyond_ours, overall
from tests.simulation.policy.figures import between, of
from tests.simulation.policy.ours import OURS
from tests.simulation.policy.turned import AS_IT_IS, Tried, Turn

#: What a figure is multiplied with, and its decimals: shares are told in per cent.
SHOWN = {
    "one": (100.0, 0),
    "two": (100.0, 0),
    "second_s": (1.0, 0),
    "alerts": (1.0, 1),
    "calls": (1.0, 1),
    "redundant": (1.0, 2),
}
HEADS = ("≥ 1 there, %", "≥ 2 there, %", "to the second, s", "alerts", "calls", "redundant")
BEYOND = ("≥ 2 beyond ours, points", "later than ours, s")


def summary(parts: Sequence[Compared]) -> Table:
    table = Table(
        "The policies of dispatch, on the same nights",
        ("accept", "policy", *HEADS, *BEYOND),
    )
    for accepts in parts[0].cell.accepts:
        for policy in POLICIES:
            table.add(
                _share(accepts),
                policy.name,
                *(overall(parts, accepts, policy.name, it).text(*SHOWN[it]) for it in SHOWN),
                *(
                    ""
                    if policy is OURS
                    else beyond_ours(parts, accepts, policy.name, it).signed(*SHOWN[it])
                    for it in ("two", "second_s")
                ),
            )
    for line in _honest(parts):
        table.note(line)
    return table


def places(parts: Sequence[Compared]) -> Table:
    table = Table("Place by place", ("place", "accept", "policy", *HEADS, *BEYOND))
    for part in parts:
        for accepts in part.cell.accepts:
            ours = part.found[accepts, OURS.name]
            for policy in POLICIES:
                nights = part.found[accepts, policy.name]
                table.add(
                    part.cell.name,
                    _share(accepts),
                    policy.name,
                    *(of(nights, it).text(*SHOWN[it]) for it in SHOWN),
                    *(
                        "" if policy is OURS else between(nights, ours, it).signed(*SHOWN[it])
                        for it in ("two", "second_s")
                    ),
                )
    return table


def numbers(parts: Sequence[Tried], turns: Sequence[Turn]) -> Table:
    table = Table(
        "Each number of `matching/dispatch/rules.py`, turned alone",
        ("number", "instead", "accept", *HEADS, "later, s", "what it says"),
    )
    for turn in (AS_IT_IS, *turns):
        for accepts in turned.ACCEPTS:
            is_first = accepts == turned.ACCEPTS[0]
            table.add(
                turn.number if is_first else "",
                turn.value if is_first else "",
                _share(accepts),
                *(turned.value(parts, accepts, turn, it).text(*SHOWN[it]) for it in SHOWN),
                ""
                if turn is AS_IT_IS
                else turned.change(parts, accepts, turn, "second_s").signed(1, 0),
                turned.verdict(parts, turn) if is_first and turn is not AS_IT_IS else "",
            )
    table.note(
        "Three places, 1 helper in 500, nights of their own. What a call is worth to her is not "
        "among these figures: `REMOTE_MOST` 0 says what calls cost those who should come, no more."
    )
    table.note(
        "*Better* is outside of chance (95 %, paired by night), large enough to matter, and costs "
        "nothing that is measured, in none of the places. Nothing is changed because of it here."
    )
    return table


def _honest(parts: Sequence[Compared]) -> Iterator[str]:
    """Who is quicker than ours, for sure, and at what price."""
    for accepts in parts[0].cell.accepts:
        for policy in POLICIES:
            later = beyond_ours(parts, accepts, policy.name, "second_s")
            if policy is OURS or not later.is_sure or later.mean > 0:
                continue
            prices = ", ".join(
                f"{overall(parts, accepts, policy.name, it).mean:.1f} {told} "
                f"(ours {overall(parts, accepts, OURS.name, it).mean:.1f})"
                for it, told in (
                    ("alerts", "alerts"),
                    ("calls", "calls"),
                    ("redundant", "too many"),
                )
            )
            yield (
                f"At {_share(accepts)} **{policy.name}** is {-later.mean:.0f} ±"
                f"{later.half:.0f} s quicker than ours, with {prices}."
            )


def _share(accepts: float) -> str:
    return f"{accepts * 100:.3g} %"
