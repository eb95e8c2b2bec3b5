"""I2 and I7: an alert nobody answers climbs by itself, and one that has ended climbs no more. Pure.

An alert that is due to climb while something is broken may wait until it is whole again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.adversity.history.lines import (
    ENDINGS,
    RAISED,
    RUNGS,
    Broken,
    Fault,
    Found,
    Heard,
    Line,
)

#: What a commit and a clock may differ by: an offer's moment is when its transaction began.
SLACK_S = 2.0


@dataclass(frozen=True, slots=True)
class Rung:
    action: str
    after_s: float


@dataclass(frozen=True, slots=True)
class Ladder:
    rungs: tuple[Rung, ...] = (Rung("alert.board", 60.0), Rung("alert.duty", 180.0))
    #: How late a rung may be climbed when nothing is broken…
    late_s: float = 3.0
    #: …and after something was mended: a dead hub's lease has five seconds to run, and a task that
    #: failed meanwhile is tried again after one, two, four.
    mended_s: float = 10.0


#: People who ask as fast as they are answered leave the task runners no processor: measured on two
#: cores with everything on them, rungs came up to 9.3 s late beyond what faults excuse. P5's three
#: seconds are the default, and not shown to hold under such a load.
BUSY = Ladder(late_s=10.0, mended_s=15.0)
#: Where speed is not what is asked: `./run test`, on whatever machine it runs.
PATIENT = Ladder(late_s=60.0, mended_s=60.0)


def not_climbed(lines: Sequence[Line], found: Found, ladder: Ladder) -> Iterator[Broken]:
    """I2: within T a helper has said that she comes, or the next rung is climbed, or it is over."""
    broken = [(line.at, line.until) for line in lines if isinstance(line, Fault)]
    done: dict[tuple[str, str], float] = {}
    answered: dict[str, float] = {}
    for line in found.audit:
        done.setdefault((line.action, line.thing), line.at)
        if line.action in (*ENDINGS, "offer.accepted"):
            answered.setdefault(line.thing, line.at)
    for alert, raised in [(it.thing, it.at) for it in found.audit if it.action == RAISED]:
        for rung in ladder.rungs:
            due = raised + rung.after_s
            limit = _whole_again(due + ladder.late_s, broken, ladder.mended_s)
            if answered.get(alert, found.at) <= limit or found.at <= limit:
                continue
            at = done.get((rung.action, alert))
            if at is None:
                yield Broken("I2", f"{rung.action} of {alert} did not come in time")
            elif at > limit:
                yield Broken("I2", f"{rung.action} of {alert} came {at - due:.1f} s late")


def _whole_again(limit: float, broken: Sequence[tuple[float, float]], mended_s: float) -> float:
    """The deadline, moved behind whatever was broken when it fell, and behind what followed."""
    for began, ended in sorted(broken):
        if began <= limit <= ended + mended_s:
            limit = max(limit, ended + mended_s)
    return limit


def climbed_after_the_end(lines: Sequence[Line], found: Found) -> Iterator[Broken]:
    """I7, in the audit chain's own order; and nobody is called any more."""
    over: dict[str, float] = {}
    for line in sorted(found.audit, key=lambda it: it.number):
        if line.action in ENDINGS:
            over[line.thing] = line.at
        elif line.action in RUNGS and line.thing in over:
            yield Broken("I7", f"{line.action} after the end of {line.thing}")
    said = {(channel, it.offset): it.at for channel, entries in found.log.items() for it in entries}
    for heard in lines:
        if isinstance(heard, Heard) and heard.alert in over:
            made = said.get((heard.channel, heard.offset), 0.0)
            if made > over[heard.alert] + SLACK_S:
                yield Broken("I7", f"{heard.who} was called for {heard.alert} after its end")
