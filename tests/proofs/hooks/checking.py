"""What must be true of all that a receiver has heard. Pure."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from realtime.push.signing import signature


@dataclass(frozen=True, slots=True)
class Heard:
    """One request, in the order of arrival."""

    alert: str
    seq: int
    #: What is answered is on disk before it is answered.
    taken: bool
    signed: bool = True
    name: str = ""
    type: str = ""


def read_log(file: Path, key: bytes) -> list[Heard]:
    """What a receiver wrote down; a last line that it died over is no line."""
    found = []
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else []:
        try:
            said = json.loads(line)
        except ValueError:
            continue
        body = json.loads(said["body"])
        expected = signature(key, int(said["timestamp"]), said["name"], said["body"].encode())
        found.append(
            Heard(
                alert=body["alert"],
                seq=body["seq"],
                taken=said["answer"] == "take" or said["answer"] == "slow",
                signed=expected == said["signature"],
                name=said["name"],
                type=body["type"],
            )
        )
    return found


@dataclass(slots=True)
class Verdict:
    taken: int = 0
    repeats: int = 0
    lost: list[str] = field(default_factory=list)
    overtaken: list[str] = field(default_factory=list)
    unsigned: int = 0
    renamed: int = 0

    @property
    def wrong(self) -> bool:
        return bool(self.lost or self.overtaken or self.unsigned or self.renamed)


def judge(heard: Sequence[Heard], written: Mapping[str, int]) -> Verdict:
    """``written``: by event, how many messages the hub has written, one after the other."""
    verdict = Verdict()
    taken: dict[str, set[int]] = defaultdict(set)
    names: dict[tuple[str, int], str] = {}
    for it in heard:
        verdict.unsigned += not it.signed
        verdict.renamed += names.setdefault((it.alert, it.seq), it.name) != it.name
        known = taken[it.alert]
        if any(earlier not in known for earlier in range(1, it.seq)):
            verdict.overtaken.append(f"{it.alert}: {it.seq} before an earlier one was taken")
        if it.taken:
            verdict.taken += 1
            verdict.repeats += it.seq in known
            known.add(it.seq)
    for alert, many in written.items():
        missing = set(range(1, many + 1)) - taken[alert]
        verdict.lost += [f"{alert}: {seq} of {many} was never taken" for seq in sorted(missing)]
    return verdict
