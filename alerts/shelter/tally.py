"""What has happened here since the start, for the figures: numbers, of nobody and nowhere."""

from collections import Counter
from functools import partial

from realtime.ledger import Transaction


class Tally:
    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def count(self, tx: Transaction, name: str) -> None:
        """Once more, if this is committed."""
        tx.after_commit(partial(self._add, name))

    def of(self, name: str) -> int:
        return self._counts[name]

    def _add(self, name: str) -> None:
        self._counts[name] += 1
