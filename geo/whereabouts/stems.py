"""Cells as texts of which a coarser one begins all that it holds: for stores that sort by text.

Three figures name the base cell, then one digit from 0 to 6 each step down. All people of a cell,
of any size, then stand together in a sorted list, and are counted or read with one question.
"""

from geo.cells import NEAR_RES, Index, base, resolution

#: Cells that share this parent are kept in one place: about 250 square kilometres.
SHARE_RES = 5
#: The coarser cells by which these places are gathered: about 87,000 square kilometres.
GROUP_RES = 2

_FIGURES = 3
_FINEST = 15
_CELL = 1 << 59
_DIGITS = (1 << 3 * _FINEST) - 1
#: After the digits of a cell; before any of them in order.
_END = "/"
_SHARE = _FIGURES + SHARE_RES
_NEAR = _FIGURES + NEAR_RES


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


def member_of(stem: str, person: str) -> str:
    """How somebody in a res-9 cell is listed where that cell is kept.

    >>> member_of("015664314225", "anna")
    '4225/anna'
    """
    return f"{stem[_SHARE:]}{_END}{person}"


def read_member(share: str, member: str) -> tuple[str, str]:
    """The stem of the res-9 cell, and the person."""
    tail, _, person = member.partition(_END)
    return share + tail, person


def bounds(stem: str) -> tuple[str, str]:
    """Between which texts the members of a cell of res 5 to 9 stand, in the order of bytes.

    >>> bounds("0156643142"), bounds("01566431")
    (('[42', '(427'), ('-', '+'))
    """
    inside = stem[_SHARE:]
    return within(inside) if inside else ("-", "+")


def within(stem: str) -> tuple[str, str]:
    """Between which texts all stand that begin with a stem: no digit is as high as 7."""
    return f"[{stem}", f"({stem}7"
