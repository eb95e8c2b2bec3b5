"""What a browser brings back from an authenticator. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attested:
    """A new key: its id, what the browser signed, and the key itself."""

    credential: str
    client: bytes
    attestation: bytes


@dataclass(frozen=True, slots=True)
class Asserted:
    """A key that answers a challenge."""

    credential: str
    client: bytes
    authenticator: bytes
    signature: bytes
    #: Whom the authenticator takes its owner for; some do not say.
    user: str | None
