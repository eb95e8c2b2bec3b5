"""Where the weights of ``geo/transit/rules.py`` come from: run it, and copy what it prints.

    python -m tests.proofs.riding.fitting

People of seed 101, trails of 15 to 90 seconds, a logistic regression by Newton's method. The proof
asks about people of other seeds.
"""

import sys
from collections.abc import Sequence
from datetime import timedelta
from math import exp
from random import Random
from unittest.mock import patch

from geo.transit import riding
from geo.transit.network import Network
from tests.support.riding import START, World
from tests.support.traces import idf_network

SEED, PEOPLE, STEPS = 101, 6_000, 25
#: Keeps a weight that says nothing from growing.
RIDGE = 1e-3


def main() -> None:
    rows = _rows(idf_network())
    weights = fitted([it for it, _ in rows], [aboard for _, aboard in rows])
    sys.stdout.write(f"{len(rows)} trails: {tuple(round(it, 3) for it in weights)}\n")


def _rows(network: Network) -> list[tuple[tuple[float, ...], float]]:
    world, dice = World.of(network, SEED, people=PEOPLE), Random(SEED)
    rows: list[tuple[tuple[float, ...], float]] = []
    told: list[tuple[float, ...]] = []

    def noted(found: Sequence[float]) -> float:
        told.append(tuple(found))
        return 1.0

    with patch.object(riding, "aboard", noted):
        for person in world.people:
            at = dice.uniform(100, 1_000)
            if person.vehicle is not None:
                begins = max(person.vehicle.leaves + 20, 0.0)
                ends = person.vehicle.leaves + person.vehicle.drive.lasts - 5
                if ends <= begins:
                    continue
                at = dice.uniform(begins, ends)
            lasts = 90.0 if dice.random() < 0.6 else dice.uniform(15, 90)
            trail = world.trail(person, at, lasts)
            riding.match(network, trail, START + timedelta(seconds=at))
            rows += [(it, float(person.kind == "rider")) for it in told]
            told.clear()
    return rows


def fitted(found: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """The weights that make what is right likeliest."""
    size = len(found[0])
    weights = [0.0] * size
    for _ in range(STEPS):
        slope = [0.0] * size
        curve = [[RIDGE * (row == column) for column in range(size)] for row in range(size)]
        for values, is_right in zip(found, right, strict=True):
            logit = sum(a * b for a, b in zip(weights, values, strict=True))
            chance = 1 / (1 + exp(-max(-30.0, min(30.0, logit))))
            for row in range(size):
                slope[row] += (is_right - chance) * values[row]
                for column in range(size):
                    curve[row][column] += chance * (1 - chance) * values[row] * values[column]
        step = _solved(curve, slope)
        weights = [a + b for a, b in zip(weights, step, strict=True)]
    return weights


def _solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Gauss and Jordan; the matrix is a curvature, so its diagonal is never nothing."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for place, row in enumerate(rows):
        pivot = row[place]
        row[:] = [value / pivot for value in row]
        for other in rows:
            if other is not row:
                factor = other[place]
                other[:] = [a - factor * b for a, b in zip(other, row, strict=True)]
    return [row[-1] for row in rows]


if __name__ == "__main__":
    main()
