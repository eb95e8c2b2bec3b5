"""Commands answered, by method and outcome, and how long they took: counted in plain numbers.

For one thread. A counter of prometheus-client looks its labels up and takes a lock each time it
counts, a fifth of what a position costs; the page they make is the same, letter by letter.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

OK = "ok"


@dataclass(slots=True)
class _Took:
    #: How many took no longer than each bound, and longer than the one before; the last, than all.
    within: list[int]
    seconds: float = 0.0


class Answered(Collector):
    def __init__(self, bounds: Sequence[float]) -> None:
        """``bounds``: in seconds, ascending, by which those answered well are told apart."""
        self._bounds = tuple(bounds)
        self._names = tuple(str(float(it)) for it in bounds)
        self._outcomes: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._took: dict[str, _Took] = {}

    def count(self, method: str, outcome: str, seconds: float) -> None:
        self._outcomes[method, outcome] += 1
        if outcome == OK:
            took = self._took.get(method)
            if took is None:
                took = self._took[method] = _Took([0] * (len(self._bounds) + 1))
            took.within[bisect_left(self._bounds, seconds)] += 1
            took.seconds += seconds

    def collect(self) -> Iterator[Metric]:
        commands = CounterMetricFamily(
            "entraide_commands",
            "Commands answered, by method and outcome",
            labels=["method", "outcome"],
        )
        for both, many in self._outcomes.items():
            commands.add_metric(both, many)
        yield commands
        acknowledged = HistogramMetricFamily(
            "entraide_acknowledgement_seconds",
            "From a command's arrival to its answer",
            labels=["method"],
        )
        for method, took in self._took.items():
            acknowledged.add_metric([method], list(self._buckets(took)), took.seconds)
        yield acknowledged

    def _buckets(self, took: _Took) -> Iterator[tuple[str, float]]:
        many = 0
        for bound, more in zip((*self._names, "+Inf"), took.within, strict=True):
            many += more
            yield bound, many
