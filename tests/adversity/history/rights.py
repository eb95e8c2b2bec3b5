"""I6: nothing reaches somebody excluded, or who has left, once that change is committed. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tests.adversity.history.lines import (
    RAISED,
    Broken,
    Found,
    Heard,
    Line,
    Operation,
    Phase,
    What,
)

#: A channel is closed that soon after a right has ended, the broker being away (DESIGN 7).
CLOSED_IN_S = 2.0


def reached(lines: Sequence[Line], found: Found) -> Iterator[Broken]:
    said = {(channel, it.offset): it.at for channel, entries in found.log.items() for it in entries}
    yield from _excluded(lines, found, said)
    yield from _departed(lines, said)


def _excluded(
    lines: Sequence[Line], found: Found, said: Mapping[tuple[str, int], float]
) -> Iterator[Broken]:
    since: dict[tuple[str, str], float] = {}
    for it in (line for line in lines if isinstance(line, Operation)):
        if it.what is What.EXCLUDE and it.phase is Phase.OK:
            since.setdefault((it.who, it.about), it.at)
    invoked = _first_asked(lines)
    raiser = {line.thing: line.actor for line in found.audit if line.action == RAISED}
    for line in lines:
        if not isinstance(line, Heard) or not line.alert:
            continue
        limit = since.get((raiser.get(line.alert, ""), line.who))
        if limit is None:
            continue
        # An offer made before may arrive after; one made after, or for a later alert, may not.
        made = said.get((line.channel, line.offset), invoked.get(line.alert, 0.0))
        if max(made, invoked.get(line.alert, 0.0)) > limit:
            yield Broken("I6", f"{line.who} is excluded and was called for {line.alert}")


def _first_asked(lines: Sequence[Line]) -> dict[str, float]:
    """When each alert was asked for, first."""
    raises = [it for it in lines if isinstance(it, Operation) and it.what is What.RAISE]
    asked: dict[str, float] = {}
    for it in raises:
        asked.setdefault(it.id, it.at)
    return {it.alert: asked[it.id] for it in raises if it.alert}


def _departed(lines: Sequence[Line], said: Mapping[tuple[str, int], float]) -> Iterator[Broken]:
    left: dict[tuple[str, str], float] = defaultdict(lambda: float("inf"))
    for line in lines:
        match line:
            case Operation(what=What.LEAVE, phase=Phase.OK):
                left[line.who, line.channel] = line.at
            case Heard():
                limit = left[line.who, line.channel] + CLOSED_IN_S
                if said.get((line.channel, line.offset), line.at) > limit:
                    yield Broken("I6", f"{line.who} has left {line.channel} and still hears it")
            case _:
                pass
