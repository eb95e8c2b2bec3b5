"""Names of things: random, opaque, never counted. A number would tell how many came before."""

import re
import secrets
from collections.abc import Callable
from typing import NewType

PersonId = NewType("PersonId", str)
Channel = NewType("Channel", str)

#: Where new ids come from; tests pass a counter.
Ids = Callable[[], str]

#: Ids that clients make: long enough not to collide, short enough to index.
CLIENT_ID_PATTERN = r"^[A-Za-z0-9_-]{8,64}$"
_CLIENT_ID = re.compile(CLIENT_ID_PATTERN[:-1] + r"\Z")


def random_id() -> str:
    """128 random bits in 22 characters that are safe in a channel name and a log line."""
    return secrets.token_urlsafe(16)


def is_client_id(text: str) -> bool:
    """Whether a client may name something so.

    >>> is_client_id("2f1c-aa01"), is_client_id("short"), is_client_id("a b c d e f")
    (True, False, False)
    """
    return _CLIENT_ID.match(text) is not None
