"""A moving phone is matched to its line and direction, and the confidence says how often rightly.

Phones ride on the real tracks of Île-de-France, with noise, outliers and tunnels, rounded as they
round; as many people walk, cycle, drive beside those tracks, wait at stops or are at home. A line
that shares the track of the last minute with the true one (60 m or less, everywhere) cannot be told
from it by anybody: both ways to count are printed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from random import Random

from geo.transit.network import Network
from geo.transit.riding import match
from geo.transit.rules import ABOARD
from tests.proofs.riding.asking import OPEN_S, Answer, Asked, Match, answers, people_asked
from tests.proofs.riding.planted import PLANTED
from tests.proofs.riding.sharing import Sharing
from tests.proofs.table import Table
from tests.support.riding import MIX, NOT_ABOARD, World
from tests.support.traces import idf_network

FULL, REDUCED = 10_000, 300
#: Each bug is planted for so many of the people, who are in no order.
PLANTED_MOST = 1_500
#: Riders in the open for a minute: line (or one that shares its track) and direction.
LEAST_RIGHT = 0.95
#: People not aboard who are taken for riders: of all of them, and of those in cars.
MOST_FALSE, MOST_FALSE_CARS = 0.06, 0.14
#: How much more may be claimed than is right, and how much less, beyond what chance explains.
CALIBRATED, MODEST = 0.05, 0.1
#: Buckets of the calibration with fewer people say nothing.
LEAST_BUCKET = 25


@dataclass(frozen=True, slots=True)
class Bucket:
    claimed: float
    right: float
    many: int

    @property
    def honest(self) -> bool:
        too_much, chance = self.claimed - self.right, _chance(self.claimed, self.many)
        return self.many < LEAST_BUCKET or -MODEST - chance <= too_much <= CALIBRATED + chance


@dataclass(frozen=True, slots=True)
class Measured:
    """What a way to match comes to on these people."""

    riders: Sequence[Answer]
    others: Sequence[Answer]
    #: Everybody, by tenths of confidence.
    buckets: dict[int, Bucket]

    def share(self, of: Sequence[Answer], what: Callable[[Answer], bool]) -> float:
        return sum(map(what, of)) / max(1, len(of))

    @property
    def false(self) -> float:
        return self.share(self.others, _matched)

    @property
    def false_cars(self) -> float:
        return self.share([it for it in self.others if it.asked.kind == "car"], _matched)

    @property
    def cars(self) -> int:
        return sum(it.asked.kind == "car" for it in self.others)

    def verdicts(self) -> list[tuple[str, bool]]:
        right = self.share(self.riders, lambda it: it.right)
        alone = [it for it in self.riders if len(it.asked.sharing) < 2]
        exact = self.share(alone, lambda it: it.exact)
        return [
            (
                f"{right:.1%} of the riders: their line, or one that shares its track, and their"
                f" direction, after {OPEN_S:.0f} s in the open ({LEAST_RIGHT:.0%} asked for)",
                right >= LEAST_RIGHT,
            ),
            (
                f"{exact:.1%} of those whose track no other line shares: exactly theirs",
                exact >= LEAST_RIGHT,
            ),
            (
                f"{self.false:.1%} of the people not aboard are taken for riders"
                f" ({MOST_FALSE:.0%} at most), {self.false_cars:.1%} of those in cars beside a"
                f" track ({MOST_FALSE_CARS:.0%} at most)",
                self.false <= MOST_FALSE + _chance(MOST_FALSE, len(self.others))
                and self.false_cars <= MOST_FALSE_CARS + _chance(MOST_FALSE_CARS, self.cars),
            ),
            (
                "in every tenth of confidence no more is claimed than is right, within"
                f" {CALIBRATED} and chance, and not less by more than {MODEST}",
                all(it.honest for it in self.buckets.values()),
            ),
        ]


def main(seed: int, reduced: bool) -> Table:
    dice = Random(seed)
    number = REDUCED if reduced else FULL
    network = idf_network()
    sharing = Sharing(network)
    # Some runs are over before a minute in the open: more set out than are asked about.
    riding = World.of(network, seed, people=round(number * 1.2), mix={"rider": 1.0})
    beside = {kind: MIX[kind] for kind in NOT_ABOARD}
    around = World.of(network, seed + 1, people=number, mix=beside)
    riders = people_asked(riding, sharing, dice, least_open=OPEN_S)[:number]
    others = people_asked(around, sharing, dice, least_open=0)
    # At any moment, just out of a tunnel too.
    hurried = World.of(network, seed + 2, people=number // 4, mix={"rider": 1.0})
    early = people_asked(hurried, sharing, dice, least_open=0)
    network.prepare()
    measured = _measured(answers(network, riders, match), answers(network, others, match))
    table = _table(measured, answers(network, early, match), number)
    for bug, planted in PLANTED.items():
        broken = _broken(network, riders[:PLANTED_MOST], others[:PLANTED_MOST], planted)
        table.require(f"caught: {bug}", bool(broken))
        table.note(f"Planted, {bug}: {'; '.join(broken) or 'nothing is broken'}.")
    return table


def _broken(
    network: Network, riders: Sequence[Asked], others: Sequence[Asked], planted: Match
) -> list[str]:
    """What a bug breaks that holds without it."""
    sound, ill = (
        _measured(answers(network, riders, it), answers(network, others, it)).verdicts()
        for it in (match, planted)
    )
    return [sentence for (sentence, met), (_, held) in zip(ill, sound, strict=True) if held > met]


def _measured(riders: Sequence[Answer], others: Sequence[Answer]) -> Measured:
    groups: dict[int, list[Answer]] = {}
    for it in (*riders, *others):
        groups.setdefault(min(int(it.confidence * 10), 9), []).append(it)
    buckets = {
        tenth: Bucket(
            sum(it.confidence for it in them) / len(them),
            sum(it.exact for it in them) / len(them),
            len(them),
        )
        for tenth, them in sorted(groups.items())
    }
    return Measured(riders, others, buckets)


def _chance(share: float, many: int) -> float:
    """How far off a share of so many people may be by chance: once in a hundred times."""
    return 2.6 * sqrt(share * (1 - share) / max(1, many) + 0.25 / max(1, many) ** 2)


def _matched(it: Answer) -> bool:
    return it.confidence >= ABOARD


def _table(measured: Measured, early: Sequence[Answer], number: int) -> Table:
    table = Table(
        "A moving phone is matched to its line and direction",
        ("who", "phones", "line and direction, exactly", "or a line that shares the track",
         "direction, of those", "track shared", "confidence 0.5 or more", "ms a match"),
    )  # fmt: skip
    modes = sorted({it.asked.mode for it in measured.riders})
    for mode in modes:
        _row(table, f"riders, {mode}", [it for it in measured.riders if it.asked.mode == mode])
    _row(table, f"riders, all, after {OPEN_S:.0f} s in the open", measured.riders)
    _row(table, "riders at any moment above ground", early)
    for kind in NOT_ABOARD:
        _row(table, kind, [it for it in measured.others if it.asked.kind == kind])
    table.require(
        f"{len(measured.riders):,} phones rode, of {number:,}; {len(measured.others):,} did not",
        len(measured.riders) >= number * 0.98 and len(measured.others) >= number * 0.98,
    )
    for sentence, met in measured.verdicts():
        table.require(sentence, met)
    exact = measured.share(measured.riders, lambda it: it.exact)
    table.aim(f"{exact:.1%} of all riders exactly, shared tracks or not", exact >= LEAST_RIGHT)
    for tenth, it in measured.buckets.items():
        table.note(
            f"Confidence {tenth / 10:.1f} to {tenth / 10 + 0.1:.1f}: {it.many:,} phones, claimed"
            f" {it.claimed:.3f} on average, right {it.right:.3f}."
        )
    table.note(
        "The confidence is honest for as many riders as other people near tracks, in the shares of"
        f" tests/support/riding.py ({', '.join(f'{kind} {MIX[kind]:.0%}' for kind in NOT_ABOARD)})."
    )
    return table


def _row(table: Table, who: str, of: Sequence[Answer]) -> None:
    if not of:
        return
    right = [it for it in of if it.right]
    aboard = of[0].asked.kind == "rider"
    table.add(
        who,
        len(of),
        _percent(sum(it.exact for it in of) / len(of)) if aboard else "",
        _percent(len(right) / len(of)) if aboard else "",
        _percent(_directed(of)) if aboard else "",
        _percent(sum(len(it.asked.sharing) > 1 for it in of) / len(of)) if aboard else "",
        _percent(sum(map(_matched, of)) / len(of)),
        1000 * sum(it.seconds for it in of) / len(of),
    )


def _directed(of: Sequence[Answer]) -> float:
    """Of those matched to their line, or one that shares its track, how many go the right way."""
    there = [it for it in of if it.best is not None and it.best.line in it.asked.ways]
    return sum(it.right for it in there) / max(1, len(there))


def _percent(share: float) -> str:
    return f"{share:.1%}"
