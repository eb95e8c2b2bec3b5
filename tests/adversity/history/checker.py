"""The invariants I1 to I8, asked of a whole history. Pure: it is run offline, on files.

* I1 what was acknowledged is there after recovery, whole.
* I2 an alert that nobody answers climbs its ladder in time.
* I3 nothing is there, or delivered, that nobody asked for.
* I4 each publication once to each listener, and by the end all of them.
* I5 each stream without holes, and the same for all who hear it.
* I6 nothing reaches whom it must not reach once that is committed.
* I7 what has ended starts nothing.
* I8 what was asked twice, or whose answer was lost, happened once at most.
"""

from collections.abc import Sequence

from tests.adversity.history import effects, ladder, rights, streams
from tests.adversity.history.ladder import Ladder
from tests.adversity.history.lines import Broken, Found, Line, Operation

INVARIANTS = ("I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8")


def check(lines: Sequence[Line], found: Found, climbing: Ladder | None = None) -> list[Broken]:
    """Every broken promise, in a sentence; none is what we want. ``lines`` are in time order."""
    operations = [line for line in lines if isinstance(line, Operation)]
    return [
        *effects.lost(operations, found),
        *effects.half_done(found),
        *effects.never_asked(operations, found),
        *effects.twice(operations, found),
        *effects.out_of_order(operations, found),
        *streams.heard_wrong(lines, found),
        *streams.logged_wrong(found),
        *streams.told_apart(lines, found),
        *streams.called_wrong(lines, found),
        *rights.reached(lines, found),
        *ladder.not_climbed(lines, found, climbing or Ladder()),
        *ladder.climbed_after_the_end(lines, found),
    ]
