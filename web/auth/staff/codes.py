"""Codes that people type, and what is kept of them: never the code. Pure.

What a few figures are worth is small, so what is kept is an HMAC under a key of the deployment:
who reads the tables cannot try them all at home.
"""

import hashlib
import hmac

#: No I, O, 0 or 1: they are mistaken for each other. 32 letters are 5 bits each.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
#: 80 bits: there is nothing to guess.
INVITATION_LETTERS = 16
#: 40 bits: a name to sign in under, not a secret.
HANDLE_LETTERS = 8
FIGURES = 6


def mark(key: bytes, purpose: str, *parts: str) -> bytes:
    """What is kept of a code, or of anything else that must be recognised and not read.

    The length of each part is said, so that no two lists of parts are alike.
    """
    said = b"".join(f"{len(it)}:".encode() + it.encode() for it in (purpose, *parts))
    return hmac.new(key, said, hashlib.sha256).digest()


def letters(chance: bytes, many: int) -> str:
    """That many letters out of random bytes.

    >>> letters(bytes(range(32)), 8)
    'ABCDEFGH'
    """
    return "".join(ALPHABET[it % len(ALPHABET)] for it in chance[:many])


def figures(chance: bytes) -> str:
    """Six figures out of at least eight random bytes.

    >>> figures(bytes(31) + bytes([7]))
    '000007'
    """
    return f"{int.from_bytes(chance) % 10**FIGURES:0{FIGURES}d}"


def grouped(code: str) -> str:
    """As it is easily read aloud.

    >>> grouped("ABCDEFGHJKLMNPQR")
    'ABCD-EFGH-JKLM-NPQR'
    """
    return "-".join(code[first : first + 4] for first in range(0, len(code), 4))


def plain(typed: str) -> str:
    """As it was made, however it was typed.

    >>> plain(" abcd-efgh jklm-npqr ")
    'ABCDEFGHJKLMNPQR'
    """
    return "".join(it for it in typed.upper() if it in ALPHABET)
