"""How files of tests are shared among workers (``--dist loadfile``): what takes long goes first.

A file stays whole, so that what it starts is started once. Proofs and measurements share nothing:
each is a piece of its own. Begun last, a long piece would keep one worker busy and leave the others
with nothing to do; so pieces begin with those that wait for whole programs, and end with tests of
milliseconds.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

TESTS = Path(__file__).parents[1]
#: Files of which every test stands alone.
APART = ("tests/proofs/test_reduced.py", "tests/load/test_reduced.py")
#: By how long their files take, the longest first; whatever is in none of them comes after.
FIRST = ("proofs", "load", "simulation", "browser", "adversity", "scenarios", "conformance")


class LongestFirst(LoadFileScheduling):
    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        # In the order of the collection, which ``in_order`` has made; not by number of tests.
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return nodeid if file in APART else file


def in_order(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """By folder, then by how many tests there are in the file; each file stays whole."""
    many: dict[Path, int] = {}
    for it in items:
        many[it.path] = many.get(it.path, 0) + 1
    return sorted(items, key=lambda it: (_rank(it.path), -many[it.path], str(it.path)))


def _rank(file: Path) -> int:
    folder = file.relative_to(TESTS).parts[0] if file.is_relative_to(TESTS) else ""
    return FIRST.index(folder) if folder in FIRST else len(FIRST)
