"""Who sends, told to push services: RFC 8292, a signed word for one service and half a day. Pure.

The key lies in a file outside the database. Browsers that subscribed under another key must
subscribe again; the helper's page does so when it is opened.
"""

import hashlib
import json
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from realtime.push.message import encoded

#: Services refuse more than a day.
LASTS = timedelta(hours=12)
#: The order of P-256: a private key lies between 0 and this.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class Vapid:
    """The name under which this installation sends.

    ``contact`` is a ``mailto:`` or ``https:`` address that a push service can complain to.
    """

    def __init__(self, secret: bytes, contact: str) -> None:
        """``secret``: 32 random bytes. Every value of them is a key."""
        number = int.from_bytes(hashlib.sha256(b"entraide vapid " + secret).digest(), "big")
        self._key = ec.derive_private_key(number % (_ORDER - 1) + 1, ec.SECP256R1())
        self._contact = contact
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        #: What browsers are given as ``applicationServerKey``.
        self.public = encoded(point)

    def authorization(self, origin: str, now: datetime) -> str:
        """The header for a push service at this origin, worth half a day from now."""
        claims = {
            "aud": origin,
            "exp": int((now + LASTS).timestamp()),
            "sub": self._contact,
        }
        text = f"{_part({'typ': 'JWT', 'alg': 'ES256'})}.{_part(claims)}"
        one, two = decode_dss_signature(self._key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        signature = encoded(one.to_bytes(32, "big") + two.to_bytes(32, "big"))
        return f"vapid t={text}.{signature}, k={self.public}"


def _part(fields: dict[str, object]) -> str:
    return encoded(json.dumps(fields, separators=(",", ":")).encode())
