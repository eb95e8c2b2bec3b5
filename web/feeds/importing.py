"""``./run import cap FILE``: an authority's message, or a feed of them, mirrored by hand."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from alerts.cap import atom
from alerts.cap.atom import Feed
from alerts.cap.errors import NotAWarning
from alerts.cap.refusals import Refused
from alerts.cap.rules import MOST_BYTES
from alerts.cap.values import Message
from alerts.networks.warnings.service import FROM_FILE, Warnings
from geo.errors import FileMissing
from realtime.ledger import Ledger


@dataclass(slots=True)
class Report:
    """What came of a file."""

    shown: int = 0
    #: Exercises, tests, what is restricted, what has expired, what does not say where it is said.
    left: int = 0
    #: Entries that name a message which is elsewhere: a feed of the settings fetches those.
    elsewhere: int = 0
    refused: Counter[str] = field(default_factory=Counter)


async def load(file: Path, ledger: Ledger, warnings: Warnings) -> Report:
    """All of it, or none; ``NotAWarning`` with its reason for a file that is neither."""
    data = await asyncio.to_thread(_read, file)
    try:
        found = await asyncio.to_thread(atom.read_any, data)
    except Refused as reason:
        raise NotAWarning from reason
    report = Report()
    messages: list[tuple[Message, str]] = []
    if isinstance(found, Feed):
        report.refused.update(it.reason for it in found.refused)
        for entry in found.entries:
            if entry.message is None:
                report.elsewhere += 1
            else:
                messages.append((entry.message, entry.link or _web(entry.message)))
    else:
        messages = [(it, _web(it)) for it in found]
    made = await ledger.write(lambda tx: warnings.take(tx, FROM_FILE, messages))
    report.shown, report.left = len(made.shown), made.left
    return report


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError:
        raise FileMissing from None


def _web(message: Message) -> str:
    """Where its authority says it, as it says itself."""
    return next((it.web for it in message.infos if it.web), "")
