"""I1, I3 and I8 on what commands did: all that was acknowledged, once, and nothing else. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tests.adversity.history.lines import (
    ENDED,
    ENDINGS,
    RAISED,
    RUNGS,
    Broken,
    Found,
    Operation,
    Phase,
    What,
)

#: The ladder starts again when everybody turns back: the load never does.
ONCE = (RAISED, *RUNGS, *ENDINGS)


def lost(operations: Sequence[Operation], found: Found) -> Iterator[Broken]:
    """I1: what was answered "ok" is there after recovery."""
    raised = {line.thing for line in found.audit if line.action == RAISED}
    accepted = {(line.actor, line.thing) for line in found.audit if line.action == "offer.accepted"}
    for it in _ok(operations):
        match it.what:
            case What.RAISE if it.alert not in found.states:
                yield Broken("I1", f"an acknowledged alert is gone: {it.alert}")
            case What.RAISE if it.alert not in raised:
                yield Broken("I1", f"the audit chain does not know {it.alert}")
            case What.CANCEL if found.states.get(it.alert) not in ENDED:
                now = found.states.get(it.alert)
                yield Broken("I1", f"an acknowledged end is undone: {it.alert} is {now}")
            case What.SAY if it.id not in found.rooms.get(it.room, ()):
                yield Broken("I1", f"an acknowledged message is gone: {it.id} of {it.room}")
            case What.ACCEPT if (it.who, it.alert) not in accepted:
                yield Broken("I1", f"an acknowledged acceptance is gone: {it.who}, {it.alert}")
            case _:
                pass


def out_of_order(operations: Sequence[Operation], found: Found) -> Iterator[Broken]:
    """I5 on rooms: who waits for each answer finds her messages in the order she said them."""
    said: dict[tuple[str, str], list[str]] = defaultdict(list)
    for it in _ok(operations):
        if it.what is What.SAY and it.id not in said[it.who, it.room]:
            said[it.who, it.room].append(it.id)
    for (_, room), ids in said.items():
        hers = set(ids)
        there = [it for it in found.rooms.get(room, ()) if it in hers]
        if there != [it for it in ids if it in set(there)]:
            yield Broken("I5", f"messages changed places in {room}")


def never_asked(operations: Sequence[Operation], found: Found) -> Iterator[Broken]:
    """I3: nothing is there that nobody asked for."""
    raisers = Counter(who for who, _ in {(it.who, it.id) for it in _of(operations, What.RAISE)})
    for who, times in Counter(line.actor for line in found.audit if line.action == RAISED).items():
        if who not in raisers:
            yield Broken("I3", f"{who} never asked for help and has {times} alerts")
        elif times > raisers[who]:
            yield Broken("I8", f"{who} asked {raisers[who]} times and has {times} alerts")
    cancelling = {it.alert for it in _of(operations, What.CANCEL)}
    for alert, state in found.states.items():
        if state == "cancelled" and alert not in cancelling:
            yield Broken("I3", f"nobody cancelled {alert}")
    said = {(it.room, it.id) for it in _of(operations, What.SAY)}
    for room, ids in found.rooms.items():
        if strange := [it for it in ids if (room, it) not in said]:
            yield Broken("I3", f"{room} holds {strange[0]}, which nobody sent")


def twice(operations: Sequence[Operation], found: Found) -> Iterator[Broken]:
    """I8: what was asked again under one id, or whose answer was lost, happened once at most."""
    yield from _answered_apart(operations)
    for (action, thing), times in Counter(
        (line.action, line.thing) for line in found.audit if line.action in ONCE
    ).items():
        if times > 1:
            yield Broken("I8", f"{action} took effect {times} times on {thing}")
    for room, ids in found.rooms.items():
        if len(set(ids)) != len(ids):
            yield Broken("I8", f"a message stands twice in {room}")


def _answered_apart(operations: Sequence[Operation]) -> Iterator[Broken]:
    answers: dict[str, set[str]] = defaultdict(set)
    for it in _ok(operations):
        if it.what is What.RAISE:
            answers[it.id].add(it.alert)
    for id_, alerts in answers.items():
        if len(alerts) > 1:
            yield Broken("I8", f"{id_} was answered with {len(alerts)} alerts")
    given = Counter(alert for alerts in answers.values() for alert in alerts)
    for alert, times in given.items():
        if times > 1:
            yield Broken("I8", f"{times} requests were answered with {alert}")


def half_done(found: Found) -> Iterator[Broken]:
    """A command is one fact: all of its rows, or none."""
    for half in found.halves:
        yield Broken("I1", f"half done: {half}")
    if found.audit_break is not None:
        yield Broken("I1", f"the audit chain is broken at line {found.audit_break}")


def _ok(operations: Iterable[Operation]) -> Iterator[Operation]:
    return (it for it in operations if it.phase is Phase.OK)


def _of(operations: Iterable[Operation], what: What) -> Iterator[Operation]:
    return (it for it in operations if it.what is what)
