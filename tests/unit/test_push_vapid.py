"""The word that a push service checks: made by us, for it, for half a day."""

import json
from datetime import UTC, datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from realtime.push.message import decoded
from realtime.push.vapid import Vapid

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
CONTACT = "mailto:astreinte@entraide.example"


def test_a_service_can_check_who_sends_and_for_whom() -> None:
    vapid = Vapid(b"s" * 32, CONTACT)

    word = vapid.authorization("https://fcm.googleapis.com", NOW)

    scheme, token, key = word.replace(",", "").split()
    head, claims, signature = token.removeprefix("t=").split(".")
    assert scheme == "vapid"
    assert key == f"k={vapid.public}"
    assert json.loads(decoded(head)) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(decoded(claims)) == {
        "aud": "https://fcm.googleapis.com",
        "exp": int(NOW.timestamp()) + 12 * 3600,
        "sub": CONTACT,
    }
    raw = decoded(signature)
    assert len(raw) == 64
    pair = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(vapid.public))
    public.verify(pair, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))


def test_the_same_file_gives_the_same_name_and_another_file_another() -> None:
    assert Vapid(b"s" * 32, CONTACT).public == Vapid(b"s" * 32, CONTACT).public
    assert Vapid(b"s" * 32, CONTACT).public != Vapid(b"t" * 32, CONTACT).public
    assert len(decoded(Vapid(bytes(32), CONTACT).public)) == 65
    assert len(decoded(Vapid(b"\xff" * 32, CONTACT).public)) == 65
