"""The same program with a bug: ``python -m tests.proofs.engines.planted_server BUG serve …``.

Each is a few words that could be missing from the real one.
"""

import sys
from collections.abc import Callable
from dataclasses import replace

from realtime.following import Following, Verdict
from realtime.ledger import Ledger, Since
from realtime.relay import Relay
from realtime.writer import Committed
from web.cli import main
from web.commands import store as commands_store


def missing_dedup() -> None:
    """No answer is remembered: what is asked again is done again."""

    async def nothing(*_: object) -> None:
        return None

    commands_store.begin = nothing  # type: ignore[assignment]
    commands_store.keep = nothing  # type: ignore[assignment]


def _since(change: Callable[[Since], Since]) -> None:
    honest = Ledger.since

    async def since(self: Ledger, *asked: object) -> Since:
        return change(await honest(self, *asked))  # type: ignore[arg-type]  # as it was asked

    Ledger.since = since  # type: ignore[method-assign, assignment]


def resume_partial() -> None:
    """The first publication that was missed, and the word that this is all."""
    _since(lambda found: replace(found, missed=found.missed and found.missed[:1]))


def cursor_off_by_one() -> None:
    """What follows the publication after the last one heard."""
    _since(lambda found: replace(found, missed=found.missed and found.missed[1:]))


def double_relay() -> None:
    """All is handed over twice, and nobody looks at its number."""
    honest = Relay.committed

    def committed(self: Relay, done: Committed) -> None:
        honest(self, done)
        honest(self, replace(done, relay=None))

    def judge(self: Following[object], offset: int) -> Verdict:
        self.known = max(self.known, offset)
        return Verdict.GAP if self.offset is None else Verdict.NEXT

    Relay.committed = committed  # type: ignore[method-assign]
    Following.judge = judge  # type: ignore[method-assign, assignment]


def no_exclusion() -> None:
    """Nobody looks at the exclusion list."""
    from matching.helpers import eligibility

    async def excluded_among(*_: object) -> frozenset[str]:
        return frozenset()

    eligibility.excluded_among = excluded_among  # type: ignore[assignment]


BUGS: dict[str, tuple[Callable[[], None], str]] = {
    "missing-dedup": (missing_dedup, "I8"),
    "resume-partial": (resume_partial, "I5"),
    "cursor-off-by-one": (cursor_off_by_one, "I5"),
    "double-relay": (double_relay, "I4"),
    "exclusion-forgotten": (no_exclusion, "I6"),
}

if __name__ == "__main__":
    bug = sys.argv.pop(1)
    BUGS[bug][0]()
    main()
