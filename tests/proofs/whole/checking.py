"""What members heard of a room, held against what the ledger has. Pure.

A transcript is what one member heard on one channel, in the order in which it was heard. All that
is compared is written as text: the kind, the client's id, the seat and the words.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct

#: What only staff may hear holds this word; what stands before a number is in every whisper.
WHISPERED = "chuchot-"
#: The seat of who listens without being seen.
UNSEEN = "superviseuse"
#: One publication: its offset, and what it was.
Heard = tuple[int, str]


class Transcript(Struct):
    """What one member heard on one channel."""

    who: str
    channel: str
    heard: list[Heard]


class Book(Struct):
    """What one process of talkers brings back."""

    transcripts: list[Transcript]
    #: By channel and seat: client ids in the order in which they were answered "ok".
    acknowledged: dict[str, dict[str, list[str]]]
    #: Frames that visitors received, and how many of them told what is not for them.
    frames: int = 0
    leaks: int = 0
    #: What happened to sockets: came back, were told that they had missed too much.
    resumed: int = 0
    started_over: int = 0
    #: Sockets that we broke.
    dropped: int = 0
    #: Why something had to be said again.
    again: dict[str, int] = {}


def leaks(frame: str) -> bool:
    """Whether something in a frame is not for a visitor."""
    return WHISPERED in frame or UNSEEN in frame


def line(data: Mapping[str, object]) -> str:
    """What a publication was, as one text.

    >>> line({"type": "say", "id": "m1", "seat": "elle", "text": "là", "at": "…"})
    'say m1 elle là'
    """
    return " ".join(str(data.get(it, "")) for it in ("type", "id", "seat", "text"))


def wrong(
    truth: Mapping[str, Sequence[Heard]],
    transcripts: Collection[Transcript],
    acknowledged: Mapping[str, Mapping[str, Sequence[str]]],
) -> Iterator[str]:
    """What is not as promised, in words that name a channel and a member."""
    for channel, kept in sorted(truth.items()):
        if [offset for offset, _ in kept] != list(range(1, len(kept) + 1)):
            yield f"{channel}: offsets of the ledger have a hole"
        yield from _of_transcripts(channel, kept, transcripts)
        yield from _of_answers(channel, kept, acknowledged.get(channel, {}))
    for name in sorted(acknowledged.keys() - truth.keys()):
        yield f"{name}: answers for a channel that the ledger does not have"


def _of_transcripts(
    channel: str, kept: Sequence[Heard], transcripts: Collection[Transcript]
) -> Iterator[str]:
    for it in transcripts:
        if it.channel == channel and [tuple(each) for each in it.heard] != [*map(tuple, kept)]:
            yield f"{channel}: {it.who} heard {_difference(it.heard, kept)}"


def _difference(heard: Sequence[Heard], kept: Sequence[Heard]) -> str:
    offsets = [offset for offset, _ in heard]
    if len(set(offsets)) < len(offsets):
        return "something twice"
    if missing := {offset for offset, _ in kept} - set(offsets):
        return f"{len(missing)} too few, the first at {min(missing)}"
    return "another order" if offsets != sorted(offsets) else "other words"


def _of_answers(
    channel: str, kept: Sequence[Heard], acknowledged: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    places: dict[str, list[int]] = {}
    for offset, said in kept:
        places.setdefault(said.split(" ", 2)[1], []).append(offset)
    if any(len(it) > 1 for it in places.values()):
        yield f"{channel}: something is there twice"
    for seat, ids in acknowledged.items():
        found = [places[it][0] for it in ids if it in places]
        if len(found) < len(ids):
            yield f"{channel}: {len(ids) - len(found)} of {seat} were acknowledged and are lost"
        if found != sorted(found):
            yield f"{channel}: what {seat} said is in another order"


def planted(truth: Mapping[str, Sequence[Heard]], transcripts: Sequence[Transcript]) -> list[str]:
    """The names of harms done to a good history that this checker does not see: none, one hopes."""
    victim = max(transcripts, key=lambda it: len(it.heard))
    ids = [said.split(" ", 2)[1] for _, said in truth[victim.channel]]
    heard = list(victim.heard)
    others = [it for it in transcripts if it is not victim]
    harms = {
        "lost at the end": heard[:-1],
        "lost in between": heard[:1] + heard[2:],
        "twice": [*heard, heard[-1]],
        "in another order": [heard[1], heard[0], *heard[2:]],
        "other words": [*heard[:-1], (heard[-1][0], heard[-1][1] + "!")],
    }
    unseen = [
        name
        for name, changed in harms.items()
        if not any(wrong(truth, [*others, Transcript(victim.who, victim.channel, changed)], {}))
    ]
    answers = {"acknowledged and lost": ["never-there"], "order of one": [ids[1], ids[0]]}
    unseen += [
        name
        for name, said in answers.items()
        if not any(wrong(truth, transcripts, {victim.channel: {"elle": said}}))
    ]
    doubled = {**truth, victim.channel: [*heard, (len(heard) + 1, heard[0][1])]}
    if not any(wrong(doubled, [], {})):
        unseen.append("kept twice")
    if not leaks(f'{{"push":{{"text":"{WHISPERED}1"}}}}') or not leaks(f'"{UNSEEN}-1"'):
        unseen.append("a whisper on her socket")
    return unseen
