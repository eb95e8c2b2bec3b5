"""Cells as texts of which a coarser one begins all that it holds: for stores that sort by text.

Three figures name the base cell, then one digit from 0 to 6 each step down. All people of a cell,
of any size, who have the same tags then stand together in a sorted list.
"""

from typing import NamedTuple

from geo.cells import Index, base, resolution
from realtime.kernel.ids import PersonId

#: Cells that share this parent are kept in one place: about 250 square kilometres.
SHARE_RES = 5
#: The coarser cells by which these places are gathered: about 87,000 square kilometres.
GROUP_RES = 2

#: In an entry, before the list to which somebody is on her way.
TOWARDS = "\t"

_FIGURES = 3
_FINEST = 15
_CELL = 1 << 59
_DIGITS = (1 << 3 * _FINEST) - 1
_SHARE = _FIGURES + SHARE_RES


def stem_of(index: Index) -> str:
    """What every cell and person inside begins with.

    >>> stem_of(0x891fb466257ffff)
    '015664314225'
    """
    return f"{base(index):03d}{index & _DIGITS:015o}"[: _FIGURES + resolution(index)]


def index_of(stem: str) -> Index:
    """The cell of a stem.

    >>> f"{index_of('015664314225'):x}", f"{index_of('015'):x}"
    ('891fb466257ffff', '801ffffffffffff')
    """
    res = len(stem) - _FIGURES
    left = 3 * (_FINEST - res)
    digits = int(stem[_FIGURES:] or "0", 8) << left | (1 << left) - 1
    return _CELL | res << 52 | int(stem[:_FIGURES]) << 45 | digits


def share_of(stem: str) -> str:
    """Where a cell is kept: its parent of ``SHARE_RES``."""
    return stem[:_SHARE]


def group_of(share: str) -> str:
    return share[: _FIGURES + GROUP_RES]


def entry_of(stem: str, person: str, tags: int) -> str:
    """How somebody in a res-9 cell is listed where that cell is kept: those of like tags together.

    >>> entry_of("015664314225", "anna", 5)
    '5/4225/anna'
    """
    return f"{tags}/{stem[_SHARE:]}/{person}"


class Entry(NamedTuple):
    """Somebody listed."""

    #: The res-9 cell.
    stem: str
    person: PersonId
    #: The list in which she may be by now; empty when she is nowhere else.
    towards: str


def read_entry(share: str, entry: str) -> Entry:
    """What an entry of that list says.

    >>> read_entry("01566431", "5/4225/anna")
    Entry(stem='015664314225', person='anna', towards='')
    """
    _, digits, name = entry.split("/", 2)
    person, _, towards = name.partition(TOWARDS)
    return Entry(share + digits, PersonId(person), towards)


def inside(cell: Index) -> str:
    """What the digits of an entry begin with, of whoever is in a cell of res 5 to 9.

    >>> inside(0x891fb466257ffff), inside(index_of("0156643142")), inside(index_of("01566431"))
    ('4225', '42', '')
    """
    digits = resolution(cell) - SHARE_RES
    last = 3 * (_FINEST - SHARE_RES - digits)
    return f"{cell >> last & (1 << 3 * digits) - 1:0{digits}o}" if digits else ""


def within(stem: str) -> tuple[str, str]:
    """Between which texts all stand that begin with a stem: no digit is as high as 7."""
    return f"[{stem}", f"({stem}7"
