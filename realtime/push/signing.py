"""How the second channel's gateway knows that it is us, and that this is not a repeat. Pure."""

import base64
import hashlib
import hmac

TIMESTAMP = "Entraide-Timestamp"
IDEMPOTENCY = "Entraide-Id"
SIGNATURE = "Entraide-Signature"


def signature(key: bytes, timestamp: int, repeat: str, body: bytes) -> str:
    """HMAC-SHA256 over ``timestamp.id.body``: none of the three can be changed or reused alone."""
    said = f"{timestamp}.{repeat}.".encode() + body
    return "sha256=" + hmac.new(key, said, hashlib.sha256).hexdigest()


def headers(key: bytes, timestamp: int, repeat: str, body: bytes) -> dict[str, str]:
    """What stands above a message.

    >>> said = headers(b"k" * 32, 1_764_000_000, "a1", b"{}")
    >>> said[SIGNATURE] == signature(b"k" * 32, 1_764_000_000, "a1", b"{}")
    True
    """
    return {
        TIMESTAMP: str(timestamp),
        IDEMPOTENCY: repeat,
        SIGNATURE: signature(key, timestamp, repeat, body),
    }


def reference(key: bytes, person: str) -> str:
    """A person as the gateway knows her: sixteen letters that only this key makes.

    >>> reference(b"k" * 32, "anna") == reference(b"k" * 32, "anna")
    True
    >>> len(reference(b"k" * 32, "anna"))
    16
    """
    digest = hmac.new(key, b"entraide reference " + person.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode()


def repeat_of(key: bytes, *parts: str) -> str:
    """The name of one message: the same whenever it is sent again."""
    said = "\x00".join(parts).encode()
    return hmac.new(key, b"entraide message " + said, hashlib.sha256).hexdigest()[:32]
