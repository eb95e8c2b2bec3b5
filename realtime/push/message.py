"""The body of a push, sealed for one browser: RFC 8291 over RFC 8188's aes128gcm. Pure.

Whoever carries it sees its length and nothing else, so what we send is padded to one length.
"""

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

#: One record holds everything: push services take 4096 bytes at most.
RECORD_BYTES = 4096
SALT_BYTES = 16
AUTH_BYTES = 16
#: An uncompressed point of P-256.
POINT_BYTES = 65
TAG_BYTES = 16
#: Salt, record size, length of the sender's point, and the point.
HEADER_BYTES = SALT_BYTES + 4 + 1 + POINT_BYTES
#: What ends the text of a last record; zeros follow.
_LAST = b"\x02"


@dataclass(frozen=True, slots=True)
class Keys:
    """What a browser tells us when it subscribes: its point, and a secret both sides mix in."""

    point: bytes
    auth: bytes

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for anything that is no point of the curve."""
        if len(self.auth) != AUTH_BYTES or len(self.point) != POINT_BYTES:
            raise ValueError("a browser's keys have 65 and 16 bytes")
        _public(self.point)

    @classmethod
    def of(cls, point: str, auth: str) -> "Keys":
        """From the two texts of a ``PushSubscription``; ``ValueError`` when they are none."""
        return cls(decoded(point), decoded(auth))


def sealed(
    text: bytes, keys: Keys, *, salt: bytes, sender: ec.EllipticCurvePrivateKey, size: int = 0
) -> bytes:
    """The whole body. ``salt`` and ``sender`` are made for this message and never used again.

    ``size``: the text is padded to that many bytes; a longer one is a ``ValueError``.
    """
    if len(text) > size > 0 or len(text) + 1 + TAG_BYTES > RECORD_BYTES:
        raise ValueError("the text is longer than its padding")
    own = sender.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = sender.exchange(ec.ECDH(), _public(keys.point))
    key, nonce = _derived(shared, keys, own, salt)
    record = text + _LAST + bytes(max(0, size - len(text)))
    header = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([POINT_BYTES]) + own
    return header + AESGCM(key).encrypt(nonce, record, None)


def opened(body: bytes, receiver: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """The text, as the browser reads it; ``ValueError`` when it was sealed for another."""
    salt, own = body[:SALT_BYTES], body[SALT_BYTES + 5 : HEADER_BYTES]
    point = receiver.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = receiver.exchange(ec.ECDH(), _public(own))
    key, nonce = _derived(shared, Keys(point, auth), own, salt)
    try:
        record = AESGCM(key).decrypt(nonce, body[HEADER_BYTES:], None)
    except InvalidTag:
        raise ValueError("sealed for somebody else") from None
    text, last, _ = record.rpartition(_LAST)
    if not last:
        raise ValueError("a record without an end")
    return text


def _derived(shared: bytes, keys: Keys, own: bytes, salt: bytes) -> tuple[bytes, bytes]:
    """The key and nonce of a message (RFC 8291 3.3 and 3.4)."""
    info = b"WebPush: info\x00" + keys.point + own
    mixed = _hkdf(keys.auth, shared, info, 32)
    return (
        _hkdf(salt, mixed, b"Content-Encoding: aes128gcm\x00", 16),
        _hkdf(salt, mixed, b"Content-Encoding: nonce\x00", 12),
    )


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _public(point: bytes) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def encoded(data: bytes) -> str:
    """Base64 for addresses and headers, without padding.

    >>> decoded(encoded(b"any")) == b"any"
    True
    """
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """What ``encoded`` made; ``ValueError`` for anything else."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise ValueError("not base64 for addresses") from None
