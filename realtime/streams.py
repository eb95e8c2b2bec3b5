"""A place in a stream is an epoch and an offset; resuming is whole, or refused. Pure.

The epoch changes whenever memory is lost, so that an offset remembered from before can never be
mistaken for a current one.
"""

from dataclasses import dataclass

#: More than this and a snapshot is cheaper than the history.
MOST_RECOVERED = 1000


@dataclass(frozen=True, slots=True)
class Place:
    epoch: str
    offset: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """What to read to bring a client from its place to now: offsets ``first`` to ``last``."""

    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1


def missed(since: Place, now: Place) -> Stretch | None:
    """The stretch between two places, or None when it is impossible or too long to resume."""
    behind = now.offset - since.offset
    if since.epoch != now.epoch or not 0 <= behind <= MOST_RECOVERED or since.offset < 0:
        return None
    return Stretch(since.offset + 1, now.offset)
