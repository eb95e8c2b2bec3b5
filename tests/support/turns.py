"""What people write to each other in French: turns of the dialogues in ``../shared/data``."""

import json
from functools import cache
from pathlib import Path

DIALOGUES = Path(__file__).parents[3] / "shared/data/dialogues"


@cache
def turns() -> tuple[str, ...]:
    """A few thousand, in the order of the file, accents and emoji and all."""
    found = json.loads((DIALOGUES / "xpersona_fr_test.json").read_text(encoding="utf-8"))
    return tuple(said.strip() for it in found for pair in it["dialogue"] for said in pair)


def turn(number: int) -> str:
    every = turns()
    return every[number % len(every)]
