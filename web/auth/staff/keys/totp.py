"""Codes of an application, for whoever cannot use a passkey: six figures, another each half minute.

A code opens once. Five wrong ones in a row and nobody is listened to for a quarter of an hour.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import pyotp
import segno

from realtime.kernel.ids import PersonId
from realtime.kernel.secret import Secret
from realtime.ledger import Transaction
from web.auth.staff.keys import store
from web.auth.staff.rules import Tries, matching_step
from web.auth.staff.values import Member

ISSUER = "Entraide"
#: Half minutes before and after now whose code is taken: clocks differ.
NEAR = (-1, 0, 1)
STEP_S = 30
_SEALED_AS = "staff totp"
_NEW = store.Totp(None, None, None, Tries())


@dataclass(frozen=True, slots=True)
class Shown:
    """What an application is given, to read or to photograph."""

    secret: Secret
    address: Secret
    #: Rows of the QR code, "1" where it is dark.
    rows: list[str]


class Totps:
    async def begin(self, tx: Transaction, member: Member) -> Shown:
        """A new secret; the one before goes on until a code of this one is shown."""
        secret = pyotp.random_base32()
        kept = await store.find_totp(tx.db, member.person) or _NEW
        sealed = await tx.seal(key_of(member.person), secret.encode(), context=_SEALED_AS)
        await store.put_totp(tx.db, member.person, replace(kept, pending=sealed))
        address = pyotp.TOTP(secret).provisioning_uri(name=member.handle, issuer_name=ISSUER)
        return Shown(Secret(secret), Secret(address), _drawn(address))

    async def finish(self, tx: Transaction, person: PersonId, code: str) -> bool:
        """Take the new secret from now on, if this is its code."""
        kept = await store.find_totp(tx.db, person)
        if kept is None or kept.pending is None:
            return False
        step = await self._step(tx, person, kept.pending, code, None)
        if step is None:
            return False
        await store.put_totp(tx.db, person, store.Totp(kept.pending, None, step, Tries()))
        tx.record(person, "totp.enrol", person)
        return True

    async def prove(self, tx: Transaction, person: PersonId, code: str) -> bool:
        """Whether this is her code now, and has not been used."""
        kept = await store.find_totp(tx.db, person)
        if kept is None or kept.secret is None or not kept.tries.listens(tx.now):
            return False
        step = await self._step(tx, person, kept.secret, code, kept.step)
        if step is None:
            tries = kept.tries.missed(tx.now)
            if tries.locked is not None:
                tx.record(person, "totp.locked", person)
            await store.put_totp(tx.db, person, replace(kept, tries=tries))
            return False
        await store.put_totp(tx.db, person, replace(kept, step=step, tries=Tries()))
        return True

    async def _step(
        self, tx: Transaction, person: PersonId, sealed: bytes, code: str, last: int | None
    ) -> int | None:
        secret = await tx.open(key_of(person), sealed, context=_SEALED_AS)
        return matching_step(code, _near(secret.decode(), tx.now), last)


def key_of(person: PersonId) -> str:
    """The key of all that is sealed of an account; shredded when it ends."""
    return f"staff:{person}"


def _near(secret: str, now: datetime) -> dict[int, str]:
    current = int(now.timestamp()) // STEP_S
    made = pyotp.TOTP(secret)
    return {current + it: made.generate_otp(current + it) for it in NEAR}


def _drawn(address: str) -> list[str]:
    code = segno.make(address, error="m", micro=False)
    return ["".join("1" if dark else "0" for dark in row) for row in code.matrix]
