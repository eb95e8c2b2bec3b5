"""I3, I4 and I5 on what phones heard: once, in order, without a hole, and only what was said. Pure.

A phone that the server could not bring up to date (``recovered`` false) starts from the snapshot:
only then may it skip. One whose server says *recovered* must go on where it stopped.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.adversity.history.lines import (
    RAISED,
    Broken,
    Entry,
    Found,
    Heard,
    Joined,
    Line,
    Rested,
)

#: What was said that long before a phone went to rest has reached it.
SETTLED_S = 6.0


@dataclass(slots=True)
class _Ear:
    """Where one phone stands on one channel."""

    began: int
    offset: int
    epoch: str


def heard_wrong(lines: Sequence[Line], found: Found) -> Iterator[Broken]:
    """Each phone's own story, and at the end whether it has heard everything."""
    ears: dict[tuple[str, str], _Ear] = {}
    for line in lines:
        match line:
            case Joined():
                yield from _joined(ears, line)
            case Heard():
                yield from _heard(ears, line)
            case Rested():
                yield from _rested(ears, line, found.log)
            case _:
                pass


def _joined(ears: dict[tuple[str, str], _Ear], line: Joined) -> Iterator[Broken]:
    ear = ears.get((line.who, line.channel))
    if ear is not None and line.recovered:
        if line.epoch != ear.epoch:
            yield Broken("I5", f"{line.who} resumed {line.channel} in another epoch")
        # It goes on from what it has heard: what it claims to have heard is not asked.
        return
    ears[line.who, line.channel] = _Ear(line.offset, line.offset, line.epoch)


def _heard(ears: dict[tuple[str, str], _Ear], line: Heard) -> Iterator[Broken]:
    ear = ears.get((line.who, line.channel))
    if ear is None:
        yield Broken("I3", f"{line.who} heard {line.channel} without listening")
    elif line.offset <= ear.offset:
        yield Broken("I4", f"{line.who} heard {line.channel} {line.offset} again, or too late")
    else:
        if line.offset != ear.offset + 1:
            hole = f"{ear.offset} to {line.offset}"
            yield Broken("I5", f"{line.who} went from {hole} on {line.channel}")
        ear.offset = line.offset


def _rested(
    ears: Mapping[tuple[str, str], _Ear], line: Rested, log: Mapping[str, Sequence[Entry]]
) -> Iterator[Broken]:
    ear = ears.get((line.who, line.channel))
    said = [it.offset for it in log.get(line.channel, ()) if it.at <= line.at - SETTLED_S]
    if ear is not None and said and ear.offset < said[-1]:
        missing = said[-1] - ear.offset
        yield Broken("I4", f"{line.who} never heard the last {missing} of {line.channel}")


def logged_wrong(found: Found) -> Iterator[Broken]:
    """I5 on the log itself: offsets follow one another, and a message is said once."""
    for channel, entries in found.log.items():
        offsets = [it.offset for it in entries]
        if offsets and offsets != list(range(offsets[0], offsets[0] + len(offsets))):
            yield Broken("I5", f"{channel} has holes in the log")


def told_apart(lines: Sequence[Line], found: Found) -> Iterator[Broken]:
    """All members see the same at the same offset, and the log says that it was said."""
    seen: dict[tuple[str, int], str] = {
        (channel, it.offset): it.id
        for channel, entries in found.log.items()
        for it in entries
        if it.id
    }
    read = {channel: {it.offset for it in entries} for channel, entries in found.log.items()}
    for line in lines:
        if not isinstance(line, Heard):
            continue
        place = line.channel, line.offset
        if line.channel in read and line.offset not in read[line.channel]:
            yield Broken("I3", f"{line.who} heard {line.channel} {line.offset}: not in the log")
        elif seen.setdefault(place, line.id) != line.id:
            yield Broken("I5", f"{line.channel} {line.offset} is not the same for everybody")


def called_wrong(lines: Sequence[Line], found: Found) -> Iterator[Broken]:
    """Offers: for alerts that were raised, and one for each person."""
    raised = {line.thing for line in found.audit if line.action == RAISED}
    offers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in lines:
        if isinstance(line, Heard) and line.alert:
            offers[line.who, line.alert].add(line.id)
            if line.alert not in raised:
                yield Broken("I3", f"{line.who} was called for {line.alert}, never raised")
    for (who, alert), ids in offers.items():
        if len(ids) > 1:
            yield Broken("I4", f"{who} has {len(ids)} offers for {alert}")
