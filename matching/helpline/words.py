"""Three words that bring her back to her conversation, on any device. Pure.

Three of 2,048 are 33 bits: enough because wrong ones are limited (``web/auth/addresses.py``), few
enough to keep in one's head. Only a keyed hash of them is kept: whoever reads the table cannot try
them all without the key, which is not in the database.
"""

import hashlib
import hmac
import re
import unicodedata
from random import Random

from matching.helpline.wordlist import WORDS

HOW_MANY = 3
_APART = re.compile(r"[^a-z]+")


def invent(chance: Random) -> str:
    """Three different words of the list, as they are shown to her."""
    return " ".join(chance.sample(WORDS, HOW_MANY))


def plain(typed: str) -> str:
    r"""Words as they were meant: without capitals, accents, commas or line ends.

    >>> plain("  Lampe, FORÊT-lune\n")
    'lampe foret lune'
    """
    return " ".join(_APART.split(_bare(typed).strip())).strip()


def plain_word(typed: str) -> str:
    """A code word as she meant it; it may have figures and spaces."""
    return " ".join(_bare(typed).split())


def mark(key: bytes, words: str) -> bytes:
    """What is kept of the three words."""
    return _mark(key, "words", plain(words))


def mark_word(key: bytes, chat: str, word: str) -> bytes:
    """What is kept of her own word: of another chat, the same word looks different."""
    return _mark(key, f"word {chat}", plain_word(word))


def is_same(kept: bytes, shown: bytes) -> bool:
    return hmac.compare_digest(kept, shown)


def _bare(typed: str) -> str:
    apart = unicodedata.normalize("NFKD", typed.casefold())
    return "".join(it for it in apart if not unicodedata.combining(it))


def _mark(key: bytes, what: str, said: str) -> bytes:
    return hmac.new(key, f"{what}\n{said}".encode(), hashlib.sha256).digest()
