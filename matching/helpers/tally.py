"""The counts on the operators' board are told together, at most every few seconds.

Whoever changes one leaves the same task, due at the next tick of the same beat: a thousand changes
are one publication, and a change never waits for the next one.
"""

from datetime import UTC, datetime

from matching.helpers.rules import TALLY_EVERY
from realtime.ledger import Transaction

#: Handled in ``alerts``, which knows the other counts.
TALLY = "board.tell"
LINE = "help"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def next_beat(now: datetime) -> datetime:
    """The first beat after a moment.

    >>> next_beat(datetime(2026, 11, 23, 20, 0, 7, tzinfo=UTC)).second
    10
    """
    return _EPOCH + ((now - _EPOCH) // TALLY_EVERY + 1) * TALLY_EVERY


def tell_board(tx: Transaction) -> None:
    tx.schedule(TALLY, LINE, due=next_beat(tx.now))
