"""Where a database stands in the history of its schema, and whether a program can serve it.

Each release has a pair of migrations: ``pre_0002`` only adds, so that programs of the release
before go on working while the new ones come; ``post_0002`` takes away what only those needed, once
they are gone. They follow each other in one line: pre 1, post 1, pre 2, post 2.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

_NAME = re.compile(r"(pre|post)_(\d{4})")


class Verdict(Enum):
    #: This program can serve it.
    READY = auto()
    #: Not migrated as far as this program needs, or not at all.
    OLD = auto()
    #: Migrated further than this program can follow.
    NEW = auto()


@dataclass(frozen=True, slots=True, order=True)
class Revision:
    """One step of the history; a later one is greater.

    >>> Revision.read("post_0002")
    Revision(release=2, post=True)
    """

    release: int
    post: bool

    @classmethod
    def read(cls, name: str) -> "Revision":
        """Of its name; ``ValueError`` when it is none of ours."""
        found = _NAME.fullmatch(name)
        if found is None:
            raise ValueError("no name of a migration of ours")
        return cls(int(found[2]), found[1] == "post")

    @property
    def name(self) -> str:
        return f"{'post' if self.post else 'pre'}_{self.release:04d}"


def verdict(found: Revision | None, release: int) -> Verdict:
    """Whether the program of ``release`` can serve a database that has been migrated to ``found``.

    It lives through the whole of its own pair, and through the next release's ``pre``.
    """
    if found is None or found.release < release:
        return Verdict.OLD
    if found.release == release or found == Revision(release + 1, post=False):
        return Verdict.READY
    return Verdict.NEW
