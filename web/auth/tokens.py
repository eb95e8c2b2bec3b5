"""Session tokens: 256 random bits that only their holder knows. The table keeps their hash."""

import hashlib
import re
import secrets

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}\Z")


def random_token() -> str:
    return secrets.token_urlsafe(32)


def looks_like_token(text: str) -> bool:
    """Whether it is worth looking up."""
    return _TOKEN.match(text) is not None


def hash_of(token: str) -> bytes:
    """What is kept. A plain hash is enough for 256 random bits: there is nothing to guess."""
    return hashlib.sha256(token.encode()).digest()
