"""What a simulated visitor says, turn by turn, and when it is her turn. Pure, but for reading.

A turn is said once the operator has spoken since the last one; the first opens the conversation.
"""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

FILE = Path(__file__).parent / "scripts.json"


class Turn(msgspec.Struct, frozen=True):
    say: list[str]
    #: Seconds she takes to write, once the operator has stopped.
    after_s: Annotated[int, Meta(ge=1, le=60)] = 6
    #: What she does after her words.
    then: Literal["stay", "leave", "exit"] = "stay"


class Script(msgspec.Struct, frozen=True):
    script: str
    #: For operators: language by language.
    title: dict[str, str]
    about: dict[str, str]
    #: What to have thought of: shown when it is over.
    points: dict[str, list[str]]
    language: str
    answers: list[str]
    turns: list[Turn]
    seen: str | None = None


def read(file: Path = FILE) -> tuple[Script, ...]:
    """All of them. It waits for the disk."""
    return msgspec.json.decode(file.read_bytes(), type=tuple[Script, ...])


def turn_at(script: Script, step: int) -> Turn | None:
    """What she says next; None: she has said all."""
    return script.turns[step] if step < len(script.turns) else None
