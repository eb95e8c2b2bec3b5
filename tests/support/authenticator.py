"""A device that holds passkeys, in a few lines: what it signs is as the WebAuthn standard says.

It does as it is told, so that it can also be a thief's: another origin, an old challenge, nobody
asked to put a finger on it, a count that goes back.
"""

import base64
import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

ORIGIN = "http://localhost:8000"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(slots=True)
class Passkey:
    private: ec.EllipticCurvePrivateKey
    rp: str
    user: str
    uses: int = 0


@dataclass(slots=True)
class Authenticator:
    """``flags``: what it claims of whoever holds it."""

    flags: int = PRESENT | VERIFIED
    keys: dict[str, Passkey] = field(default_factory=dict)

    def make(
        self, wanted: Mapping[str, object], *, origin: str = ORIGIN, called: str | None = None
    ) -> dict[str, object]:
        """A new key, as ``passkey.begin`` wants it, for ``passkey.finish``.

        ``called``: under the id of another key.
        """
        key = Passkey(
            ec.generate_private_key(ec.SECP256R1()), str(wanted["rp"]), str(wanted["user"])
        )
        raw = hashlib.sha256(_point(key)).digest()
        if called is not None:
            raw = base64.urlsafe_b64decode(called + "==")
        self.keys[text(raw)] = key
        held = struct.pack(">16sH", bytes(16), len(raw)) + raw + cbor2.dumps(_public(key))
        seen = self._seen(key, self.flags | ATTESTED) + held
        return {
            "credential": text(raw),
            "client": text(_said("webauthn.create", str(wanted["challenge"]), origin)),
            "attestation": text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": seen})),
        }

    def show(
        self,
        asked: Mapping[str, object],
        *,
        origin: str = ORIGIN,
        credential: str | None = None,
        kind: str = "webauthn.get",
        framed: bool = False,
    ) -> dict[str, object]:
        """The only key there is, or the one named, as ``passkey.ask`` asks."""
        name = credential or next(iter(self.keys))
        key = self.keys[name]
        key.uses += 1
        client = _said(kind, str(asked["challenge"]), origin, framed=framed)
        seen = self._seen(key, self.flags)
        signed = key.private.sign(seen + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return {
            "credential": name,
            "client": text(client),
            "authenticator": text(seen),
            "signature": text(signed),
            "user": key.user,
        }

    @staticmethod
    def _seen(key: Passkey, flags: int) -> bytes:
        return hashlib.sha256(key.rp.encode()).digest() + struct.pack(">BI", flags, key.uses)


def _said(kind: str, challenge: str, origin: str, *, framed: bool = False) -> bytes:
    said = {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": framed}
    return json.dumps(said).encode()


def _public(key: Passkey) -> dict[int, object]:
    """COSE: an elliptic curve key on P-256, for ES256."""
    numbers = key.private.public_key().public_numbers()
    return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}


def _point(key: Passkey) -> bytes:
    return key.private.public_key().public_numbers().x.to_bytes(32)
