"""What is counted of commands is shown as prometheus-client itself would show it."""

import random

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from web.answered import Answered

BOUNDS = (0.001, 0.25, 1, 6)
#: On the bounds, between them, and beyond them all.
TIMES = (0.0, 0.0005, 0.001, 0.0011, 0.25, 0.7, 1.0, 1.5, 6.0, 7.0)


def test_the_page_is_the_librarys_letter_by_letter() -> None:
    disable_created_metrics()  # type: ignore[no-untyped-call]
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    answered = Answered(BOUNDS)
    ours.register(answered)
    commands = Counter(
        "entraide_commands",
        "Commands answered, by method and outcome",
        ["method", "outcome"],
        registry=theirs,
    )
    seconds = Histogram(
        "entraide_acknowledgement_seconds",
        "From a command's arrival to its answer",
        ["method"],
        buckets=BOUNDS,
        registry=theirs,
    )
    assert generate_latest(ours) == generate_latest(theirs)

    dice = random.Random(7)
    for _ in range(500):
        method = dice.choice(("help.raise", "helper.move"))
        outcome, took = dice.choice(("ok", "ok", "not_allowed")), dice.choice(TIMES)
        answered.count(method, outcome, took)
        commands.labels(method, outcome).inc()
        if outcome == "ok":
            seconds.labels(method).observe(took)

    assert generate_latest(ours) == generate_latest(theirs)
