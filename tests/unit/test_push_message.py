"""The body of a push: RFC 8291's own example, byte for byte, and what must not be taken."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from realtime.push.message import (
    HEADER_BYTES,
    RECORD_BYTES,
    TAG_BYTES,
    Keys,
    decoded,
    encoded,
    opened,
    sealed,
)
from realtime.push.sender import BODY_BYTES, TEXT_BYTES, VERSION

#: RFC 8291, appendix A.
TEXT = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decoded(text), "big"), ec.SECP256R1())


def browser() -> tuple[ec.EllipticCurvePrivateKey, Keys]:
    own = ec.generate_private_key(ec.SECP256R1())
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return own, Keys(point, b"a" * 16)


def test_the_example_of_the_rfc_byte_for_byte() -> None:
    body = sealed(TEXT, Keys.of(POINT, AUTH), salt=decoded(SALT), sender=private(SENDER))

    assert encoded(body) == BODY


def test_a_browser_reads_the_example() -> None:
    assert opened(decoded(BODY), private(RECEIVER), decoded(AUTH)) == TEXT


@given(st.binary(max_size=TEXT_BYTES), st.binary(min_size=16, max_size=16))
def test_padded_every_text_is_as_long_as_any_other_and_is_read(text: bytes, salt: bytes) -> None:
    own, keys = browser()

    body = sealed(
        text, keys, salt=salt, sender=ec.generate_private_key(ec.SECP256R1()), size=TEXT_BYTES
    )

    assert len(body) == BODY_BYTES
    assert opened(body, own, keys.auth) == text


def test_the_longest_text_fits_in_one_record_and_one_more_byte_does_not() -> None:
    own, keys = browser()
    longest = RECORD_BYTES - TAG_BYTES - 1

    body = sealed(b"x" * longest, keys, salt=bytes(16), sender=own)

    assert len(body) == HEADER_BYTES + RECORD_BYTES
    with pytest.raises(ValueError, match="longer"):
        sealed(b"x" * (longest + 1), keys, salt=bytes(16), sender=own)


def test_a_text_longer_than_its_padding_is_refused() -> None:
    own, keys = browser()

    with pytest.raises(ValueError, match="longer"):
        sealed(b"xx", keys, salt=bytes(16), sender=own, size=1)


def test_nobody_else_can_read_it() -> None:
    own, keys = browser()
    other, _ = browser()
    body = sealed(VERSION, keys, salt=bytes(16), sender=own)

    for receiver, auth in ((other, keys.auth), (own, b"b" * 16)):
        with pytest.raises(ValueError, match="somebody else"):
            opened(body, receiver, auth)


@pytest.mark.parametrize(
    ("point", "auth"),
    [
        (POINT, AUTH[:-2]),
        (POINT[:-4], AUTH),
        # Not a point of the curve: what comes back could tell something of our key.
        (encoded(b"\x04" + bytes(64)), AUTH),
        ("not base64!", AUTH),
        ("é", AUTH),
        (POINT, "A"),
    ],
)
def test_keys_that_are_none_are_refused(point: str, auth: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever of the readers says so
        Keys.of(point, auth)


def test_a_record_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    own, keys = browser()
    monkeypatch.setattr("realtime.push.message._LAST", b"\x00")
    body = sealed(b"\x01", keys, salt=bytes(16), sender=own)
    monkeypatch.setattr("realtime.push.message._LAST", b"\x02")

    with pytest.raises(ValueError, match="end"):
        opened(body, own, keys.auth)
