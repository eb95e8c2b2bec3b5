"""The seven letters of a short link: made, and read as people type them. Pure."""

import hashlib
import re

from programmes.campaign.rules import LETTERS, LETTERS_EACH
from programmes.campaign.values import Code

_CODE = re.compile(f"[{LETTERS}]{{{LETTERS_EACH}}}\\Z")


def code_of(seed: str) -> Code:
    """Seven letters out of a random name; each letter as likely as the others, nearly.

    >>> code_of("1"), code_of("2")
    ('fmpxfwr', 'wwbqdfd')
    """
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest())
    letters = []
    for _ in range(LETTERS_EACH):
        number, letter = divmod(number, len(LETTERS))
        letters.append(LETTERS[letter])
    return Code("".join(letters))


def read(text: str) -> Code | None:
    """A code as it stands in an address, whatever its case; None: it cannot be one of ours.

    >>> read("FMPXFWR"), read("fmpxfw"), read("fmpxfw1")
    ('fmpxfwr', None, None)
    """
    small = text.lower()
    return Code(small) if _CODE.match(small) else None
