"""The replies that the project wrote, read from ``ours.json``: five languages of each.

They are read by whoever may be afraid, perhaps over a shoulder: short sentences, nothing that
frightens, nothing that blames, no promise that an operator cannot keep.
"""

from pathlib import Path

import msgspec

FILE = Path(__file__).parent / "ours.json"
LANGUAGES = ("fr", "en", "ar", "uk", "es")


class Ours(msgspec.Struct, frozen=True):
    """One reply, in each language; titles are for operators."""

    name: str
    title: dict[str, str]
    text: dict[str, str]


def read(file: Path = FILE) -> tuple[Ours, ...]:
    """All of them, in the order in which a conversation goes. It waits for the disk."""
    return msgspec.json.decode(file.read_bytes(), type=tuple[Ours, ...])
