"""Whether the disk was asked to keep a command before its "recorded" left, read from strace. Pure.

A write to the WAL must be followed by an fdatasync (or fsync) of that file before the answer that
depends on it is written to a socket.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

#: ``12 pwrite64(9</data/entraide.db-wal>, "…"..., 4096, 32) = 4096``
CALL = re.compile(r"^(?P<process>\d+)\s+(?P<name>\w+)\(\d+<(?P<file>[^>]*)>")
RESUMED = re.compile(r"^(?P<process>\d+)\s+<\.\.\. (?P<name>\w+) resumed>")
RECORDED = '\\"state\\":\\"recorded\\"'
WRITES = ("pwrite64", "write", "pwritev", "writev")
SYNCS = ("fdatasync", "fsync")


@dataclass(frozen=True, slots=True)
class Verdict:
    #: Answers "recorded" seen on sockets.
    recorded: int
    #: Those that left while something written to the WAL had not been asked to be kept.
    too_early: int
    #: Times that the disk was asked to keep the WAL.
    syncs: int


def judge(lines: Iterable[str]) -> Verdict:
    r"""Follow what the WAL holds that the disk may not, through a trace made with ``-f -y``.

    >>> judge(['1 pwrite64(9</d/e.db-wal>, "x"..., 9, 0) = 9',
    ...        '1 fdatasync(9</d/e.db-wal> <unfinished ...>',
    ...        '1 <... fdatasync resumed>) = 0',
    ...        r'2 write(12<socket:[7]>, "{\"state\":\"recorded\"}", 20) = 20'])
    Verdict(recorded=1, too_early=0, syncs=1)
    """
    wal = _Wal()
    recorded = too_early = 0
    for line in lines:
        call = CALL.match(line)
        # The answer is kept in the database too, for a phone that asks again: only sockets count.
        if RECORDED in line and call is not None and call["file"].startswith("socket"):
            recorded += 1
            too_early += wal.dirty
        else:
            wal.see(line)
    return Verdict(recorded, too_early, wal.syncs)


class _Wal:
    def __init__(self) -> None:
        self.dirty = False
        self.syncs = 0
        self._syncing: set[str] = set()

    def see(self, line: str) -> None:
        if (resumed := RESUMED.match(line)) and resumed["name"] in SYNCS:
            if resumed["process"] in self._syncing:
                self._syncing.remove(resumed["process"])
                self.dirty = False
        elif (call := CALL.match(line)) and call["file"].endswith("-wal"):
            self._called(call["process"], call["name"], over="unfinished" not in line)

    def _called(self, process: str, name: str, *, over: bool) -> None:
        if name in WRITES:
            self.dirty = True
        elif name in SYNCS:
            self.syncs += 1
            if over:
                self.dirty = False
            else:
                self._syncing.add(process)
