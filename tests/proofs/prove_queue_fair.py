"""The helpline's queue against what others do: 3, 6 and 12 operators, 20 to 500 chats a day.

What is tried is the pure part that runs (``matching/helpline/choosing.py``), on days with an
evening's peak, visitors who leave, operators who miss an offer. A planted bug must be seen: without
ageing somebody starves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.proofs.table import Table
from tests.proofs.waiting.days import listeners, visitors
from tests.proofs.waiting.planted import starved
from tests.proofs.waiting.play import Day, Outcome
from tests.proofs.waiting.policies import LeastBusy, OneQueue, Ours, Policy, RoundRobin
from tests.proofs.waiting.telling import Held, TellingDay

OPERATORS, LOADS = (3, 6, 12), (20, 60, 150, 300, 500)
POLICIES: tuple[Callable[[], Policy], ...] = (Ours, OneQueue, LeastBusy, RoundRobin)
#: An operator's hand, and one offer that was not seen: not yet a wait for anybody's time.
A_HAND_S = 60.0
#: Where fewer wait longer than that, p95 lies among those who do not, and compares hands.
FEW = 0.06
#: What ``matching/helpline/estimate.py`` says of its ranges.
TOLD_RIGHT = 0.8


@dataclass(frozen=True, slots=True)
class Size:
    #: Chats of each cell, in about.
    chats: int
    loads: tuple[int, ...]


FULL, REDUCED = Size(12_000, LOADS), Size(1_500, (20, 150, 500))


def main(seed: int, reduced: bool) -> Table:
    size = REDUCED if reduced else FULL
    table = Table(
        "A fair queue: waits in seconds",
        ("operators", "chats a day", "rule", "p50", "p95", "p99", "code orange p95", "left %"),
    )
    beaten: list[bool] = []
    orange: list[bool] = []
    honest = Held()
    for many in OPERATORS:
        for load in size.loads:
            played = _cell(many, load, size, seed, table, honest)
            ours, one = played[Ours.name], played[OneQueue.name]
            for other in (played[LeastBusy.name], played[RoundRobin.name]):
                busy = max(ours.share_over(A_HAND_S), other.share_over(A_HAND_S)) > FEW
                beaten.append(not busy or ours.at(0.95) < other.at(0.95))
            busy = one.orange_at(0.95) > A_HAND_S
            orange.append(not busy or ours.orange_at(0.95) < one.orange_at(0.95))
    table.require(
        "on p95 ours beats round-robin and least-busy wherever anybody waits", all(beaten)
    )
    table.require(
        "code orange waits less than first come, first served, wherever it waits", all(orange)
    )
    table.require(
        "without ageing somebody starves, and it is seen", starved(ageing=False, seed=seed)
    )
    table.require(
        f"eight of ten of those told to wait are answered in the range they were told "
        f"({honest.share:.0%} of {honest.told:,})",
        honest.share >= TOLD_RIGHT,
    )
    table.require("with it nobody does", not starved(ageing=True, seed=seed))
    table.note(
        "Compared where more than 6 % wait longer than a minute (an operator's hand, and one offer "
        "that was not seen). Below, p95 lies among those who do not wait: least-busy may then look "
        "quicker, as it lets newcomers pass those who wait in a busy colleague's line; see p99."
    )
    table.note(
        "A wait is until the answer or until she leaves, of everybody who came. `one queue` is "
        "ours without risk: what putting danger first costs the others is the difference."
    )
    return table


def _cell(
    many: int, load: int, size: Size, seed: int, table: Table, honest: Held
) -> dict[str, Outcome]:
    chance = Random(f"{seed} {many} {load}")
    staff = listeners(many, chance)
    people = visitors(load, max(1, round(size.chats / load)), chance)
    played = {}
    for made in POLICIES:
        policy = made()
        if type(policy) is Ours:
            day = TellingDay(policy, staff, seed)
            found = day.play(people)
            honest.told += day.held.told
            honest.kept += day.held.kept
        else:
            found = Day(policy, staff, seed).play(people)
        played[policy.name] = found
        table.add(
            many,
            load,
            policy.name,
            round(found.at(0.5)),
            round(found.at(0.95)),
            round(found.at(0.99)),
            round(found.orange_at(0.95)),
            f"{found.left_share:.1%}",
        )
    return played
