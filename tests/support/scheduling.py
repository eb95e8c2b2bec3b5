"""How tests are shared among workers (``--dist loadfile``): long ones first, each kind in turn.

A file is a piece and stays whole, so that what it starts is started once. Proofs and measurements
share nothing: each is a piece of its own. Begun last, a long piece would keep one worker busy and
leave the others with nothing to do. Pieces of one kind want the same thing (a processor, a disk, a
browser's memory), so kinds take turns, and the queue ends with tests of milliseconds.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

TESTS = Path(__file__).parents[1]
#: Files of which every test stands alone.
APART = ("tests/proofs/test_reduced.py", "tests/load/test_reduced.py")
#: Folders whose files take long, in turns; then those that take less, and then everything else.
LONG, SHORTER = (
    ("proofs", "browser", "load", "adversity", "simulation"),
    ("scenarios", "conformance"),
)

Piece = list[pytest.Item]


class LongestFirst(LoadFileScheduling):
    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        # In the order of the collection, which ``in_order`` has made; not by number of tests.
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return piece_of(nodeid)


def piece_of(nodeid: str) -> str:
    """What goes to one worker.

    >>> piece_of("tests/unit/test_hub.py::test_a[b::c]"), piece_of(f"{APART[0]}::test_a[b]")
    ('tests/unit/test_hub.py', 'tests/proofs/test_reduced.py::test_a[b]')
    """
    file = nodeid.partition("::")[0]
    return nodeid if file in APART else file


def in_order(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Piece by piece; in each folder those with the most tests first."""
    pieces: dict[str, Piece] = {}
    for it in items:
        pieces.setdefault(piece_of(it.nodeid), []).append(it)
    by_kind: dict[str, list[Piece]] = {}
    for piece in sorted(pieces.values(), key=lambda it: (-len(it), it[0].nodeid)):
        by_kind.setdefault(_kind(piece[0].path), []).append(piece)
    return list(chain.from_iterable(_queue(by_kind)))


def _queue(by_kind: dict[str, list[Piece]]) -> Iterator[Piece]:
    for turn in zip_longest(*(by_kind.pop(kind, []) for kind in LONG)):
        yield from (it for it in turn if it is not None)
    for kind in SHORTER:
        yield from by_kind.pop(kind, [])
    yield from chain.from_iterable(by_kind.values())


def _kind(file: Path) -> str:
    return file.relative_to(TESTS).parts[0] if file.is_relative_to(TESTS) else ""
