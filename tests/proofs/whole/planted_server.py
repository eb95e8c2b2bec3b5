"""The same program with a bug: ``python -m tests.proofs.whole.planted_server BUG serve …``.

Each is a few words that could be missing from the real one; the proof must see every one of them.
"""

import sys
from collections.abc import Callable

from realtime.rooms import backstage
from realtime.rooms.messages import channel_of
from tests.proofs.engines import planted_server as engines
from web.cli import main


def whisper_in_the_room() -> None:
    """What staff say is on the room's own stream, and pages are trusted not to show it."""
    backstage.staff_channel = channel_of  # type: ignore[attr-defined]


BUGS: dict[str, Callable[[], None]] = {
    "whisper-in-the-room": whisper_in_the_room,
    "lost-at-reconnect": engines.cursor_off_by_one,
    "missing-dedup": engines.missing_dedup,
    "double-relay": engines.double_relay,
}

if __name__ == "__main__":
    bug = sys.argv.pop(1)
    BUGS[bug]()
    main()
