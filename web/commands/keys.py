"""Keys and codes: enrolled by who is in, shown by who wants to be, shown once more to open more.

Whatever is shown, right or wrong, is spent: what is refused is *returned*, so that it is committed.
"""

import binascii
from typing import Annotated

from msgspec import Meta
from webauthn.helpers import base64url_to_bytes

from realtime.kernel.errors import AppError, Malformed, NotAvailable, TooManyRequests
from realtime.kernel.ids import PersonId
from web.access.tables import role_of
from web.access.vocabulary import Role
from web.auth.staff.codes import plain
from web.auth.staff.errors import (
    KeyRefused,
    NoAccount,
    NotAdmitted,
    StepUpNeeded,
    TooManyKeys,
    WrongTotp,
)
from web.auth.staff.keys.answers import Asserted, Attested
from web.auth.staff.keys.passkeys import Purpose, user_handle
from web.auth.staff.rules import MOST_KEYS
from web.auth.staff.values import Way
from web.commands.fields import PRINTABLE, Answer, Asked, Done, Nothing
from web.commands.registry import Door, Writes, Writing

#: What a browser calls itself, for the list of sessions.
Label = Annotated[str, Meta(max_length=60, pattern=PRINTABLE)]
_B64URL = r"^[A-Za-z0-9_-]*\Z"
Credential = Annotated[str, Meta(min_length=1, max_length=1400, pattern=_B64URL)]
Bytes = Annotated[str, Meta(min_length=1, max_length=4_000, pattern=_B64URL)]
ManyBytes = Annotated[str, Meta(min_length=1, max_length=20_000, pattern=_B64URL)]
SixFigures = Annotated[str, Meta(pattern=r"^[0-9]{6}\Z")]
Handle = Annotated[str, Meta(min_length=8, max_length=12, pattern=r"^[A-Za-z0-9 -]+\Z")]


class PasskeyWanted(Answer, frozen=True):
    """What ``navigator.credentials.create`` is to be given; bytes are in base64url."""

    challenge: str
    rp: str
    user: str
    name: str
    exclude: list[str]


class PasskeyAsked(Answer, frozen=True):
    """What ``navigator.credentials.get`` is to be given."""

    challenge: str
    rp: str


class NewKey(Asked, frozen=True):
    credential: Credential
    client: Bytes
    attestation: ManyBytes
    label: Label = ""

    def read(self) -> Attested:
        return Attested(self.credential, _bytes(self.client), _bytes(self.attestation))


class ShownKey(Asked, frozen=True):
    credential: Credential
    client: Bytes
    authenticator: Bytes
    signature: Bytes
    user: Bytes | None = None
    label: Label = ""

    def read(self) -> Asserted:
        return Asserted(
            self.credential,
            _bytes(self.client),
            _bytes(self.authenticator),
            _bytes(self.signature),
            self.user,
        )


class TotpShown(Answer, frozen=True):
    """For an application: a picture, the same as text, and the name to sign in under."""

    secret: str
    address: str
    rows: list[str]
    handle: str


class TotpCode(Asked, frozen=True):
    code: SixFigures
    label: Label = ""


class TotpEnter(Asked, frozen=True):
    handle: Handle
    code: SixFigures
    label: Label = ""


class StepUp(Asked, frozen=True):
    """One of the two."""

    key: ShownKey | None = None
    code: SixFigures | None = None


class Entered(Answer, frozen=True):
    token: str
    role: str


class Enrolled(Answer, frozen=True):
    """A newcomer is in, with a session of her own; whoever was in already is told nothing."""

    token: str | None = None
    role: str | None = None


async def begin_key(call: Writing, asked: Nothing) -> PasskeyWanted:
    staff, tx, caller = call.services.staff, call.tx, call.caller
    if not staff.passkeys.relying.name:
        raise NotAvailable
    member = await staff.holder(tx, caller.person)
    await _ask_enrolling(call)
    mine = await staff.passkeys.enrolled(tx, member.person)
    if len(mine) >= MOST_KEYS:
        raise TooManyKeys
    return PasskeyWanted(
        challenge=await staff.passkeys.ask(tx, Purpose.ENROL, caller.session),
        rp=staff.passkeys.relying.name,
        user=user_handle(member.person),
        name=member.handle,
        exclude=mine,
    )


async def finish_key(call: Writing, asked: NewKey) -> Enrolled | AppError:
    staff, tx, caller = call.services.staff, call.tx, call.caller
    await staff.holder(tx, caller.person)
    if not await staff.passkeys.enrol(tx, caller.person, caller.session, asked.read()):
        return KeyRefused()
    return await _enrolled(call, Way.KEY, asked.label)


async def ask_key(call: Writing, asked: Nothing) -> PasskeyAsked:
    passkeys = call.services.staff.passkeys
    if not passkeys.relying.name:
        raise NotAvailable
    challenge = await passkeys.ask(call.tx, Purpose.ENTER, "")
    return PasskeyAsked(challenge=challenge, rp=passkeys.relying.name)


async def enter_key(call: Writing, asked: ShownKey) -> Entered | AppError:
    person = await call.services.staff.passkeys.prove(call.tx, Purpose.ENTER, "", asked.read())
    return await _entered(call, person, Way.KEY, asked.label)


async def begin_totp(call: Writing, asked: Nothing) -> TotpShown:
    staff = call.services.staff
    member = await staff.holder(call.tx, call.caller.person)
    await _ask_enrolling(call)
    shown = await staff.totps.begin(call.tx, member)
    return TotpShown(
        secret=shown.secret.reveal(),
        address=shown.address.reveal(),
        rows=shown.rows,
        handle=member.handle,
    )


