"""Information sheets that the project wrote, read from ``sheets.json``: five languages of each."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

FILE = Path(__file__).parent / "sheets.json"


class Sheet(msgspec.Struct, frozen=True):
    title: str
    text: str


#: By name, then by language.
Sheets = Mapping[str, Mapping[str, Sheet]]


def read(file: Path = FILE) -> Sheets:
    """All of them. It waits for the disk."""
    return msgspec.json.decode(file.read_bytes(), type=dict[str, dict[str, Sheet]])
