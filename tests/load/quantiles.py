"""What half, or all but a few, of the times measured come to."""

from collections.abc import Sequence


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which so large a share of them lies, 0 to 1.

    >>> quantile([5, 1, 4, 2, 3], 0.5), quantile([1, 2], 1.0)
    (3, 2)
    """
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def milliseconds(seconds: float) -> str:
    """As people read it; in seconds from one on.

    >>> milliseconds(0.0123), milliseconds(1.5)
    ('12.3 ms', '1.50 s')
    """
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