async def finish_totp(call: Writing, asked: TotpCode) -> Enrolled | AppError:
    staff, caller = call.services.staff, call.caller
    await staff.holder(call.tx, caller.person)
    if not await staff.totps.finish(call.tx, caller.person, asked.code):
        return WrongTotp()
    return await _enrolled(call, Way.CODE, asked.label)


async def enter_totp(call: Writing, asked: TotpEnter) -> Entered | AppError:
    staff = call.services.staff
    person = await staff.person_called(call.tx, plain(asked.handle))
    if person is not None and not await staff.totps.prove(call.tx, person, asked.code):
        person = None
    return await _entered(call, person, Way.CODE, asked.label)


async def ask_step_up(call: Writing, asked: Nothing) -> PasskeyAsked:
    passkeys = call.services.staff.passkeys
    await call.services.staff.holder(call.tx, call.caller.person)
    if not passkeys.relying.name:
        raise NotAvailable
    challenge = await passkeys.ask(call.tx, Purpose.STEP_UP, call.caller.session)
    return PasskeyAsked(challenge=challenge, rp=passkeys.relying.name)


async def finish_step_up(call: Writing, asked: StepUp) -> Done | AppError:
    staff, tx, caller = call.services.staff, call.tx, call.caller
    if (asked.key is None) is (asked.code is None):
        raise Malformed
    await staff.holder(tx, caller.person)
    shown: PersonId | None = None
    if asked.key is not None:
        answer = asked.key.read()
        shown = await staff.passkeys.prove(tx, Purpose.STEP_UP, caller.session, answer)
    elif await staff.totps.prove(tx, caller.person, asked.code or ""):
        shown = caller.person
    # Another's key opens nothing here, however good it is.
    return Done() if await staff.step_up(tx, caller, shown) else NotAdmitted()


async def _ask_enrolling(call: Writing) -> None:
    """A newcomer has just come with an invitation; anybody else shows what she has first."""
    if not _is_new(call):
        await call.services.staff.ask_step_up(call.tx, call.caller.session)


async def _enrolled(call: Writing, way: Way, label: str) -> Enrolled | AppError:
    if not _is_new(call):
        return Enrolled()
    opened = await call.services.staff.admit(call.tx, call.caller, way, label)
    if opened is None:
        return NotAdmitted()
    return Enrolled(token=opened.token.reveal(), role=opened.caller.role)


async def _entered(
    call: Writing, person: PersonId | None, way: Way, label: str
) -> Entered | AppError:
    staff = call.services.staff
    opened = None if person is None else await staff.enter(call.tx, person, way, label)
    if opened is None:
        return NotAdmitted()
    return Entered(token=opened.token.reveal(), role=opened.caller.role)


def _is_new(call: Writing) -> bool:
    return role_of(call.caller.role) is Role.NEWCOMER


def _bytes(text: str) -> bytes:
    try:
        return base64url_to_bytes(text)
    except binascii.Error:
        raise Malformed from None


COMMANDS = (
    Writes(
        method="passkey.begin",
        title="Begin to enrol a passkey: what the browser is to be given, once, for two minutes.",
        takes=Nothing,
        gives=PasskeyWanted,
        errors=(NoAccount, StepUpNeeded, TooManyKeys, NotAvailable, TooManyRequests),
        run=begin_key,
    ),
    Writes(
        method="passkey.finish",
        title="Enrol the passkey that the browser has made; a newcomer is let in.",
        takes=NewKey,
        gives=Enrolled,
        errors=(NoAccount, KeyRefused),
        door=Door.HTTP,
        run=finish_key,
    ),
    Writes(
        method="passkey.ask",
        title="Begin to sign in with a passkey: a challenge, once, for two minutes.",
        takes=Nothing,
        gives=PasskeyAsked,
        errors=(NotAvailable, TooManyRequests),
        door=Door.HTTP,
        run=ask_key,
    ),
    Writes(
        method="passkey.enter",
        title="Sign in with a passkey. Whatever is wrong, the refusal is the same.",
        takes=ShownKey,
        gives=Entered,
        errors=(NotAdmitted,),
        door=Door.HTTP,
        run=enter_key,
    ),
    Writes(
        method="totp.begin",
        title="Begin to enrol an application that makes codes: its secret, shown once.",
        takes=Nothing,
        gives=TotpShown,
        errors=(NoAccount, StepUpNeeded),
        door=Door.HTTP,
        run=begin_totp,
    ),
    Writes(
        method="totp.finish",
        title="Take the new secret from now on, by a first code; a newcomer is let in.",
        takes=TotpCode,
        gives=Enrolled,
        errors=(NoAccount, WrongTotp),
        door=Door.HTTP,
        run=finish_totp,
    ),
    Writes(
        method="totp.enter",
        title="Sign in with a code. Five wrong ones, and a quarter of an hour passes.",
        takes=TotpEnter,
        gives=Entered,
        errors=(NotAdmitted,),
        door=Door.HTTP,
        run=enter_totp,
    ),
    Writes(
        method="stepup.ask",
        title="Begin to show one's key once more: a challenge for this session only.",
        takes=Nothing,
        gives=PasskeyAsked,
        errors=(NoAccount, NotAvailable, TooManyRequests),
        run=ask_step_up,
    ),
    Writes(
        method="stepup.finish",
        title="Show one's key, or a code, once more: for five minutes this session opens more.",
        takes=StepUp,
        gives=Done,
        errors=(NoAccount, NotAdmitted, Malformed),
        run=finish_step_up,
    ),
)
