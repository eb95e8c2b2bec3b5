"""Passkeys: a challenge is given, taken once within two minutes, and answered by a signature.

``py_webauthn`` reads and verifies what browsers send; what it does not know is kept here: which
session a challenge was for, whose key it is, and that a key's own count goes up.
"""

from collections.abc import Callable
from enum import StrEnum

import msgspec
import structlog
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    RegistrationCredential,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from realtime.kernel.errors import TooManyRequests
from realtime.kernel.ids import PersonId
from realtime.ledger import Reading, Transaction
from web.auth.staff.codes import mark
from web.auth.staff.keys import store
from web.auth.staff.keys.answers import Asserted, Attested
from web.auth.staff.relying import Relying
from web.auth.staff.rules import CHALLENGE_LIFE, MOST_KEYS, counts_up

log = structlog.get_logger("web.auth.staff")

#: Challenges that wait for an answer at once; one more is refused, and asked for again.
MOST_CHALLENGES = 20_000
#: What reading something that no authenticator has made may raise.
_UNREADABLE = (
    WebAuthnException,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    EOFError,
)


class Purpose(StrEnum):
    ENROL = "enrol"
    ENTER = "enter"
    STEP_UP = "step_up"


class Passkeys:
    def __init__(self, relying: Relying, key: bytes, tokens: Callable[[], str]) -> None:
        self.relying = relying
        self._key = key
        self._tokens = tokens

    async def ask(self, tx: Transaction, purpose: Purpose, session: str) -> str:
        """A challenge for this session and nothing else; an empty one: for whoever comes."""
        if await store.count_challenges(tx.db) >= MOST_CHALLENGES:
            await store.drop_challenges(tx.db, tx.now)
            if await store.count_challenges(tx.db) >= MOST_CHALLENGES:
                raise TooManyRequests
        # 32 random bytes, as browsers want them written.
        challenge = self._tokens()
        await store.put_challenge(
            tx.db, self._mark(challenge), purpose, session, tx.now + CHALLENGE_LIFE
        )
        return challenge

    async def enrolled(self, reading: Reading, person: PersonId) -> list[str]:
        """The credentials of a person: her browser does not enrol the same key twice."""
        return await store.credentials_of(reading.db, person)

    async def enrol(
        self, tx: Transaction, person: PersonId, session: str, answer: Attested
    ) -> bool:
        """Keep a new key of this person. False, the challenge being spent, if anything is wrong."""
        asked = await self._taken(tx, answer.client, Purpose.ENROL, session)
        if asked is None:
            return False
        found = self._attested(answer, *asked)
        if found is None:
            return False
        credential = bytes_to_base64url(found.credential_id)
        mine = await store.credentials_of(tx.db, person)
        known = await store.find_passkey(tx.db, credential) is not None
        if credential != answer.credential or known or len(mine) >= MOST_KEYS:
            return False
        new = store.Passkey(credential, person, found.credential_public_key, found.sign_count)
        await store.add_passkey(tx.db, new, shared=found.credential_backed_up, now=tx.now)
        tx.record(person, "passkey.enrol", person)
        return True

    async def prove(
        self, tx: Transaction, purpose: Purpose, session: str, answer: Asserted
    ) -> PersonId | None:
        """Whose key has answered. None, and the challenge is spent, if anything is wrong."""
        asked = await self._taken(tx, answer.client, purpose, session)
        key = await store.find_passkey(tx.db, answer.credential)
        if asked is None or key is None:
            return None
        found = self._asserted(answer, key, *asked)
        if found is None or answer.user not in {None, user_handle(key.person)}:
            return None
        if not counts_up(key.uses, found.new_sign_count):
            # Somebody holds a copy of this key.
            tx.record(key.person, "passkey.copied", key.person)
            return None
        if not await store.count_use(tx.db, key, found.new_sign_count, tx.now):
            return None
        return key.person

    async def forget(self, tx: Transaction, person: PersonId) -> None:
        """Nothing opens as this person any more."""
        await store.drop_keys(tx.db, person)

    async def prune(self, tx: Transaction) -> None:
        await store.drop_challenges(tx.db, tx.now)

    async def _taken(
        self, tx: Transaction, client: bytes, purpose: Purpose, session: str
    ) -> tuple[bytes, str] | None:
        """The challenge and origin that a browser speaks of, if it was ours to answer, once."""
        said = _said(client)
        if said is None:
            return None
        challenge, origin = said
        ours = await store.take_challenge(tx.db, self._mark(challenge), purpose, session, tx.now)
        if not ours or not self.relying.admits(origin):
            return None
        return base64url_to_bytes(challenge), origin

    def _mark(self, challenge: str) -> bytes:
        return mark(self._key, "challenge", challenge)

    def _attested(
        self, answer: Attested, challenge: bytes, origin: str
    ) -> VerifiedRegistration | None:
        try:
            return verify_registration_response(
                credential=RegistrationCredential(
                    id=answer.credential,
                    raw_id=base64url_to_bytes(answer.credential),
                    response=AuthenticatorAttestationResponse(answer.client, answer.attestation),
                ),
                expected_challenge=challenge,
                expected_rp_id=self.relying.name,
                expected_origin=origin,
                require_user_verification=True,
            )
        except _UNREADABLE as error:
            log.info("key_refused", why=type(error).__name__)
            return None

    def _asserted(
        self, answer: Asserted, key: store.Passkey, challenge: bytes, origin: str
    ) -> VerifiedAuthentication | None:
        try:
            return verify_authentication_response(
                credential=AuthenticationCredential(
                    id=answer.credential,
                    raw_id=base64url_to_bytes(answer.credential),
                    response=AuthenticatorAssertionResponse(
                        answer.client, answer.authenticator, answer.signature
                    ),
                ),
                expected_challenge=challenge,
                expected_rp_id=self.relying.name,
                expected_origin=origin,
                credential_public_key=key.public_key,
                # Its count is judged afterwards: a copy leaves a line in the audit.
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        except _UNREADABLE as error:
            log.info("key_refused", why=type(error).__name__)
            return None


def user_handle(person: PersonId) -> str:
    """How an authenticator calls a person: an id that means nothing elsewhere."""
    return bytes_to_base64url(person.encode())


class _Said(msgspec.Struct, rename="camel"):
    challenge: str
    origin: str
    cross_origin: bool = False


def _said(client: bytes) -> tuple[str, str] | None:
    """The challenge and the origin in what a browser signs."""
    try:
        said = msgspec.json.decode(client, type=_Said)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    # A page of somebody else's that holds ours in a frame is not ours.
    return None if said.cross_origin else (said.challenge, said.origin)
